#include "bind/function.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "bind/any.h"
#include "bind/convert.h"
#include "bind/drop.h"
#include "bind/instance.h"
#include "bind/iterator.h"
#include "bind/message.h"
#include "bind/parts.h"
#include "bind/table.h"
#include "bind/words.h"
#include "engine/extension.h"
#include "engine/finalize.h"
#include "engine/realm.h"

/* --- Calls on the loop ------------------------------------------------------------ */

static const tenon_p_binding *binding_of(const tenon_p_native *n)
{
  return n->owner;
}

static int op_read(JSContext *ctx, tenon_p_native *n, tenon_p_call *c,
                   uint32_t i, JSValueConst v, void *dst)
{
  const tenon_p_binding *b = binding_of(n);
  const tenon_function *f = b->function;
  tenon_p_place place = {.function = f, .names = &b->names, .index = (int)i};

  return tenon_p_read(ctx, c, &place, &f->params[i], v, dst);
}

/* Of a function that borrows what stands behind this argument, which runs
 * scripts: they come before it. */
static int op_read_first(JSContext *ctx, tenon_p_native *n, tenon_p_call *c,
                         uint32_t i, JSValueConst v, void *dst)
{
  uint16_t count = tenon_p_native_hide(ctx);
  int r = op_read(ctx, n, c, i, v, dst);

  tenon_p_native_show(ctx, count);
  return r;
}

static JSValue op_write(JSContext *ctx, tenon_p_native *n, tenon_p_call *c,
                        const void *result)
{
  const tenon_p_binding *b = binding_of(n);
  const tenon_function *f = b->function;
  tenon_p_place place = {.function = f, .names = &b->names, .index = -1};

  if (n->makes && f->result.type->kind == TENON_KIND_CLASS) {
    c->self->memory = *(void *const *)result;
    if (c->self->memory) return JS_UNDEFINED;
    tenon_p_throw_at(ctx, &place, TENON_TYPE_ERROR,
                     TENON_P_MESSAGE_NULL_RESULT);
    return JS_EXCEPTION;
  }
  return tenon_p_write(ctx, c, &place, &f->result, result);
}

static JSValue op_not_new(JSContext *ctx, tenon_p_native *n)
{
  return tenon_p_throw_plain(ctx, TENON_P_MESSAGE_NOT_NEW,
                             binding_of(n)->function->name);
}

static JSValue op_too_few(JSContext *ctx, tenon_p_native *n, int argc)
{
  return tenon_p_throw_too_few(ctx, binding_of(n)->function, n->required, argc);
}

static JSValue op_failed(JSContext *ctx, tenon_p_native *n, tenon_p_call *c)
{
  (void)n;
  return tenon_p_call_throw(ctx, c);
}

/* The end of a call of the walk that has collected something. */
static JSValue op_end(JSContext *ctx, tenon_p_call *c, JSValue r)
{
  r = tenon_p_any_end(ctx, c, r);
  tenon_p_call_release(c);
  return r;
}

static void free_binding(JSRuntime *rt, tenon_p_binding *b)
{
  js_free_rt(rt, b->own);
  tenon_p_iteration_free(rt, b->iteration);
  tenon_p_names_release(rt, &b->names);
  js_free_rt(rt, b);
}

static void op_mark(JSRuntime *rt, const tenon_p_native *n, JS_MarkFunc *mark)
{
  const tenon_p_binding *b = binding_of(n);

  if (b->names.learns) tenon_p_names_mark(rt, &b->names, mark);
  if (b->mark) b->mark(rt, b, mark);
  tenon_p_iteration_mark(rt, b->iteration, mark);
}

static void end_binding(JSRuntime *rt, tenon_p_binding *b)
{
  if (b->gone)
    b->gone(rt, b);
  else
    free_binding(rt, b);
}

static void op_gone(JSRuntime *rt, tenon_p_native *n)
{
  end_binding(rt, (tenon_p_binding *)n->owner);
}

/* What a call came with. */
typedef struct incoming {
  JSValueConst this_value; /* undefined unless the function takes it */
  tenon_p_instance *made;  /* of a constructor, what it fills in */
  int argc;
  JSValueConst *argv;
  const tenon_p_call_options *options; /* that stand by the function; or NULL */
} incoming;

