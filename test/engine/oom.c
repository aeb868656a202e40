/*
 * Every allocation of a scenario is made to fail in turn.
 *
 *   oom [-j JOBS] [-m one|rest] [-s STRIDE] DIR [SCENARIO...]
 *   oom -p N -m one|rest DIR SCENARIO
 *   oom -l DIR
 *
 * DIR holds the scenarios that are scripts, each of which leaves a text in
 * globalThis.out; those in C stand below. A scenario is run once to count its
 * allocations, then once for each of them: in the mode `one` that allocation
 * fails and the following ones succeed, in the mode `rest` all that follow
 * fail too, those of the teardown included. What may happen is an exception,
 * or the right result. What may not:
 *
 *   crash     a signal; with sanitizers, their report
 *   hang      longer than ten seconds
 *   leak      blocks that the engine or its caller's allocator did not get back
 *   silent    another result, or none, although nothing was thrown, rejected
 *             or reported by a job
 *   unset     an exception was announced but none is pending
 *   broken    (one) the runtime does not run the scenario rightly afterwards
 *
 * Runs are made in child processes, many to a child, which are started again
 * behind a run that killed them. -p repeats one run in this process and shows
 * where the allocation failed, which wants a build with sanitizers or a
 * debugger; -l lists the scenarios. This file includes the engine because it reads its block count
 * when the runtime frees itself: slabs that are given back as a whole would
 * hide a lost small block from the outer allocator.
 */
#ifndef ENGINE_UNIT
#define ENGINE_UNIT "engine/unit.c"
#endif
#include ENGINE_UNIT
#undef malloc
#undef free
#undef realloc

#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define HANG_SECONDS 10
#define MAX_SCENARIOS 128
#define MAX_MODULES 32

enum mode { MODE_COUNT, MODE_ONE, MODE_REST };
static const char *const mode_names[] = {"count", "one", "rest"};

enum fault {
  FAULT_CRASH,
  FAULT_HANG,
  FAULT_LEAK,
  FAULT_SILENT,
  FAULT_UNSET,
  FAULT_BROKEN,
  FAULT_COUNT
};
static const char *const fault_names[] = {"crash",  "hang",  "leak",
                                          "silent", "unset", "broken"};

struct scenario {
  const char *name;
  char *source; /* NULL: run */
  size_t source_len;
  bool is_module;
  bool from_start; /* the runtime's own creation is counted too */
  /* 0, or -1 with an exception pending; *out is malloced */
  int (*run)(JSContext *ctx, char **out);
};

struct module {
  char *name;
  char *source;
  size_t len;
};

/* What a child leaves behind for its parent, in shared memory. */
struct progress {
  unsigned n;
  const char *phase;
  unsigned faults[FAULT_COUNT];
};

static struct scenario scenarios[MAX_SCENARIOS];
static size_t scenario_count;
static struct module modules[MAX_MODULES];
static size_t module_count;
static struct progress *progress;
static bool show_stack;

/* The allocator below the engine, and the failing of allocations. */

static size_t outer_blocks;
static void *runtime_block; /* the first block of a run is the JSRuntime */
static size_t lost_blocks;  /* that the runtime counted when it was freed */

static bool armed;
static enum mode mode;
static unsigned counted, fail_at;

void __sanitizer_print_stack_trace(void) __attribute__((weak));

static bool admit(JSRuntime *rt, size_t size)
{
  (void)rt;
  (void)size;
  if (!armed) {
    return true;
  }
  counted++;
  if (mode == MODE_COUNT || counted < fail_at ||
      (mode == MODE_ONE && counted > fail_at)) {
    return true;
  }
  if (show_stack && counted == fail_at && __sanitizer_print_stack_trace) {
    __sanitizer_print_stack_trace();
  }
  return false;
}

static void *outer_calloc(void *opaque, size_t count, size_t size)
{
  void *p = calloc(count, size);
  (void)opaque;
  outer_blocks += p != NULL;
  if (!runtime_block) {
    runtime_block = p;
  }
  return p;
}

static void *outer_malloc(void *opaque, size_t size)
{
  void *p = malloc(size);
  (void)opaque;
  outer_blocks += p != NULL;
  return p;
}

static void outer_free(void *opaque, void *p)
{
  (void)opaque;
  if (!p) {
    return;
  }
  if (p == runtime_block) {
    lost_blocks = ((JSRuntime *)p)->malloc_state.malloc_count - 1;
  }
  outer_blocks--;
  free(p);
}

