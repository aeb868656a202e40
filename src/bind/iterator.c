#include "bind/iterator.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "bind/any.h"
#include "bind/convert.h"
#include "bind/instance.h"
#include "bind/message.h"
#include "bind/table.h"
#include "engine/external.h"

static const tenon_p_binding *binding_of(const tenon_p_iterator *i)
{
  return i->native->owner;
}

/* --- The end --------------------------------------------------------------------- */

static void run_end(void *p)
{
  tenon_p_cursor *k = p;
  void (*fn)(void *, void *) = k->end;

  k->end = NULL;
  fn(k->data, NULL);
}

static void end_cursor(tenon_p_cursor *k)
{
  if (k->end) tenon_p_call_finalizer(k->engine, run_end, k);
}

static void unref_cursor(tenon_p_cursor *k)
{
  if (__atomic_sub_fetch(&k->refs, 1, __ATOMIC_ACQ_REL) == 0) free(k);
}

static void free_cursor(tenon_p_cursor *k)
{
  (void)tenon_p_engine_report_external(k->engine, -(int64_t)k->size);
  unref_cursor(k);
}

tenon_p_cursor *tenon_p_cursor_abandon(const tenon_p_task *t,
                                       void (**end)(void *, void *))
{
  tenon_p_cursor *k;

  *end = NULL;
  if (!t->binding->iteration) return NULL;
  k = tenon_p_cursor_of(tenon_p_iterator_of(t->ctx, t->function));
  __atomic_add_fetch(&k->refs, 1, __ATOMIC_RELAXED);
  *end = k->end;
  k->end = NULL;
  return k;
}

typedef struct left_cursor {
  tenon_p_cursor *cursor;
  void (*end)(void *, void *);
} left_cursor;

static void run_left_end(void *p)
{
  const left_cursor *k = p;

  k->end(k->cursor->data, NULL);
}

void tenon_p_cursor_end(tenon_p_cursor *k, void (*end)(void *, void *))
{
  left_cursor left = {k, end};

  if (end) tenon_p_call_finalizer(NULL, run_left_end, &left);
  unref_cursor(k);
}

void tenon_p_iterator_end(JSContext *ctx, tenon_p_iterator *i)
{
  tenon_p_cursor *k = tenon_p_cursor_of(i);
  JSValue object = i->object, thrown = JS_UNINITIALIZED;

  if (!i->instance) return;
  i->instance = i->ready = NULL;
  i->object = JS_UNDEFINED;
  if (k->end && JS_HasException(ctx)) thrown = JS_GetException(ctx);
  end_cursor(k);
  JS_FreeValue(ctx, object);
  if (!JS_IsUninitialized(thrown)) JS_Throw(ctx, thrown);
}

static void finalize(tenon_p_engine *e, tenon_p_finalizer *f)
{
  tenon_p_cursor *k = tenon_p_container(f, tenon_p_cursor, finalizer);

  (void)e;
  end_cursor(k);
  free_cursor(k);
}

static void op_gone(JSRuntime *rt, tenon_p_iterator *i)
{
  tenon_p_cursor *k = tenon_p_cursor_of(i);
  JSValue object = i->object, function = i->function;

  i->object = i->function = JS_UNDEFINED;
  JS_FreeValueRT(rt, object);
  JS_FreeValueRT(rt, function);
  tenon_p_async_iterator_gone(rt, k);
  if (!k->end) {
    free_cursor(k);
    return;
  }
  k->finalizer.run = finalize;
  tenon_p_finalize_later(rt, &k->finalizer);
}

static void op_mark(JSRuntime *rt, tenon_p_iterator *i, JS_MarkFunc *mark)
{
  tenon_p_async_iterator_mark(rt, tenon_p_cursor_of(i), mark);
}

/* --- A step ------------------------------------------------------------------------ */

/* What a step has left behind in the instance: `r`, or an exception. */
static JSValue measured(JSContext *ctx, tenon_p_iterator *i, JSValue r)
{
  tenon_p_instance *self = i->instance;
  JSValue thrown = JS_UNINITIALIZED;

  if (!i->native->measures || self->is_disposed) return r;
  if (JS_IsException(r)) thrown = JS_GetException(ctx);
  if (self->class->ops->measure(ctx, self) == 0) {
    if (!JS_IsUninitialized(thrown)) JS_Throw(ctx, thrown);
    return r;
  }
  JS_FreeValue(ctx, thrown);
  JS_FreeValue(ctx, r);
  return JS_EXCEPTION;
}

/* One that the engine leaves to us: by its kind, or since the instance is not
 * free, which is said here. */
