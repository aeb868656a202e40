/*
 * The list of node's modules, and how one is run.
 *
 * Invariant: a realm runs each module once, whoever asks: import, require of
 * CommonJS, or another module; only one that threw is run again.
 */
#include "node/node.h"

#include <string.h>
#include <tenon/error.h>
#include <tenon/realm.h>

#include "std/inspect/inspect.h"

typedef struct node_module {
  tenon_p_builtin_module builtin; /* first */
  const tenon_p_bytecode *code;   /* or NULL: its binding is what it exports */
  JSValue (*binding)(JSContext *ctx); /* or NULL: undefined */
} node_module;

/* What those need that show values, as errors do. */
#define SHOWS                                                           \
  (TENON_REALM_DATE | TENON_REALM_REGEXP | TENON_REALM_JSON |           \
   TENON_REALM_PROXY | TENON_REALM_MAP_SET | TENON_REALM_TYPED_ARRAYS | \
   TENON_REALM_PROMISE | TENON_REALM_WEAK_REF | TENON_REALM_DOM_EXCEPTION)

/* The name in C, as in JavaScript, what it needs, is_prefixed, its binding. */
#define PUBLIC(X)                                                            \
  X(assert, "node:assert", SHOWS, false, NULL)                               \
  X(assert_strict, "node:assert/strict", SHOWS, false, NULL)                 \
  X(buffer, "node:buffer", TENON_REALM_TYPED_ARRAYS, false,                  \
    tenon_p_node_buffer_binding)                                             \
  X(child_process, "node:child_process", TENON_REALM_PROCESS, false, NULL)   \
  X(constants, "node:constants", TENON_REALM_PROCESS, false, NULL)           \
  X(crypto, "node:crypto", SHOWS | TENON_REALM_PROCESS, false, NULL)         \
  X(events, "node:events", TENON_REALM_PROMISE | TENON_REALM_MAP_SET, false, \
    tenon_p_node_events_binding)                                             \
  X(fs, "node:fs", SHOWS | TENON_REALM_PROCESS, false,                       \
    tenon_p_node_fs_binding)                                                 \
  X(os, "node:os", TENON_REALM_PROCESS, false, tenon_p_node_os_binding)      \
  X(path, "node:path", 0, false, tenon_p_node_path_binding)                  \
  X(path_posix, "node:path/posix", 0, false, NULL)                           \
  X(path_win32, "node:path/win32", 0, false, NULL)                           \
  X(process, "node:process", SHOWS | TENON_REALM_PROCESS, false,             \
    tenon_p_node_process_binding)                                            \
  X(punycode, "node:punycode", 0, false, NULL)                               \
  X(querystring, "node:querystring", TENON_REALM_TYPED_ARRAYS, false, NULL)  \
  X(string_decoder, "node:string_decoder", TENON_REALM_TYPED_ARRAYS, false,  \
    NULL)                                                                    \
  X(timers, "node:timers", TENON_REALM_TIMERS, false, NULL)                  \
  X(timers_promises, "node:timers/promises", SHOWS | TENON_REALM_TIMERS,     \
    false, NULL)                                                             \
  X(tty, "node:tty", TENON_REALM_PROCESS, false, tenon_p_node_tty_binding)   \
  X(url, "node:url", SHOWS, false, NULL)                                     \
  X(util, "node:util", SHOWS, false, tenon_p_node_util_binding)              \
  X(util_types, "node:util/types", SHOWS, false, NULL)

#define INTERNAL(X)                                                           \
  X(internal_comparisons, "internal/comparisons", 0, true, NULL)              \
  X(internal_encoding, "internal/encoding", 0, true,                          \
    tenon_p_node_encoding_binding)                                            \
  X(internal_errors, "internal/errors", 0, true, NULL)                        \
  X(internal_idna, "internal/idna", 0, true, NULL)                            \
  X(internal_random, "internal/random", 0, true, tenon_p_node_crypto_binding) \
  X(internal_timers, "internal/timers", 0, true, tenon_p_node_timers_binding) \
  X(internal_url, "internal/url", 0, true, NULL)                              \
  X(internal_url_parser, "internal/url-parser", 0, true,                      \
    tenon_p_node_encoding_binding)                                            \
  X(internal_validators, "internal/validators", 0, true, NULL)

static JSValue load(JSContext *ctx, const tenon_p_builtin_module *b);

/* Without JavaScript: its binding is what it exports. */
static const node_module internal_inspect = {
    {"internal/inspect", NULL, 0, true, load}, NULL, tenon_p_inspect_tools};

#define MODULE(id, name, needs, is_prefixed, binding)                    \
  extern const tenon_p_bytecode tenon_p_node_##id##_bytecode;            \
  static const node_module id = {{name, NULL, needs, is_prefixed, load}, \
                                 &tenon_p_node_##id##_bytecode,          \
                                 binding};