static void *outer_realloc(void *opaque, void *p, size_t size)
{
  void *q = realloc(p, size);
  (void)opaque;
  outer_blocks += !p && q;
  return q;
}

static const JSMallocFunctions outer = {
    outer_calloc,  outer_malloc,           outer_free,
    outer_realloc, js__malloc_usable_size,
};

/* One run */

struct run {
  const struct scenario *scenario;
  JSRuntime *rt;
  JSContext *ctx;
  bool observed; /* a failure was thrown, rejected or reported */
};

static void fault(const struct run *r, enum fault f, const char *what)
{
  progress->faults[f]++;
  fprintf(stderr, "# %s %s %u: %s while %s%s%s\n", r->scenario->name,
          mode_names[mode], fail_at, fault_names[f], progress->phase,
          what ? ": " : "", what ? what : "");
}

static void take_exception(struct run *r)
{
  bool was = armed;
  r->observed = true;
  if (JS_VALUE_GET_TAG(r->rt->current_exception) == JS_TAG_UNINITIALIZED) {
    fault(r, FAULT_UNSET, NULL);
  }
  armed = false;
  JS_FreeValue(r->ctx, JS_GetException(r->ctx));
  armed = was;
}

static void track_rejection(JSContext *ctx, JSValueConst promise,
                            JSValueConst reason, bool is_handled, void *opaque)
{
  struct run *r = opaque;
  (void)ctx;
  (void)promise;
  (void)reason;
  if (!is_handled) {
    r->observed = true;
  }
}

static JSModuleDef *load_module(JSContext *ctx, const char *name, void *opaque)
{
  size_t i;
  (void)opaque;
  for (i = 0; i < module_count; i++) {
    if (!strcmp(modules[i].name, name)) {
      JSValue v = JS_Eval(ctx, modules[i].source, modules[i].len, name,
                          JS_EVAL_TYPE_MODULE | JS_EVAL_FLAG_COMPILE_ONLY);
      JSModuleDef *m;
      if (JS_IsException(v)) {
        return NULL;
      }
      m = JS_VALUE_GET_PTR(v);
      JS_FreeValue(ctx, v);
      return m;
    }
  }
  JS_ThrowReferenceError(ctx, "no module '%s'", name);
  return NULL;
}

static void run_jobs(struct run *r)
{
  for (;;) {
    JSContext *ctx;
    int status = JS_ExecutePendingJob(r->rt, &ctx);
    if (status == 0) {
      break;
    }
    if (status < 0) {
      take_exception(r);
    }
  }
}

/* import.meta.name, as a host sets it before a module is evaluated */
static int set_meta(JSContext *ctx, JSModuleDef *m)
{
  JSValue meta = JS_GetImportMeta(ctx, m);
  int status;
  if (JS_IsException(meta)) {
    return -1;
  }
  status = JS_DefinePropertyValueStr(ctx, meta, "name",
                                     JS_NewString(ctx, "main"), JS_PROP_C_W_E);
  JS_FreeValue(ctx, meta);
  return status < 0 ? -1 : 0;
}

static JSValue evaluate(JSContext *ctx, const struct scenario *s,
                        const char *name)
{
  JSValue v;
  if (!s->is_module) {
    return JS_Eval(ctx, s->source, s->source_len, name, JS_EVAL_TYPE_GLOBAL);
  }
  v = JS_Eval(ctx, s->source, s->source_len, name,
              JS_EVAL_TYPE_MODULE | JS_EVAL_FLAG_COMPILE_ONLY);
  if (JS_IsException(v)) {
    return v;
  }
  if (set_meta(ctx, JS_VALUE_GET_PTR(v))) {
    JS_FreeValue(ctx, v);
    return JS_EXCEPTION;
  }
  return JS_EvalFunction(ctx, v);
}

/* The text that a script left, malloced, and forgotten by the realm. */
static char *take_out(JSContext *ctx)
{
  JSValue global = JS_GetGlobalObject(ctx);
  JSValue v = JS_GetPropertyStr(ctx, global, "out");
  const char *s = JS_IsUndefined(v) ? NULL : JS_ToCString(ctx, v);
  char *out = s ? strdup(s) : NULL;
  JS_FreeCString(ctx, s);
  JS_FreeValue(ctx, v);
  JS_SetPropertyStr(ctx, global, "out", JS_UNDEFINED);
  JS_FreeValue(ctx, global);
  return out;
}

/*
 * Run the scenario in an existing realm, under a name since modules are known
 * by theirs; what it gave, or NULL.
 */