/* The value of parameter `i`, undefined when it was left out. */
static JSValueConst value_of(const tenon_function *f, const incoming *in,
                             uint32_t i)
{
  if (f->params[i].flags & TENON_FIELD_THIS) return in->this_value;
  if (tenon_p_takes_this(f)) i--;
  return i < (uint32_t)in->argc ? in->argv[i] : JS_UNDEFINED;
}

static int read_rest(JSContext *ctx, tenon_p_native *n, tenon_p_call *c,
                     const incoming *in, uint32_t i, void *dst)
{
  const tenon_p_binding *b = binding_of(n);
  const tenon_function *f = b->function;
  tenon_p_place place = {.function = f, .names = &b->names, .index = (int)i};
  int first = (int)i - tenon_p_takes_this(f);
  int count = in->argc > first ? in->argc - first : 0;

  return tenon_p_read_rest(ctx, c, &place, &f->params[i], count,
                           in->argv + first, dst);
}

static bool is_buffer(JSValueConst v)
{
  const uint8_t *data;
  size_t size;

  return tenon_p_bytes_of(v, &data, &size) != TENON_P_BYTES_NONE;
}

/* Scripts that ran behind them may have moved or detached these bytes. Reading
 * a buffer runs none. */
static int read_bytes_again(JSContext *ctx, tenon_p_native *n, tenon_p_call *c,
                            const incoming *in, void *args)
{
  const tenon_function *f = binding_of(n)->function;
  uint32_t i;

  for (i = 0; i < n->count; i++) {
    const tenon_field *p = &f->params[i];
    JSValueConst v = value_of(f, in, i);
    if (!tenon_p_type_borrows(p->type)) continue;
    if (p->type->kind == TENON_KIND_EITHER && !is_buffer(v)) continue;
    if ((p->flags & TENON_FIELD_DEFAULT) && JS_IsUndefined(v)) continue;
    if (op_read(ctx, n, c, i, v, (char *)args + p->offset)) return -1;
  }
  return 0;
}

/* Convert the arguments into `args`: 0, or -1 with an exception. */
static int read_arguments(JSContext *ctx, tenon_p_native *n, tenon_p_call *c,
                          const incoming *in, void *args)
{
  const tenon_function *f = binding_of(n)->function;
  uint32_t i;
  int r = 0;

  if (in->argc < (int)n->required) {
    op_too_few(ctx, n, in->argc);
    return -1;
  }
  if (n->exhaustive && in->argc > (int)n->most) {
    tenon_p_throw_too_many(ctx, f, n->required, n->most, in->argc);
    return -1;
  }
  for (i = 0; r == 0 && i < n->count; i++) {
    const tenon_field *p = &f->params[i];
    JSValueConst v = value_of(f, in, i);
    char *dst = (char *)args + p->offset;

    if (in->made && (p->flags & TENON_FIELD_THIS))
      *(void **)dst = in->made->memory;
    else if (p->flags & TENON_FIELD_REST)
      r = read_rest(ctx, n, c, in, i, dst);
    else if ((p->flags & TENON_FIELD_DEFAULT) && JS_IsUndefined(v))
      ((tenon_args *)args)->absent |= UINT64_C(1) << i;
    else
      r = op_read(ctx, n, c, i, v, dst);
  }
  if (r || !binding_of(n)->reads_twice || c->copies) return r;
  return read_bytes_again(ctx, n, c, in, args);
}

/* Scripts of the arguments may have disposed of `this`: 0, or -1 with an
 * exception. */
static int check_self(JSContext *ctx, tenon_p_native *n, const incoming *in)
{
  const tenon_p_binding *b = binding_of(n);
  tenon_p_place place = {.function = b->function, .names = &b->names};

  if (in->made || !n->self_class) return 0;
  return tenon_p_check_instance(ctx, &place, b->function->params[0].type->of,
                                in->this_value);
}

/* The instance that a call is a method or the constructor of. */
static tenon_p_instance *self_of(JSContext *ctx, tenon_p_native *n,
                                 const incoming *in)
{
  if (in->made) return in->made;
  return n->self_class ? tenon_p_instance_of(ctx, in->this_value) : NULL;
}

/* What a call has left behind in what it was called on. */
static JSValue measured(JSContext *ctx, tenon_p_native *n, tenon_p_call *c,
                        JSValue r)
{
  JSValue thrown = JS_UNINITIALIZED;

  if (!n->measures || n->makes || !c->self || c->self->is_disposed) return r;
  if (JS_IsException(r)) thrown = JS_GetException(ctx);
  if (c->self->class->ops->measure(ctx, c->self) == 0) {
    if (!JS_IsUninitialized(thrown)) JS_Throw(ctx, thrown);
    return r;
  }
  JS_FreeValue(ctx, thrown);
  JS_FreeValue(ctx, r);
  return JS_EXCEPTION;
}