PUBLIC(MODULE)
INTERNAL(MODULE)

#define ITEM(id, name, needs, is_prefixed, binding) &id.builtin,
static const tenon_p_builtin_module *const publics[] = {PUBLIC(ITEM) NULL};
static const tenon_p_builtin_module *const internals[] = {
    INTERNAL(ITEM) & internal_inspect.builtin, NULL};

/* --- What a realm has run ------------------------------------------------- */

typedef struct node_state {
  JSValue modules; /* objects with `exports`, by their names */
  JSValue require;
} node_state;

static void state_mark(JSRuntime *rt, void *state, JS_MarkFunc *mark)
{
  const node_state *s = state;

  JS_MarkValue(rt, s->modules, mark);
  JS_MarkValue(rt, s->require, mark);
}

static void state_free(tenon_p_realm *r, JSRuntime *rt, void *state)
{
  node_state *s = state;

  JS_FreeValueRT(rt, s->modules);
  JS_FreeValueRT(rt, s->require);
  tenon_p_heap_free(&r->engine->heap, s);
}

static const tenon_p_realm_type state_type = {
    .name = "node", .mark = state_mark, .free = state_free};

static JSValue require(JSContext *ctx, JSValueConst this_value, int argc,
                       JSValueConst *argv)
{
  const char *name;
  JSValue r;

  (void)this_value;
  if (argc < 1 || !JS_IsString(argv[0]))
    return JS_ThrowTypeError(ctx, "require: expected a string");
  name = JS_ToCString(ctx, argv[0]);
  if (!name) return JS_EXCEPTION;
  r = tenon_p_node_require(ctx, name);
  JS_FreeCString(ctx, name);
  return r;
}

/* NULL with an exception. */
static node_state *state_of(JSContext *ctx)
{
  tenon_p_realm *r = tenon_p_realm_adopt(ctx);
  node_state *s = r ? tenon_p_realm_get(ctx, &state_type) : NULL;

  if (s) return s;
  if (r) s = tenon_p_heap_alloc(&r->engine->heap, sizeof *s);
  if (!s) {
    JS_ThrowOutOfMemory(ctx);
    return NULL;
  }
  s->modules = JS_NewObjectProto(ctx, JS_NULL);
  s->require = JS_NewCFunction(ctx, require, "require", 1);
  if (!JS_IsException(s->modules) && !JS_IsException(s->require)) {
    if (tenon_p_realm_attach(r, &state_type, s) == 0) return s;
    JS_ThrowOutOfMemory(ctx);
  }
  JS_FreeValue(ctx, s->modules);
  JS_FreeValue(ctx, s->require);
  tenon_p_heap_free(&r->engine->heap, s);
  return NULL;
}

/* --- Running -------------------------------------------------------------- */

/* One without JavaScript. */
static int take_binding(JSContext *ctx, const node_module *m,
                        JSValueConst module)
{
  JSValue v = m->binding(ctx);

  if (JS_IsException(v)) return -1;
  return JS_DefinePropertyValueStr(ctx, module, "exports", v, JS_PROP_C_W_E) < 0
             ? -1
             : 0;
}

/* The function that the module is the body of, called with a new `module`. */
static int run(JSContext *ctx, const node_module *m, const node_state *s,
               JSValueConst module)
{
  JSValue exports = JS_NewObject(ctx), binding = JS_UNDEFINED, f, r;
  JSValueConst argv[4];

  if (JS_IsException(exports) ||
      JS_DefinePropertyValueStr(ctx, module, "exports",
                                JS_DupValue(ctx, exports), JS_PROP_C_W_E) < 0) {
    JS_FreeValue(ctx, exports);
    return -1;
  }
  f = JS_ReadObject(ctx, m->code->data, m->code->size, JS_READ_OBJ_BYTECODE);
  if (!JS_IsException(f)) f = JS_EvalFunction(ctx, f);
  if (!JS_IsException(f) && m->binding) binding = m->binding(ctx);
  r = JS_EXCEPTION;
  if (!JS_IsException(f) && !JS_IsException(binding)) {
    argv[0] = module;
    argv[1] = exports;
    argv[2] = s->require;
    argv[3] = binding;
    r = JS_Call(ctx, f, JS_UNDEFINED, 4, argv);
  }
  JS_FreeValue(ctx, f);
  JS_FreeValue(ctx, binding);
  JS_FreeValue(ctx, exports);
  if (JS_IsException(r)) return -1;
  JS_FreeValue(ctx, r);
  return 0;
}