static char *perform(struct run *r, const char *name)
{
  const struct scenario *s = r->scenario;
  char *out = NULL;
  bool was;
  if (s->run) {
    if (s->run(r->ctx, &out)) {
      take_exception(r);
    }
    run_jobs(r);
    return out;
  } else {
    JSValue v = evaluate(r->ctx, s, name);
    if (JS_IsException(v)) {
      take_exception(r);
    }
    JS_FreeValue(r->ctx, v);
    run_jobs(r);
    was = armed;
    armed = false;
    out = take_out(r->ctx);
    armed = was;
    return out;
  }
}

static bool same_text(const char *a, const char *b)
{
  return a && b && !strcmp(a, b);
}

static void check_usable(struct run *r, const char *expected)
{
  char *out;
  progress->phase = "collecting";
  JS_RunGC(r->rt);
  progress->phase = "repeating";
  r->observed = false;
  out = perform(r, "again");
  /* a module that failed to evaluate stays failed, and says so */
  if (!same_text(out, expected) &&
      !(r->observed && (r->scenario->is_module || module_count))) {
    fault(r, FAULT_BROKEN, out ? out : "no result");
  } else if (!same_text(out, expected) && !r->observed) {
    fault(r, FAULT_BROKEN, out ? out : "no result");
  }
  free(out);
}

/*
 * The whole life of a runtime around one scenario. expected is NULL in the
 * run that counts, whose result is returned.
 */
static char *run_once(const struct scenario *s, const char *expected)
{
  struct run r = {.scenario = s};
  char *out = NULL;
  outer_blocks = 0;
  runtime_block = NULL;
  lost_blocks = 0;
  counted = 0;
  armed = s->from_start;
  progress->phase = "creating";
  r.rt = tenon_p_new_runtime(&outer, NULL, admit, NULL, 1);
  if (!r.rt) {
    goto freed;
  }
#ifdef __SANITIZE_ADDRESS__
  JS_SetMaxStackSize(r.rt, 4 << 20);
#endif
  JS_SetModuleLoaderFunc(r.rt, NULL, load_module, NULL);
  JS_SetHostPromiseRejectionTracker(r.rt, track_rejection, &r);
  r.ctx = JS_NewContext(r.rt);
  if (!r.ctx) {
    if (mode == MODE_ONE) {
      progress->phase = "repeating";
      r.ctx = JS_NewContext(r.rt);
      if (!r.ctx) {
        fault(&r, FAULT_BROKEN, "no realm");
      }
    }
    goto close;
  }
  progress->phase = "running";
  armed = true;
  out = perform(&r, s->name);
  armed = false;
  if (expected && !r.observed && !same_text(out, expected) &&
      !(out && strstr(out, "out of memory"))) {
    fault(&r, FAULT_SILENT, out ? out : "no result");
  }
  if (expected && mode == MODE_ONE) {
    check_usable(&r, expected);
  }
close:
  progress->phase = "freeing";
  armed = mode == MODE_REST;
  if (r.ctx) {
    JS_RunGC(r.rt);
    JS_FreeContext(r.ctx);
  }
  JS_FreeRuntime(r.rt);
freed:
  armed = false;
  if (lost_blocks || outer_blocks) {
    char what[64];
    snprintf(what, sizeof(what), "%zu blocks, %zu of them large", lost_blocks,
             outer_blocks);
    fault(&r, FAULT_LEAK, what);
  }
  return out;
}

/* Scenarios in C */

static int finish(JSContext *ctx, JSValue v, char **out)
{
  const char *s;
  if (JS_IsException(v)) {
    return -1;
  }
  s = JS_ToCString(ctx, v);
  JS_FreeValue(ctx, v);
  if (!s) {
    return -1;
  }
  *out = strdup(s);
  JS_FreeCString(ctx, s);
  return 0;
}

/*
 * A realm that was created must be whole: its properties are counted, those
 * of every object that can be reached, and their names hashed.
 */
static int census(JSContext *ctx, char **out)
{
  static const char source[] =
      "(() => { const seen = new Set(), todo = [globalThis]; let n = 0, h = 0;\n"
      "const add = v => { if (Object(v) === v && !seen.has(v)) {"
      " seen.add(v); todo.push(v); } };\n"
      "while (todo.length) { const o = todo.pop(); add(Object.getPrototypeOf(o));"
      "\n  for (const k of Reflect.ownKeys(o)) { n++;"
      " for (const c of String(k)) h = h * 31 + c.charCodeAt() | 0;\n"
      "    const d = Object.getOwnPropertyDescriptor(o, k);"
      " add(d.value); add(d.get); add(d.set); h += typeof d.value === 'undefined';"
      " } }\nreturn `${seen.size} objects, ${n} properties, ${h}`; })()";
  JSValue v = JS_Eval(ctx, source, sizeof(source) - 1, "census", 0);
  return finish(ctx, v, out);
}