/* A call on the loop that the engine's walk leaves to us. One of a `serial`
 * module does not run beside another on the pool. */
static JSValue call_here(JSContext *ctx, tenon_p_native *n, const incoming *in)
{
  const tenon_p_binding *b = binding_of(n);
  const tenon_function *f = b->function;
  bool is_serial =
      tenon_p_threads_of(b->module->descriptor) == TENON_THREADS_serial;
  JSValue r = JS_EXCEPTION;
  tenon_p_call c;
  void *args, *result;
  uint16_t count;
  bool has_args;

  tenon_p_call_init(&c, false);
  c.ctx = ctx;
  args = tenon_p_call_alloc(&c, f->args_size);
  result = tenon_p_call_alloc(&c, tenon_p_field_size(&f->result));
  if (!args || !result) {
    JS_ThrowOutOfMemory(ctx);
    goto out;
  }
  memset(args, 0, f->args_size);
  ((tenon_args *)args)->context = n->context;
  if (b->has_any && tenon_p_any_open(ctx, &c)) goto out;
  count = tenon_p_native_hide(ctx);
  if (TENON_P_UNLIKELY(tenon_p_finalize_is_due(tenon_p_engine_of(ctx))))
    tenon_p_finalize(tenon_p_engine_of(ctx));
  has_args = read_arguments(ctx, n, &c, in, args) == 0;
  tenon_p_native_show(ctx, count);
  if (!has_args || check_self(ctx, n, in)) goto out;
  c.self = self_of(ctx, n, in);
  if (is_serial) b->module->schedule->lock(b->module->descriptor);
  tenon_p_call_run(&c, f->thunk, args, result);
  if (is_serial) b->module->schedule->unlock(b->module->descriptor);
  if (c.failed)
    r = op_failed(ctx, n, &c);
  else if (n->looks && (((tenon_args *)args)->absent & 1))
    r = JS_UNINITIALIZED;
  else
    r = op_write(ctx, n, &c, result);
  r = tenon_p_any_end(ctx, &c, r);
  r = measured(ctx, n, &c, r);
out:
  tenon_p_call_release(&c);
  return r;
}

static JSValue dispose_here(JSContext *ctx, tenon_p_native *n,
                            const incoming *in)
{
  const tenon_p_binding *b = binding_of(n);
  tenon_p_place place = {.function = b->function, .names = &b->names};

  return tenon_p_dispose_value(ctx, &place, b->own->params[0].type->of,
                               in->this_value, b->own->hook)
             ? JS_EXCEPTION
             : JS_UNDEFINED;
}

/* An accessor of a member of T that the engine's walk leaves to us. */
static JSValue access_here(JSContext *ctx, tenon_p_native *n,
                           const incoming *in)
{
  const tenon_p_binding *b = binding_of(n);
  tenon_p_place place = {.function = b->function, .names = &b->names};
  bool sets = n->access == TENON_P_ACCESS_SET;
  JSValue r = JS_EXCEPTION;
  void *self, *value = NULL;
  tenon_p_call c;

  tenon_p_call_init(&c, false);
  c.ctx = ctx;
  if (tenon_p_read(ctx, &c, &place, &b->own->params[0], in->this_value, &self))
    goto out;
  place.index = sets ? 1 : -1;
  if (!sets) {
    r = tenon_p_write(ctx, &c, &place, b->own->field,
                      (const char *)self + b->own->field->offset);
    goto out;
  }
  value = tenon_p_part_alloc(ctx, &c, tenon_p_field_size(b->own->field));
  if (!value) goto out;
  memset(value, 0, tenon_p_field_size(b->own->field));
  if (tenon_p_read(ctx, &c, &place, b->own->field,
                   in->argc ? in->argv[0] : JS_UNDEFINED, value))
    goto out;
  /* A script that was the value's may have disposed of it. */
  if (tenon_p_instance_of(ctx, in->this_value)->is_disposed) {
    place.index = 0;
    (void)tenon_p_read(ctx, &c, &place, &b->own->params[0], in->this_value,
                       &self);
    goto out;
  }
  memcpy((char *)self + b->own->field->offset, value,
         tenon_p_field_size(b->own->field));
  r = JS_UNDEFINED;
out:
  tenon_p_call_release(&c);
  return r;
}