static JSValue op_step(JSContext *ctx, tenon_p_iterator *i, bool *done)
{
  const tenon_p_binding *b = binding_of(i);
  const tenon_function *f = b->function;
  const tenon_module *m = b->module->descriptor;
  tenon_p_place place = {.function = f, .names = &b->names};
  bool is_serial = tenon_p_threads_of(m) == TENON_THREADS_serial;
  JSValue r = JS_EXCEPTION;
  tenon_args *args;
  tenon_p_call c;
  void *result;

  tenon_p_call_init(&c, false);
  c.ctx = ctx;
  args = tenon_p_call_alloc(&c, f->args_size);
  result = tenon_p_call_alloc(&c, tenon_p_field_size(&f->result));
  if (!args || !result) {
    JS_ThrowOutOfMemory(ctx);
    goto out;
  }
  memset(args, 0, f->args_size);
  if (b->has_any && tenon_p_any_open(ctx, &c)) goto out;
  if (tenon_p_read(ctx, &c, &place, &f->params[0], i->object,
                   (char *)args + f->params[0].offset))
    goto out;
  args->context = i->cursor;
  c.self = i->instance;
  c.calling = TENON_P_CALLING_STEP;
  c.native = i->native;
  if (is_serial) b->module->schedule->lock(m);
  tenon_p_call_run(&c, f->thunk, args, result);
  if (is_serial) b->module->schedule->unlock(m);
  *done = !c.failed && args->absent;
  if (c.failed)
    r = tenon_p_call_throw(ctx, &c);
  else if (*done)
    r = JS_UNDEFINED;
  else
    r = i->native->ops->write(ctx, i->native, &c, result);
  r = tenon_p_any_end(ctx, &c, r);
  r = measured(ctx, i, r);
out:
  tenon_p_call_release(&c);
  return r;
}

static JSValue op_refuse(JSContext *ctx, tenon_p_iterator *i)
{
  return tenon_p_throw_plain(ctx, TENON_P_MESSAGE_RUNNING,
                             binding_of(i)->function->name);
}

static const tenon_p_iterator_ops ops = {.step = op_step,
                                         .end = tenon_p_iterator_end,
                                         .refuse = op_refuse,
                                         .mark = op_mark,
                                         .gone = op_gone};

JSValue tenon_p_throw_no_iterator(JSContext *ctx, const char *name)
{
  return tenon_p_throw_plain(ctx, TENON_P_MESSAGE_NO_ITERATOR, name);
}

static JSValue iterator_return(JSContext *ctx, JSValueConst this_value,
                               int argc, JSValueConst *argv)
{
  tenon_p_iterator *i = tenon_p_iterator_of(ctx, this_value);

  (void)argc;
  if (!i || i->is_async) return tenon_p_throw_no_iterator(ctx, "return");
  if (i->is_running) return op_refuse(ctx, i);
  tenon_p_iterator_end(ctx, i);
  return tenon_p_iterator_result(ctx, JS_DupValue(ctx, argv[0]), true);
}

/* --- The beginning ----------------------------------------------------------------- */

/* Is it one that may be iterated over? It is asked again at each step. */
static bool check(JSContext *ctx, const tenon_p_binding *b,
                  JSValueConst this_value)
{
  tenon_p_place place = {.function = &b->iteration->opening,
                         .names = &b->names};
  tenon_p_call c;
  void *self;
  int r;

  tenon_p_call_init(&c, false);
  c.ctx = ctx;
  r = tenon_p_read(ctx, &c, &place, &b->function->params[0], this_value, &self);
  tenon_p_call_release(&c);
  return r == 0;
}

JSValue tenon_p_iterator_new(JSContext *ctx, JSValueConst function,
                             tenon_p_native *n, JSValueConst this_value)
{
  const tenon_p_binding *b = n->owner;
  const tenon_p_iteration *it = b->iteration;
  size_t size = sizeof(tenon_p_cursor) + it->cursor_size;
  tenon_p_engine *e = tenon_p_engine_of(ctx);
  tenon_p_cursor *k;
  JSValue v;

  if (TENON_P_UNLIKELY(tenon_p_finalize_is_due(e))) tenon_p_finalize(e);
  if (!check(ctx, b, this_value)) return JS_EXCEPTION;
  k = tenon_p_engine_admit_external(e, size) ? tenon_p_calloc(size) : NULL;
  if (!k) return JS_ThrowOutOfMemory(ctx);
  k->base = (tenon_p_iterator){.ops = &ops,
                               .native = n,
                               .instance = tenon_p_instance_of(ctx, this_value),
                               .cursor = k->data,
                               .object = JS_DupValue(ctx, this_value),
                               .function = JS_DupValue(ctx, function),
                               .is_async = it->is_async};
  if (it->is_simple) k->base.ready = k->base.instance;
  k->engine = e;
  tenon_p_list_init(&k->requests);
  k->size = size;
  k->refs = 1;
  (void)tenon_p_engine_report_external(e, (int64_t)size);
  v = tenon_p_iterator_object(ctx, &k->base, it->proto);
  if (JS_IsException(v))
    op_gone(JS_GetRuntime(ctx), &k->base);
  else
    k->end = it->end;
  return v;
}

/* --- Methods and prototypes ---------------------------------------------------------- */

void tenon_p_iteration_free(JSRuntime *rt, tenon_p_iteration *k)
{
  if (!k) return;
  JS_FreeValueRT(rt, k->proto);
  js_free_rt(rt, (char *)k->opening.name);
  js_free_rt(rt, k);
}