static int run_realm(JSContext *ctx, char **out)
{
  JSContext *other = JS_NewContext(JS_GetRuntime(ctx));
  bool was = armed;
  char *second = NULL;
  size_t len;
  int status;
  if (!other) {
    /* no realm, no place for an exception */
    JS_ThrowOutOfMemory(ctx);
    return -1;
  }
  armed = false;
  status = census(ctx, out);
  if (!status && !census(other, &second)) {
    len = strlen(*out) + strlen(second) + 4;
    *out = realloc(*out, len);
    strcat(strcat(*out, " / "), second);
  }
  free(second);
  JS_FreeContext(other);
  armed = was;
  return status;
}

static int run_raw_realm(JSContext *ctx, char **out)
{
  JSContext *other = JS_NewContextRaw(JS_GetRuntime(ctx));
  int status;
  if (!other) {
    JS_ThrowOutOfMemory(ctx);
    return -1;
  }
  status = JS_AddIntrinsicBaseObjects(other) || JS_AddIntrinsicPromise(other) ||
           JS_AddIntrinsicBigInt(other) || JS_AddIntrinsicDOMException(other) ||
           JS_AddIntrinsicTypedArrays(other);
  JS_FreeContext(other);
  if (status) {
    if (!JS_HasException(ctx)) {
      JS_ThrowOutOfMemory(ctx);
    }
    return -1;
  }
  *out = strdup("raw realm");
  return 0;
}

static JSValue native_add(JSContext *ctx, JSValueConst this_val, int argc,
                          JSValueConst *argv)
{
  int a, b;
  (void)this_val;
  (void)argc;
  if (JS_ToInt32(ctx, &a, argv[0]) || JS_ToInt32(ctx, &b, argv[1])) {
    return JS_EXCEPTION;
  }
  return JS_NewInt32(ctx, a + b);
}

static const JSCFunctionListEntry nested_entries[] = {
    JS_PROP_STRING_DEF("text", "nested", 0),
};

static const JSCFunctionListEntry native_entries[] = {
    JS_CFUNC_DEF("add", 2, native_add),
    JS_PROP_INT32_DEF("answer", 42, 0),
    JS_PROP_DOUBLE_DEF("half", 0.5, 0),
    JS_PROP_STRING_DEF("name", "native", 0),
    JS_OBJECT_DEF("nested", nested_entries, 1, 0),
};

static int init_native_module(JSContext *ctx, JSModuleDef *m)
{
  return JS_SetModuleExportList(ctx, m, native_entries,
                                countof(native_entries)) ||
                 JS_SetModuleExport(ctx, m, "extra", JS_NewString(ctx, "extra"))
             ? -1
             : 0;
}

static int run_c_module(JSContext *ctx, char **out)
{
  static const char source[] =
      "import { add, answer, half, name, nested, extra } from 'native';\n"
      "globalThis.out = [add(1, 2), answer, half, name, nested.text, extra]"
      ".join();\n";
  JSModuleDef *m = JS_NewCModule(ctx, "native", init_native_module);
  JSValue v;
  bool was = armed;
  if (!m ||
      JS_AddModuleExportList(ctx, m, native_entries, countof(native_entries)) ||
      JS_AddModuleExport(ctx, m, "extra")) {
    return -1;
  }
  v = JS_Eval(ctx, source, sizeof(source) - 1, "c-module", JS_EVAL_TYPE_MODULE);
  if (JS_IsException(v)) {
    return -1;
  }
  if (JS_PromiseState(ctx, v) == JS_PROMISE_REJECTED) {
    JS_FreeValue(ctx, v);
    JS_ThrowPlainError(ctx, "rejected");
    return -1;
  }
  JS_FreeValue(ctx, v);
  armed = false;
  *out = take_out(ctx);
  armed = was;
  return 0;
}

static JSClassID point_class;

static void point_finalizer(JSRuntime *rt, JSValueConst v)
{
  js_free_rt(rt, JS_GetOpaque(v, point_class));
}