/* --- Calls that give a Promise ------------------------------------------------------ */

static void settle_by(tenon_p_task *t, int which, JSValueConst v)
{
  JSValue r = JS_Call(t->ctx, t->settle[which], JS_UNDEFINED, 1, &v);

  if (JS_IsException(r)) {
    /* No memory for the reactions: nobody is left who could be told. */
    tenon_p_realm_take_exception(t->ctx);
  }
  JS_FreeValue(t->ctx, r);
}

static void reject_by_exception(tenon_p_task *t)
{
  JSValue e = JS_GetException(t->ctx);

  settle_by(t, 1, e);
  JS_FreeValue(t->ctx, e);
}

void tenon_p_task_fail(tenon_p_task *t, tenon_p_failure *f)
{
  t->call.failed = true;
  if (!tenon_p_failure_runtime(f)) {
    t->call.failure = f;
    return;
  }
  if (t->ctx) {
    t->thrown = tenon_p_failure_error(t->ctx, f);
    if (JS_IsException(t->thrown)) t->thrown = JS_GetException(t->ctx);
    t->has_thrown = true;
  }
  tenon_p_failure_free(f);
}

void tenon_p_task_drop_result(tenon_p_task *t)
{
  bool is_there = !t->binding->iteration || !((tenon_args *)t->args)->absent;

  if (t->ctx && !t->call.failed && !t->has_thrown && is_there)
    tenon_p_drop(t->ctx, &t->binding->function->result, t->result);
}

/* What the instances that it had to itself own now is known first. */
static JSValue result_of(tenon_p_task *t)
{
  const tenon_p_binding *b = t->binding;
  const tenon_function *f = b->function;
  tenon_p_place place = {.function = f, .names = &b->names, .index = -1};

  if (tenon_p_call_measure(t->ctx, &t->call)) {
    tenon_p_task_drop_result(t);
    return JS_EXCEPTION;
  }
  if (t->call.failed) return tenon_p_call_throw(t->ctx, &t->call);
  return tenon_p_write(t->ctx, &t->call, &place, &f->result, t->result);
}

void tenon_p_task_convert(tenon_p_task *t)
{
  t->thrown = result_of(t);
  t->is_converted = !JS_IsException(t->thrown);
  if (!t->is_converted) {
    t->thrown = JS_GetException(t->ctx);
    t->call.failed = true;
  }
  t->has_thrown = true;
}

static void settle(tenon_p_task *t)
{
  JSValue r;

  if (t->binding->iteration) {
    tenon_p_async_iterator_settle(t);
    return;
  }
  if (t->has_thrown) {
    settle_by(t, !t->is_converted, t->thrown);
    return;
  }
  r = result_of(t);
  if (JS_IsException(r)) {
    reject_by_exception(t);
    return;
  }
  if (t->binding->ends && t->call.self) tenon_p_instance_dispose(t->call.self);
  settle_by(t, 0, r);
  JS_FreeValue(t->ctx, r);
}

/* What the promise's reactions do may be to free the realm, whose values are in
 * use here. */
void tenon_p_task_settle(tenon_p_task *t)
{
  tenon_p_realm *realm = tenon_p_realm_of(t->ctx);

  t->has_result = false;
  if (realm && realm->is_closed) {
    tenon_p_task_drop_result(t);
    return;
  }
  if (realm) realm->busy++;
  settle(t);
  if (realm) realm->busy--;
}

void tenon_p_task_reject(tenon_p_task *t, JSValueConst reason)
{
  tenon_p_realm *realm = tenon_p_realm_of(t->ctx);

  if (realm && realm->is_closed) return;
  if (realm) realm->busy++;
  settle_by(t, 1, reason);
  if (realm) realm->busy--;
}

void tenon_p_task_discard(tenon_p_task *t)
{
  t->has_result = false;
  /* What instances own now counts, whoever asked for it. */
  if (tenon_p_call_measure(t->ctx, &t->call))
    JS_FreeValue(t->ctx, JS_GetException(t->ctx));
  tenon_p_task_drop_result(t);
}