void tenon_p_iteration_mark(JSRuntime *rt, const tenon_p_iteration *k,
                            JS_MarkFunc *mark)
{
  if (k) JS_MarkValue(rt, k->proto, mark);
}

/* As js_strdup. */
__attribute__((format(printf, 2, 3))) static char *format_label(
    JSContext *ctx, const char *format, ...)
{
  tenon_p_text t = TENON_P_TEXT_INIT;
  char *label = NULL;
  va_list ap;

  va_start(ap, format);
  tenon_p_text_vprintf(&t, format, ap);
  va_end(ap);
  if (t.failed)
    JS_ThrowOutOfMemory(ctx);
  else
    label = js_strdup(ctx, t.data);
  tenon_p_text_release(&t);
  return label;
}

static int define_return(JSContext *ctx, JSValueConst proto)
{
  JSValue f = JS_NewCFunction(ctx, iterator_return, "return", 1);

  if (JS_IsException(f)) return -1;
  return JS_DefinePropertyValueStr(ctx, proto, "return", f,
                                   JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE) < 0
             ? -1
             : 0;
}

static int define_tag(JSContext *ctx, JSValueConst proto, const char *tag)
{
  JSAtom key = tenon_p_known_symbol(ctx, "toStringTag");
  JSValue v;
  int r;

  if (key == JS_ATOM_NULL) return -1;
  v = JS_NewString(ctx, tag);
  r = JS_IsException(v)
          ? -1
          : JS_DefinePropertyValue(ctx, proto, key, v, JS_PROP_CONFIGURABLE);
  JS_FreeAtom(ctx, key);
  return r < 0 ? -1 : 0;
}

static JSValue new_proto(JSContext *ctx, const char *class_name, bool is_async)
{
  JSValue proto = tenon_p_iterator_proto(ctx, is_async);
  char *tag;
  int r;

  if (JS_IsException(proto)) return proto;
  tag = format_label(ctx, is_async ? "%s AsyncIterator" : "%s Iterator",
                     class_name);
  r = tag ? define_tag(ctx, proto, tag) : -1;
  js_free(ctx, tag);
  if (r == 0)
    r = is_async ? tenon_p_async_iterator_define(ctx, proto)
                 : define_return(ctx, proto);
  if (r == 0) return proto;
  JS_FreeValue(ctx, proto);
  return JS_EXCEPTION;
}

/* May the engine take its steps alone? */
static bool is_simple(const tenon_p_module *m, const tenon_function *f)
{
  return !f->flags && !tenon_p_function_has_any(f) &&
         tenon_p_threads_of(m->descriptor) != TENON_THREADS_serial &&
         f->args_size <= sizeof(tenon_args) + sizeof(void *) &&
         tenon_p_field_size(&f->result) <= TENON_P_NATIVE_RESULT;
}

/* NULL with an exception. */
static tenon_p_iteration *new_iteration(JSContext *ctx, const tenon_p_module *m,
                                        const char *class_name,
                                        const tenon_member *x,
                                        const tenon_member *end)
{
  tenon_p_iteration *k = js_mallocz(ctx, sizeof *k);

  if (!k) return NULL;
  k->is_async = x->kind == TENON_MEMBER_ASYNC_ITERATOR;
  k->is_simple = is_simple(m, x->function);
  k->cursor_size = x->cursor_size;
  k->end = end ? end->hook : NULL;
  k->opening = *x->function;
  k->opening.name = format_label(
      ctx, k->is_async ? "%s[Symbol.asyncIterator]" : "%s[Symbol.iterator]",
      class_name);
  k->proto =
      k->opening.name ? new_proto(ctx, class_name, k->is_async) : JS_EXCEPTION;
  if (!JS_IsException(k->proto)) return k;
  k->proto = JS_UNDEFINED;
  tenon_p_iteration_free(JS_GetRuntime(ctx), k);
  return NULL;
}

JSValue tenon_p_iterator_method(JSContext *ctx, const tenon_p_module *m,
                                const tenon_p_class *class,
                                const char *class_name, const tenon_member *x,
                                const tenon_member *end, bool measures)
{
  tenon_p_iteration *k = new_iteration(ctx, m, class_name, x, end);
  tenon_p_method method = {.function = x->function,
                           .self_class = class,
                           .measures = measures,
                           .iterates = true};
  char *label;
  JSValue f;

  if (!k) return JS_EXCEPTION;
  label = format_label(
      ctx, k->is_async ? "%s AsyncIterator.next" : "%s Iterator.next",
      class_name);
  method.label = label;
  method.name = k->is_async ? "[Symbol.asyncIterator]" : "[Symbol.iterator]";
  f = label ? tenon_p_method_new(ctx, m, &method) : JS_EXCEPTION;
  js_free(ctx, label);
  if (JS_IsException(f))
    tenon_p_iteration_free(JS_GetRuntime(ctx), k);
  else
    ((tenon_p_binding *)tenon_p_native_of(ctx, f)->owner)->iteration = k;
  return f;
}