static JSValue point_get(JSContext *ctx, JSValueConst this_val)
{
  int *p = JS_GetOpaque2(ctx, this_val, point_class);
  return p ? JS_NewInt32(ctx, *p) : JS_EXCEPTION;
}

static JSValue point_new(JSContext *ctx, JSValueConst new_target, int argc,
                         JSValueConst *argv)
{
  JSValue proto = JS_GetPropertyStr(ctx, new_target, "prototype");
  JSValue obj;
  int *p;
  if (JS_IsException(proto)) {
    return proto;
  }
  obj = JS_NewObjectProtoClass(ctx, proto, point_class);
  JS_FreeValue(ctx, proto);
  if (JS_IsException(obj)) {
    return obj;
  }
  p = js_malloc(ctx, sizeof(*p));
  if (!p || JS_ToInt32(ctx, p, argc ? argv[0] : JS_UNDEFINED)) {
    js_free(ctx, p);
    JS_FreeValue(ctx, obj);
    return JS_EXCEPTION;
  }
  JS_SetOpaque(obj, p);
  return obj;
}

static const JSCFunctionListEntry point_entries[] = {
    JS_CGETSET_DEF("x", point_get, NULL),
};

static int run_class(JSContext *ctx, char **out)
{
  static const char source[] =
      "class Q extends Point {}; `${new Point(3).x + new Q(4).x}`";
  static const JSClassDef def = {"Point", .finalizer = point_finalizer};
  JSRuntime *rt = JS_GetRuntime(ctx);
  JSClassID id = 0;
  JSValue proto, ctor, global, plain;
  point_class = JS_NewClassID(rt, &id);
  if (JS_NewClass(rt, point_class, &def) < 0) {
    JS_ThrowOutOfMemory(ctx);
    return -1;
  }
  proto = JS_NewObject(ctx);
  if (JS_IsException(proto)) {
    return -1;
  }
  if (JS_SetPropertyFunctionList(ctx, proto, point_entries, 1)) {
    JS_FreeValue(ctx, proto);
    return -1;
  }
  ctor = JS_NewCFunction2(ctx, point_new, "Point", 1, JS_CFUNC_constructor, 0);
  if (JS_IsException(ctor)) {
    JS_FreeValue(ctx, proto);
    return -1;
  }
  if (JS_SetConstructor(ctx, ctor, proto) < 0) {
    JS_FreeValue(ctx, ctor);
    JS_FreeValue(ctx, proto);
    return -1;
  }
  JS_SetClassProto(ctx, point_class, proto);
  plain = JS_NewObjectClass(ctx, point_class);
  JS_FreeValue(ctx, plain);
  if (JS_IsException(plain)) {
    JS_FreeValue(ctx, ctor);
    return -1;
  }
  global = JS_GetGlobalObject(ctx);
  if (JS_SetPropertyStr(ctx, global, "Point", ctor) < 0) {
    JS_FreeValue(ctx, global);
    return -1;
  }
  JS_FreeValue(ctx, global);
  return finish(ctx, JS_Eval(ctx, source, sizeof(source) - 1, "class", 0), out);
}

static JSValue count_job(JSContext *ctx, int argc, JSValueConst *argv)
{
  int n;
  if (argc < 2 || JS_ToInt32(ctx, &n, argv[1])) {
    return JS_EXCEPTION;
  }
  return JS_Call(ctx, argv[0], JS_UNDEFINED, 1, argv + 1);
}

static int run_promise(JSContext *ctx, char **out)
{
  static const char source[] = "(p, list) => p.then(v => list.push(v + 1))";
  JSValue funcs[2], f = JS_UNDEFINED, list = JS_UNDEFINED, v;
  JSValue promise = JS_NewPromiseCapability(ctx, funcs);
  JSRuntime *rt = JS_GetRuntime(ctx);
  JSContext *other;
  int status = -1, state;
  if (JS_IsException(promise)) {
    return -1;
  }
  f = JS_Eval(ctx, source, sizeof(source) - 1, "promise", 0);
  list = JS_NewArray(ctx);
  if (JS_IsException(f) || JS_IsException(list)) {
    goto out;
  }
  {
    JSValueConst args[2] = {promise, list};
    JSValueConst job[2] = {funcs[0], JS_NewInt32(ctx, 41)};
    v = JS_Call(ctx, f, JS_UNDEFINED, 2, args);
    if (JS_IsException(v)) {
      goto out;
    }
    JS_FreeValue(ctx, v);
    if (JS_EnqueueJob(ctx, count_job, 2, job)) {
      goto out;
    }
  }
  while ((state = JS_ExecutePendingJob(rt, &other)) > 0) {
  }
  if (state < 0) {
    goto out;
  }
  v = JS_JSONStringify(ctx, list, JS_UNDEFINED, JS_UNDEFINED);
  status = finish(ctx, v, out);
  /* a reaction that failed has rejected a promise that nobody handles */
  if (!status && !strcmp(*out, "[]")) {
    free(*out);
    *out = NULL;
  }
out:
  JS_FreeValue(ctx, list);
  JS_FreeValue(ctx, f);
  JS_FreeValue(ctx, funcs[0]);
  JS_FreeValue(ctx, funcs[1]);
  JS_FreeValue(ctx, promise);
  return status;
}