void tenon_p_task_release_values(tenon_p_task *t)
{
  if (!t->ctx) return;
  JS_FreeValue(t->ctx, t->settle[0]);
  JS_FreeValue(t->ctx, t->settle[1]);
  /* Not written otherwise: another thread may be about to come too late. */
  if (t->has_thrown) {
    JS_FreeValue(t->ctx, t->thrown);
    t->has_thrown = false;
  }
  JS_FreeValue(t->ctx, t->function);
  JS_FreeContext(t->ctx);
  t->ctx = NULL;
}

void tenon_p_task_release(tenon_p_task *t)
{
  tenon_p_task_release_values(t);
  tenon_p_call_release(&t->call);
}

int tenon_p_check_realm(JSContext *ctx, const tenon_function *f)
{
  const tenon_p_realm *realm = tenon_p_realm_of(ctx);
  tenon_p_text t = TENON_P_TEXT_INIT;

  if (!realm || !realm->is_closed) return 0;
  tenon_p_text_printf(&t, "%s: its realm was freed", f->name);
  if (t.failed)
    JS_ThrowOutOfMemory(ctx);
  else
    tenon_p_throw_error(ctx, TENON_P_PLAIN_ERROR, t.data, t.len);
  tenon_p_text_release(&t);
  return -1;
}

/* The arguments, then the options, of which some stand behind the parameters. 0,
 * or -1 with an exception, which may be that the call is aborted already. */
static int read_call(JSContext *ctx, tenon_p_native *n, const incoming *given,
                     tenon_p_task *t, tenon_p_call_options *o)
{
  const tenon_function *f = binding_of(n)->function;
  JSValueConst object = JS_UNDEFINED;
  incoming in = *given;
  int r;

  /* Disposal that is only half done is none: it has no options. */
  if (in.argc > (int)n->most && !binding_of(n)->ends) {
    r = tenon_p_options_are_there(ctx, in.argv[n->most]);
    if (r < 0) return -1;
    if (r) object = in.argv[n->most];
    if (r && in.argc == (int)n->most + 1) in.argc--;
  }
  if (read_arguments(ctx, n, &t->call, &in, t->args)) return -1;
  if (in.options) {
    *o = *in.options;
    JS_DupValue(ctx, o->signal);
  }
  if (!JS_IsUndefined(object) && tenon_p_options_read(ctx, f, object, o))
    return -1;
  if (check_self(ctx, n, &in)) return -1;
  return tenon_p_options_check(ctx, o);
}

/* Errors of the arguments reject: what returns a Promise does not throw, but
 * for a lack of memory before there is one. */
static JSValue start_task(JSContext *ctx, JSValueConst function,
                          tenon_p_native *n, const incoming *in)
{
  const tenon_p_binding *b = binding_of(n);
  const tenon_function *f = b->function;
  const tenon_p_schedule *schedule = b->module->schedule;
  tenon_p_task *t = schedule->new_task(tenon_p_engine_of(ctx), f);
  tenon_p_call_options options = tenon_p_no_options();
  JSValue promise;

  if (!t) return JS_ThrowOutOfMemory(ctx);
  promise = JS_NewPromiseCapability(ctx, t->settle);
  if (JS_IsException(promise)) {
    schedule->drop_task(tenon_p_engine_of(ctx), f, t);
    return promise;
  }
  t->engine = tenon_p_engine_of(ctx);
  t->binding = b;
  t->ctx = JS_DupContext(ctx);
  t->function = JS_DupValue(ctx, function);
  tenon_p_call_init(&t->call, true);
  t->args = tenon_p_call_alloc(&t->call, f->args_size);
  t->result = tenon_p_call_alloc(&t->call, tenon_p_field_size(&f->result));
  if (t->args && t->result) {
    memset(t->args, 0, f->args_size);
    ((tenon_args *)t->args)->context = n->context;
    if (tenon_p_check_realm(ctx, f) == 0 && schedule->admit(ctx, f) == 0 &&
        read_call(ctx, n, in, t, &options) == 0) {
      t->call.self = self_of(ctx, n, in);
      if (schedule->start(t, &options) == 0) {
        tenon_p_options_release(ctx, &options);
        return promise;
      }
    }
  } else {
    JS_ThrowOutOfMemory(ctx);
  }
  tenon_p_options_release(ctx, &options);
  reject_by_exception(t);
  tenon_p_task_release(t);
  schedule->drop_task(tenon_p_engine_of(ctx), f, t);
  return promise;
}