/* What was thrown stays pending. */
static void forget(JSContext *ctx, const node_state *s, const char *name)
{
  JSValue error = JS_GetException(ctx);
  JSAtom atom = JS_NewAtom(ctx, name);

  if (atom != JS_ATOM_NULL) JS_DeleteProperty(ctx, s->modules, atom, 0);
  JS_FreeAtom(ctx, atom);
  if (JS_HasException(ctx)) JS_FreeValue(ctx, JS_GetException(ctx));
  JS_Throw(ctx, error);
}

static JSValue load(JSContext *ctx, const tenon_p_builtin_module *b)
{
  const node_module *m = (const node_module *)b;
  node_state *s = state_of(ctx);
  JSValue module, exports;

  if (!s) return JS_EXCEPTION;
  module = JS_GetPropertyStr(ctx, s->modules, b->name);
  if (JS_IsException(module)) return module;
  if (JS_IsUndefined(module)) {
    module = JS_NewObjectProto(ctx, JS_NULL);
    if (JS_IsException(module) ||
        JS_SetPropertyStr(ctx, s->modules, b->name, JS_DupValue(ctx, module)) <
            0) {
      JS_FreeValue(ctx, module);
      return JS_EXCEPTION;
    }
    if (m->code ? run(ctx, m, s, module) : take_binding(ctx, m, module)) {
      forget(ctx, s, b->name);
      JS_FreeValue(ctx, module);
      return JS_EXCEPTION;
    }
  }
  exports = JS_GetPropertyStr(ctx, module, "exports");
  JS_FreeValue(ctx, module);
  return exports;
}

JSValue tenon_p_node_require(JSContext *ctx, const char *name)
{
  const tenon_p_builtin_module *b;
  size_t i;

  for (i = 0; internals[i]; i++)
    if (strcmp(internals[i]->name, name) == 0) return load(ctx, internals[i]);
  b = tenon_p_builtin_find(ctx, name);
  if (b && b->load == load) return load(ctx, b);
  if (b) return tenon_p_builtin_exports(ctx, name);
  return JS_ThrowTypeError(ctx, "this realm has no module '%s'", name);
}

/* --- For a runtime and its realms ----------------------------------------- */

int tenon_p_node_attach(tenon_p_engine *e)
{
  if (tenon_p_modules_add_builtins(e, publics)) return TENON_ENOMEM;
  return tenon_p_node_define(e->realm);
}

/* A global that is what a module exports, or a member of it. */
typedef struct node_global {
  tenon_p_lazy lazy; /* first */
  const char *module;
  bool is_member;
  uint32_t needs;
} node_global;

static JSValue make_global(JSContext *ctx, const tenon_p_lazy *lazy)
{
  const node_global *g = (const node_global *)lazy;
  JSValue exports = tenon_p_node_require(ctx, g->module), v;

  if (!g->is_member || JS_IsException(exports)) return exports;
  v = JS_GetPropertyStr(ctx, exports, lazy->name);
  JS_FreeValue(ctx, exports);
  return v;
}

#define GLOBAL(name, module, is_member, needs)          \
  {                                                     \
    {name, make_global, NULL}, module, is_member, needs \
  }

/* In a realm that cannot show values the builtin alone. */
static JSValue make_process(JSContext *ctx, const tenon_p_lazy *lazy)
{
  const tenon_p_realm *r = tenon_p_realm_of(ctx);

  return r->without & SHOWS ? tenon_p_process_object(ctx)
                            : make_global(ctx, lazy);
}

static const node_global globals[] = {
    {{"process", make_process, NULL},
     "node:process",
     false,
     TENON_REALM_PROCESS},
    GLOBAL("Buffer", "node:buffer", true, TENON_REALM_TYPED_ARRAYS),
    GLOBAL("crypto", "internal/random", true, SHOWS),
    GLOBAL("URL", "internal/url", true, SHOWS),
    GLOBAL("URLSearchParams", "internal/url", true, SHOWS),
    GLOBAL("TextDecoder", "internal/encoding", true, SHOWS),
    GLOBAL("TextEncoder", "internal/encoding", true, SHOWS),
};

int tenon_p_node_define(tenon_p_realm *r)
{
  size_t i;

  for (i = 0; i < tenon_p_countof(globals); i++) {
    if ((r->without & globals[i].needs) ||
        tenon_p_std_lazy(r, &globals[i].lazy) == 0)
      continue;
    JS_FreeValue(r->ctx, JS_GetException(r->ctx));
    return TENON_ENOMEM;
  }
  return 0;
}

int tenon_p_node_add_guest(tenon_p_engine *e, JSContext *ctx, const char *name)
{
  if (tenon_p_modules_add_builtins(e, publics)) return TENON_ENOMEM;
  return tenon_p_std_add_guest(e, ctx, name);
}