static int run_bytecode(JSContext *ctx, char **out)
{
  static const char source[] =
      "(function () { class A { #p = 1n; static m(a, ...b) {"
      " return [a, b, /x(?<n>y)/.exec('xy').groups.n, `t${a}`, 1e9, 'ж']; } }"
      " function* g() { yield A.m(1, 2); }"
      " return JSON.stringify([...g()]); })()";
  JSValue f = JS_Eval(ctx, source, sizeof(source) - 1, "bytecode",
                      JS_EVAL_FLAG_COMPILE_ONLY);
  uint8_t *bytes;
  size_t len;
  if (JS_IsException(f)) {
    return -1;
  }
  bytes = JS_WriteObject(ctx, &len, f, JS_WRITE_OBJ_BYTECODE);
  JS_FreeValue(ctx, f);
  if (!bytes) {
    return -1;
  }
  f = JS_ReadObject(ctx, bytes, len, JS_READ_OBJ_BYTECODE);
  js_free(ctx, bytes);
  if (JS_IsException(f)) {
    return -1;
  }
  return finish(ctx, JS_EvalFunction(ctx, f), out);
}

/* Objects of every kind through the serializer, with shared references. */
static int run_serialize(JSContext *ctx, char **out)
{
  static const char source[] =
      "(() => { const o = { a: [1, 2.5, 'ж', 12n ** 30n, null], d: new Date(0),"
      " u: new Uint8Array([1, 2]), m: new Map([[1, { x: 1 }]]),"
      " s: new Set(['y']), r: /z/g, b: new ArrayBuffer(3), n: Object(1),"
      " [Symbol.iterator]: 1 }; o.self = o; return o; })()";
  static const char show[] =
      "(o => [o.a.join(), +o.d, o.u.join(), o.m.get(1).x, o.s.has('y'),"
      " o.r.source, o.b.byteLength, +o.n, o.self === o].join())";
  JSValue v = JS_Eval(ctx, source, sizeof(source) - 1, "serialize", 0);
  JSValue f, copy;
  uint8_t *bytes;
  size_t len;
  int status;
  if (JS_IsException(v)) {
    return -1;
  }
  bytes = JS_WriteObject(ctx, &len, v, JS_WRITE_OBJ_REFERENCE);
  JS_FreeValue(ctx, v);
  if (!bytes) {
    return -1;
  }
  copy = JS_ReadObject(ctx, bytes, len, JS_READ_OBJ_REFERENCE);
  js_free(ctx, bytes);
  if (JS_IsException(copy)) {
    return -1;
  }
  f = JS_Eval(ctx, show, sizeof(show) - 1, "show", 0);
  if (JS_IsException(f)) {
    JS_FreeValue(ctx, copy);
    return -1;
  }
  status = finish(ctx, JS_Call(ctx, f, JS_UNDEFINED, 1, vc(&copy)), out);
  JS_FreeValue(ctx, f);
  JS_FreeValue(ctx, copy);
  return status;
}

static int run_module_bytecode(JSContext *ctx, char **out)
{
  static const char source[] =
      "import { c } from 'c'; export const v = c; globalThis.out = c + 'm';";
  JSValue f = JS_Eval(ctx, source, sizeof(source) - 1, "m",
                      JS_EVAL_TYPE_MODULE | JS_EVAL_FLAG_COMPILE_ONLY);
  uint8_t *bytes;
  size_t len;
  bool was = armed;
  if (JS_IsException(f)) {
    return -1;
  }
  bytes = JS_WriteObject(ctx, &len, f, JS_WRITE_OBJ_BYTECODE);
  JS_FreeValue(ctx, f);
  if (!bytes) {
    return -1;
  }
  f = JS_ReadObject(ctx, bytes, len, JS_READ_OBJ_BYTECODE);
  js_free(ctx, bytes);
  if (JS_IsException(f)) {
    return -1;
  }
  if (JS_ResolveModule(ctx, f) < 0) {
    JS_FreeValue(ctx, f);
    return -1;
  }
  f = JS_EvalFunction(ctx, f);
  if (JS_IsException(f)) {
    return -1;
  }
  JS_FreeValue(ctx, f);
  armed = false;
  *out = take_out(ctx);
  armed = was;
  return 0;
}