/* Once it was begun there is one end. */
static JSValue start_ending(JSContext *ctx, JSValueConst function,
                            tenon_p_native *n, const incoming *in)
{
  tenon_p_instance *i = tenon_p_instance_of(ctx, in->this_value);
  JSValue promise;

  if (!i || !tenon_p_class_extends(i->class, n->self_class) ||
      (i->is_out && !tenon_p_instance_is_ending(i)))
    return start_task(ctx, function, n, in);
  promise = tenon_p_instance_ending(ctx, i);
  if (!JS_IsUndefined(promise)) return promise;
  promise = start_task(ctx, function, n, in);
  if (i->is_out) tenon_p_instance_ends_by(ctx, i, promise);
  return promise;
}

static JSValue op_start(JSContext *ctx, JSValueConst function,
                        tenon_p_native *n, JSValueConst this_value,
                        tenon_p_instance *made, int argc, JSValueConst *argv)
{
  const tenon_p_binding *b = binding_of(n);
  const incoming in = {this_value, made, argc, argv, NULL};

  if (b->iteration) return tenon_p_iterator_new(ctx, function, n, this_value);
  if (n->access == TENON_P_ACCESS_DISPOSE || n->access == TENON_P_ACCESS_TELL)
    return dispose_here(ctx, n, &in);
  if (n->access) return access_here(ctx, n, &in);
  if (!n->thunk)
    return tenon_p_throw_plain(ctx, TENON_P_MESSAGE_NO_CONSTRUCTOR,
                               b->function->name);
  if (b->function->flags == 0 && !b->is_async_twin)
    return call_here(ctx, n, &in);
  if (b->ends) return start_ending(ctx, function, n, &in);
  return start_task(ctx, function, n, &in);
}

static JSValue op_start_with(JSContext *ctx, JSValueConst function,
                             tenon_p_native *n, JSValueConst this_value,
                             int argc, JSValueConst *argv,
                             const tenon_p_call_options *o)
{
  const incoming in = {this_value, NULL, argc, argv, o};

  return start_task(ctx, function, n, &in);
}

static int op_read_options(JSContext *ctx, tenon_p_native *n, JSValueConst v,
                           tenon_p_call_options *o)
{
  return tenon_p_options_read(ctx, binding_of(n)->function, v, o);
}

/* --- Function objects ------------------------------------------------------------------ */

static JSValue new_twin(JSContext *ctx, tenon_p_native *n);

static JSValue op_twin(JSContext *ctx, tenon_p_native *n)
{
  return new_twin(ctx, n);
}

#define OPS(reader)                                                           \
  {                                                                           \
    .read = reader, .write = op_write, .too_few = op_too_few,                 \
    .failed = op_failed, .end = op_end, .start = op_start,                    \
    .start_with = op_start_with, .read_options = op_read_options,             \
    .not_new = op_not_new, .twin = op_twin, .mark = op_mark, .gone = op_gone, \
  }
static const tenon_p_native_ops ops = OPS(op_read);
static const tenon_p_native_ops ops_read_first = OPS(op_read_first);
#undef OPS

static uint32_t op_of_kind(uint32_t kind)
{
  static const uint8_t ops_of_kinds[] = {
      [TENON_KIND_NONE] = TENON_P_OP_NONE,
      [TENON_KIND_BOOL] = TENON_P_OP_BOOL,
      [TENON_KIND_I8] = TENON_P_OP_I8,
      [TENON_KIND_U8] = TENON_P_OP_U8,
      [TENON_KIND_I16] = TENON_P_OP_I16,
      [TENON_KIND_U16] = TENON_P_OP_U16,
      [TENON_KIND_I32] = TENON_P_OP_I32,
      [TENON_KIND_U32] = TENON_P_OP_U32,
      [TENON_KIND_I64] = TENON_P_OP_I64,
      [TENON_KIND_U64] = TENON_P_OP_U64,
      [TENON_KIND_F32] = TENON_P_OP_F32,
      [TENON_KIND_F64] = TENON_P_OP_F64,
      [TENON_KIND_STR] = TENON_P_OP_STR,
      [TENON_KIND_BYTES] = TENON_P_OP_BYTES,
      [TENON_KIND_BIG_I64] = TENON_P_OP_BIG_I64,
      [TENON_KIND_BIG_U64] = TENON_P_OP_BIG_U64,
      [TENON_KIND_CSTR] = TENON_P_OP_CSTR,
  };

  return kind < tenon_p_countof(ops_of_kinds) ? ops_of_kinds[kind]
                                              : TENON_P_OP_OTHER;
}

static uint32_t op_of(const tenon_field *f)
{
  uint32_t flags = f->flags & ~(uint32_t)TENON_FIELD_EXHAUSTIVE;
  uint32_t op = op_of_kind(f->type->kind);

  if (f->flags & TENON_FIELD_DEFAULT) return TENON_P_OP_DEFAULT;
  if (flags == 0 || op == TENON_P_OP_OTHER) return op;
  /* Bytes of a pointer are read again when scripts have run. */
  if (op == TENON_P_OP_BYTES) return TENON_P_OP_OTHER;
  if (flags == TENON_FIELD_OPT) return op | TENON_P_OP_OPT;
  if (flags == TENON_FIELD_NULLABLE) return op | TENON_P_OP_NULLABLE;
  return TENON_P_OP_OTHER;
}

/* What `f` is as a member: with a name of its own. 0, or -1 with an exception. */
static int bind_method(JSContext *ctx, tenon_p_binding *b,
                       const tenon_p_method *method)
{
  static const tenon_type nothing = {.name = "none"};
  size_t size = strlen(method->label) + 1;
  tenon_p_own *own = js_mallocz(ctx, sizeof *own + size);

  if (!own) return -1;
  memcpy(own->label, method->label, size);
  own->function = (tenon_function){.result.type = &nothing};
  if (method->function) own->function = *method->function;
  own->function.name = own->label;
  b->own = own;
  b->function = &own->function;
  b->ends = method->ends;
  own->hook = method->hook;
  if (!method->self) return 0;
  own->self = (tenon_type){.kind = TENON_KIND_CLASS,
                           .size = sizeof(void *),
                           .name = method->self->name,
                           .of = method->self};
  own->params[0] = (tenon_field){.name = "self",
                                 .type = &own->self,
                                 .offset = sizeof(tenon_args),
                                 .flags = TENON_FIELD_THIS};
  own->function.params = own->params;
  own->function.param_count = method->sets ? 2 : 1;
  if (!method->field) return 0;
  own->field = method->field;
  own->params[1] = *method->field;
  own->params[1].name = "value";
  own->function.result = *method->field;
  return 0;
}

static int init_binding(JSContext *ctx, tenon_p_binding *b)
{
  const tenon_function *f = b->function;
  bool borrows = false;
  uint32_t i;

  if (tenon_p_names_init(ctx, &b->names, f)) return -1;
  for (i = 0; i < f->param_count; i++) {
    if (borrows && tenon_p_field_runs_scripts(&f->params[i]))
      b->reads_twice = true;
    if (tenon_p_type_borrows(f->params[i].type)) borrows = true;
  }
  b->has_any = tenon_p_function_has_any(f);
  return 0;
}

int tenon_p_binding_init(JSContext *ctx, tenon_p_binding *b,
                         const tenon_p_module *m, const tenon_function *f)
{
  b->function = f;
  b->module = m;
  return init_binding(ctx, b);
}

static tenon_p_binding *new_binding(JSContext *ctx, const tenon_p_module *m,
                                    const tenon_function *f,
                                    const tenon_p_method *method,
                                    bool is_async_twin)
{
  tenon_p_binding *b = js_mallocz(ctx, sizeof *b);

  if (!b) return NULL;
  b->function = f;
  b->module = m;
  b->name = method ? method->name : NULL;
  b->is_async_twin = is_async_twin;
  if ((method && bind_method(ctx, b, method)) || init_binding(ctx, b)) {
    free_binding(JS_GetRuntime(ctx), b);
    return NULL;
  }
  b->names.learns = true;
  return b;
}

static bool runs_scripts(const tenon_function *f)
{
  uint32_t i;

  for (i = 0; i < f->param_count; i++)
    if (tenon_p_field_runs_scripts(&f->params[i])) return true;
  return false;
}

static void fill_accessor(tenon_p_native *n, const tenon_p_method *method)
{
  n->access = method->sets ? TENON_P_ACCESS_SET : TENON_P_ACCESS_GET;
  n->result_op = op_of(method->field);
  n->param[0].op = op_of(method->field);
  n->param[0].offset = method->field->offset;
  n->args_size = (uint32_t)tenon_p_field_size(method->field);
  n->required = method->sets;
}