static const struct scenario native_scenarios[] = {
    {.name = "runtime", .run = run_realm, .from_start = true},
    {.name = "raw-realm", .run = run_raw_realm},
    {.name = "c-module", .run = run_c_module},
    {.name = "c-class", .run = run_class},
    {.name = "c-promise", .run = run_promise},
    {.name = "bytecode", .run = run_bytecode},
    {.name = "serialize", .run = run_serialize},
    {.name = "module-bytecode", .run = run_module_bytecode},
};

/* Reading the scenarios */

static char *read_text(const char *path, size_t *len)
{
  FILE *f = fopen(path, "rb");
  char *text = NULL;
  long size;
  if (f && !fseek(f, 0, SEEK_END) && (size = ftell(f)) >= 0 &&
      !fseek(f, 0, SEEK_SET) && (text = malloc((size_t)size + 1))) {
    *len = fread(text, 1, (size_t)size, f);
    text[*len] = '\0';
  }
  if (f) {
    fclose(f);
  }
  if (!text) {
    fprintf(stderr, "oom: cannot read %s\n", path);
    exit(2);
  }
  return text;
}

static void add_source(const char *dir, char *name, bool is_import)
{
  char path[4096];
  size_t len;
  char *text;
  snprintf(path, sizeof(path), "%s/%s.js", dir, name);
  text = read_text(path, &len);
  if (is_import) {
    modules[module_count++] = (struct module){name, text, len};
  } else {
    struct scenario *s = &scenarios[scenario_count++];
    *s = (struct scenario){.name = name, .source = text, .source_len = len};
    s->is_module = !strncmp(text, "// module\n", 10);
  }
}

static void read_dir(const char *dir, bool is_import)
{
  struct dirent **list;
  int n = scandir(dir, &list, NULL, alphasort), i;
  if (n < 0) {
    fprintf(stderr, "oom: cannot read %s\n", dir);
    exit(2);
  }
  for (i = 0; i < n; i++) {
    size_t len = strlen(list[i]->d_name);
    if (len > 3 && !strcmp(list[i]->d_name + len - 3, ".js") &&
        scenario_count < MAX_SCENARIOS && module_count < MAX_MODULES) {
      add_source(dir, strndup(list[i]->d_name, len - 3), is_import);
    }
    free(list[i]);
  }
  free(list);
}

/* Runs in child processes */

static unsigned stride = 1;

static void run_range(const struct scenario *s, const char *expected,
                      unsigned from, unsigned total)
{
  for (fail_at = from; fail_at <= total; fail_at += stride) {
    progress->n = fail_at;
    alarm(HANG_SECONDS);
    free(run_once(s, expected));
  }
  alarm(0);
}

static void run_mode(const struct scenario *s, const char *expected,
                     unsigned total)
{
  unsigned from = 1;
  while (from <= total) {
    pid_t pid;
    int status;
    fflush(NULL);
    pid = fork();
    if (pid < 0) {
      perror("fork");
      exit(2);
    }
    if (pid == 0) {
      run_range(s, expected, from, total);
      fflush(NULL);
      _exit(0);
    }
    while (waitpid(pid, &status, 0) < 0) {
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
      break;
    }
    fprintf(stderr, "# %s %s %u: %s while %s\n", s->name, mode_names[mode],
            progress->n,
            WIFSIGNALED(status) ? strsignal(WTERMSIG(status))
                                : "ended by a sanitizer",
            progress->phase);
    progress->faults[WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM
                         ? FAULT_HANG
                         : FAULT_CRASH]++;
    from = progress->n + stride;
  }
}

static bool run_scenario(const struct scenario *s, enum mode only)
{
  char *expected, line[512];
  unsigned total, faults, all = 0;
  size_t len;
  enum mode m;
  int i;
  mode = MODE_COUNT;
  expected = run_once(s, NULL);
  total = counted;
  if (!expected) {
    printf("not ok - %s: no result without a failure\n", s->name);
    return false;
  }
  len = (size_t)snprintf(line, sizeof(line), "%s: %u points", s->name,
                         (total + stride - 1) / stride);
  for (m = MODE_ONE; m <= MODE_REST; m++) {
    if (only != MODE_COUNT && m != only) {
      continue;
    }
    memset(progress->faults, 0, sizeof(progress->faults));
    mode = m;
    run_mode(s, expected, total);
    len += (size_t)snprintf(line + len, sizeof(line) - len,
                            ", %s:", mode_names[m]);
    faults = 0;
    for (i = 0; i < FAULT_COUNT; i++) {
      unsigned n = progress->faults[i];
      all += n;
      faults += n;
      if (n) {
        len += (size_t)snprintf(line + len, sizeof(line) - len, " %u %s", n,
                                fault_names[i]);
      }
    }
    if (!faults)
      len += (size_t)snprintf(line + len, sizeof(line) - len, " right");
  }
  printf("%s - %s\n", all ? "not ok" : "ok", line);
  free(expected);
  return all == 0;
}

static const struct scenario *find_scenario(const char *name)
{
  size_t i;
  for (i = 0; i < scenario_count; i++) {
    if (!strcmp(scenarios[i].name, name)) {
      return &scenarios[i];
    }
  }
  fprintf(stderr, "oom: no scenario '%s'\n", name);
  exit(2);
}

static struct progress *share_progress(void)
{
  void *p = mmap(NULL, sizeof(struct progress), PROT_READ | PROT_WRITE,
                 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (p == MAP_FAILED) {
    perror("mmap");
    exit(2);
  }
  return p;
}

/* Scenarios take turns on `jobs` processes; each prints its own line. */
static bool run_all(const struct scenario **list, size_t count, int jobs,
                    enum mode only)
{
  size_t next = 0;
  int running = 0;
  bool good = true;
  printf("1..%zu\n", count);
  while (next < count || running) {
    if (next < count && running < jobs) {
      pid_t pid;
      fflush(NULL);
      pid = fork();
      if (pid < 0) {
        perror("fork");
        exit(2);
      }
      if (pid == 0) {
        progress = share_progress();
        good = run_scenario(list[next], only);
        fflush(NULL);
        _exit(good ? 0 : 1);
      }
      next++;
      running++;
    } else {
      int status;
      if (wait(&status) > 0) {
        running--;
        good &= WIFEXITED(status) && WEXITSTATUS(status) == 0;
      }
    }
  }
  return good;
}

int main(int argc, char **argv)
{
  const struct scenario *list[MAX_SCENARIOS];
  char path[4096];
  enum mode only = MODE_COUNT;
  int option, jobs = 1;
  bool names = false;
  unsigned at = 0;
  size_t count = 0, i;
  while ((option = getopt(argc, argv, "j:lm:p:s:")) != -1) {
    switch (option) {
    case 'j': jobs = atoi(optarg); break;
    case 'l': names = true; break;
    case 'm': only = !strcmp(optarg, "one") ? MODE_ONE : MODE_REST; break;
    case 'p': at = (unsigned)atoi(optarg); break;
    case 's': stride = (unsigned)atoi(optarg); break;
    default: return 2;
    }
  }
  if (optind >= argc || stride < 1) {
    fputs("usage: oom [-j JOBS] [-m one|rest] [-s STRIDE] [-p N] DIR "
          "[SCENARIO...]\n",
          stderr);
    return 2;
  }
  for (i = 0; i < countof(native_scenarios); i++) {
    scenarios[scenario_count++] = native_scenarios[i];
  }
  read_dir(argv[optind], false);
  snprintf(path, sizeof(path), "%s/modules", argv[optind]);
  read_dir(path, true);
  if (names) {
    for (i = 0; i < scenario_count; i++) {
      puts(scenarios[i].name);
    }
    return 0;
  }
  for (optind++; optind < argc; optind++) {
    list[count++] = find_scenario(argv[optind]);
  }
  if (at && count == 1) {
    char *expected;
    progress = share_progress();
    expected = run_once(list[0], NULL);
    printf("%u points, expected: %s\n", counted, expected);
    mode = only == MODE_COUNT ? MODE_ONE : only;
    fail_at = at;
    show_stack = true;
    expected = run_once(list[0], expected);
    printf("got: %s\n", expected ? expected : "nothing");
    return 0;
  }
  if (!count) {
    for (i = 0; i < scenario_count; i++) {
      list[count++] = &scenarios[i];
    }
  }
  return run_all(list, count, jobs, only) ? 0 : 1;
}