static JSValue function_of(JSContext *ctx, tenon_p_binding *b,
                           const tenon_p_method *method, void *const *context)
{
  const tenon_function *f = b->function;
  const tenon_module *m = b->module->descriptor;
  tenon_p_native *n;
  bool is_method, is_safe;
  uint32_t i;

  n = js_mallocz(ctx, sizeof *n + (f->param_count + 1) * sizeof n->param[0]);
  if (!n) {
    end_binding(JS_GetRuntime(ctx), b);
    return JS_EXCEPTION;
  }
  is_method = method && (method->self_class || method->makes);
  n->thunk = f->thunk;
  n->owner = b;
  n->count = f->param_count;
  n->args_size = f->args_size;
  n->takes_this = tenon_p_takes_this(f);
  n->required = tenon_p_required(f);
  if (method) {
    n->self_class = method->self_class;
    n->makes = method->makes;
    n->measures = method->measures;
    n->looks = method->looks;
  }
  n->result_op = op_of(&f->result);
  if (n->makes && n->result_op == TENON_P_OP_OTHER)
    n->result_op = TENON_P_OP_MADE;
  for (i = 0; i < f->param_count; i++) {
    n->param[i].op = op_of(&f->params[i]);
    n->param[i].offset = f->params[i].offset;
    /* Off the loop arguments are copies. */
    if (!b->is_async_twin && !f->flags &&
        tenon_p_type_borrows(f->params[i].type))
      n->borrows |= UINT32_C(1) << i;
  }
  n->has_context = context != NULL;
  if (context) n->context = *context;
  n->exhaustive = f->result.flags & TENON_FIELD_EXHAUSTIVE;
  n->most = tenon_p_has_rest(f) ? INT32_MAX : f->param_count - n->takes_this;
  n->starts = b->is_async_twin || f->flags || (method && method->iterates) ||
              b->reads_twice || b->has_any || (n->takes_this && !is_method) ||
              tenon_p_has_rest(f) ||
              tenon_p_field_size(&f->result) > TENON_P_NATIVE_RESULT ||
              !f->thunk ||
              (tenon_p_threads_of(m) == TENON_THREADS_serial &&
               (!b->module->gate || method || context));
  n->gate = n->starts ? NULL : b->module->gate;
  n->is_later = (b->is_async_twin || f->flags) && f->thunk && !b->ends &&
                !(method && (method->iterates || method->makes));
  if (method && method->field) fill_accessor(n, method);
  if (method && method->disposes)
    n->access = method->hook ? TENON_P_ACCESS_TELL : TENON_P_ACCESS_DISPOSE;
  n->ops = n->borrows && runs_scripts(f) ? &ops_read_first : &ops;
  is_safe =
      !b->is_async_twin && f->flags == 0 && !context &&
      !tenon_p_is_bound_to_loop(f) &&
      tenon_p_threads_of(m) != TENON_THREADS_none && f->thunk &&
      !(method && (method->is_accessor || method->makes || method->iterates));
  return tenon_p_native_new(ctx, n, method ? method->name : f->name,
                            tenon_p_length(f), is_safe);
}

JSValue tenon_p_binding_function(JSContext *ctx, tenon_p_binding *b,
                                 void *const *context)
{
  return function_of(ctx, b, NULL, context);
}

static JSValue new_function(JSContext *ctx, const tenon_p_module *m,
                            const tenon_function *f,
                            const tenon_p_method *method, bool is_async_twin)
{
  tenon_p_binding *b = new_binding(ctx, m, f, method, is_async_twin);

  return b ? function_of(ctx, b, method, NULL) : JS_EXCEPTION;
}

JSValue tenon_p_function_new(JSContext *ctx, const tenon_p_module *m,
                             const tenon_function *f)
{
  return new_function(ctx, m, f, NULL, false);
}

JSValue tenon_p_method_new(JSContext *ctx, const tenon_p_module *m,
                           const tenon_p_method *method)
{
  return new_function(ctx, m, NULL, method, false);
}

static JSValue new_twin(JSContext *ctx, tenon_p_native *n)
{
  const tenon_p_binding *b = binding_of(n);
  tenon_p_method method = {.function = b->function,
                           .label = b->function->name,
                           .name = b->name,
                           .self_class = n->self_class};

  if (!b->own) return new_function(ctx, b->module, b->function, NULL, true);
  return new_function(ctx, b->module, NULL, &method, true);
}
