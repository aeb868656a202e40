/*
 * setTimeout, setInterval and their opposites (HTML Standard, 8.6 Timers).
 *
 * A timer is found by its number in a hash table; its time is an alarm of the
 * loop's clock (loop/clock.h). A timer's memory is freed at once when it is
 * cleared or has fired.
 */
#include <alloca.h>

#include "loop/loop.h"
#include "std/std.h"

typedef struct timer timer;

/* Those of one realm, which may not clear others. */
typedef struct group {
  tenon_p_list timers; /* of timer.link */
} group;

typedef struct timers {
  tenon_p_engine *engine;
  tenon_p_loop *loop;
  timer **buckets;
  size_t bucket_count, count; /* a power of two */
  uint64_t last_id;
} timers;

struct timer {
  tenon_p_alarm alarm;
  tenon_p_operation operation;
  timer *next; /* in its bucket */
  tenon_p_list link;
  timers *owner;
  JSContext *ctx; /* counted: whose function it is */
  const group *group;
  uint64_t id;
  bool is_repeating;
  JSValue function;
  int argc;
  JSValue argv[];
};

static void timers_close(tenon_p_engine *e, void *state);
static void timers_free(tenon_p_engine *e, void *state);

static const tenon_p_state_type timers_type = {
    .name = "timers", .close = timers_close, .free = timers_free};

static void group_close(tenon_p_realm *r, void *state);
static void group_free(tenon_p_realm *r, JSRuntime *rt, void *state);

static const tenon_p_realm_type group_type = {
    .name = "timers", .close = group_close, .free = group_free};

static const tenon_p_operation_kind timer_kind = {
    .one = "timer", .many = "timers", .is_handle = true};

/* A table that is larger goes with the last timer. */
#define SMALL_TABLE 64

/* --- The table ---------------------------------------------------------------------- */

static timer **find(const timers *all, uint64_t id)
{
  timer **at = &all->buckets[id & (all->bucket_count - 1)];

  while (*at && (*at)->id != id)
    at = &(*at)->next;
  return at;
}

static int grow(timers *all)
{
  size_t count = all->bucket_count ? all->bucket_count * 2 : 64, i;
  timer **old = all->buckets, *t, *next;
  size_t old_count = all->bucket_count;
  timer **buckets = NULL;

  if (tenon_p_engine_admits(all->engine, count * sizeof *buckets))
    buckets = tenon_p_heap_alloc(&all->engine->heap, count * sizeof *buckets);
  if (!buckets) return -1;
  all->buckets = buckets;
  all->bucket_count = count;
  for (i = 0; i < old_count; i++) {
    for (t = old[i]; t; t = next) {
      timer **to = &buckets[t->id & (count - 1)];
      next = t->next;
      t->next = *to;
      *to = t;
    }
  }
  tenon_p_heap_free(&all->engine->heap, old);
  return 0;
}

static void fire(tenon_p_loop *l, tenon_p_ready *r);

/* --- Life ------------------------------------------------------------------------------ */

static void end(timer *t)
{
  timers *all = t->owner;
  JSContext *ctx = t->ctx;
  timer **at = find(all, t->id);
  int i;

  *at = t->next;
  all->count--;
  tenon_p_operation_end(&t->operation);
  tenon_p_list_remove(&t->link);
  tenon_p_alarm_end(all->loop, &t->alarm);
  JS_FreeValue(ctx, t->function);
  for (i = 0; i < t->argc; i++)
    JS_FreeValue(ctx, t->argv[i]);
  tenon_p_heap_free(&all->engine->heap, t);
  if (all->count == 0 && all->bucket_count > SMALL_TABLE) {
    tenon_p_heap_free(&all->engine->heap, all->buckets);
    all->buckets = NULL;
    all->bucket_count = 0;
  }
  JS_FreeContext(ctx);
}

/* One with a delay; NULL when out of memory. */
static timer *new_timer(timers *all, uint64_t delay_ms, int argc)
{
  size_t size = sizeof(timer) + (size_t)argc * sizeof(JSValue);
  timer *t = NULL;

  if (all->count >= all->bucket_count && grow(all)) return NULL;
  if (tenon_p_engine_admits(all->engine, size))
    t = tenon_p_heap_alloc(&all->engine->heap, size);
  if (!t) return NULL;
  if (tenon_p_alarm_init(all->loop, &t->alarm, delay_ms, fire)) {
    tenon_p_heap_free(&all->engine->heap, t);
    return NULL;
  }
  t->alarm.holds = true;
  tenon_p_operation_init(&t->operation);
  return t;
}

static void timers_close(tenon_p_engine *e, void *state)
{
  timers *all = state;
  size_t i;

  (void)e;
  /* The last one that ends takes a large table along. */
  for (i = 0; i < all->bucket_count; i++)
    while (i < all->bucket_count && all->buckets[i])
      end(all->buckets[i]);
}

static void timers_free(tenon_p_engine *e, void *state)
{
  timers *all = state;

  tenon_p_heap_free(&e->heap, all->buckets);
  tenon_p_heap_free(&e->heap, all);
}

static void group_close(tenon_p_realm *r, void *state)
{
  group *g = state;

  (void)r;
  while (!tenon_p_list_is_empty(&g->timers))
    end(tenon_p_container(g->timers.next, timer, link));
}

/* A timer holds its context: there is none. */
static void group_free(tenon_p_realm *r, JSRuntime *rt, void *state)
{
  (void)rt;
  tenon_p_heap_free(&r->engine->heap, state);
}

/* --- Firing ---------------------------------------------------------------------------- */

/* The values are held here: the callback may clear its own timer. */
static void fire(tenon_p_loop *l, tenon_p_ready *r)
{
  timer *t = tenon_p_container(r, timer, alarm.ready);
  JSContext *ctx = JS_DupContext(t->ctx);
  JSValue function = JS_DupValue(ctx, t->function), global, result;
  int argc = t->argc, i;
  JSValue *argv = alloca((size_t)(argc + 1) * sizeof *argv);

  for (i = 0; i < argc; i++)
    argv[i] = JS_DupValue(ctx, t->argv[i]);
  if (t->is_repeating)
    tenon_p_alarm_start(l, &t->alarm);
  else
    end(t);
  global = JS_GetGlobalObject(ctx);
  result = JS_Call(ctx, function, global, argc, (JSValueConst *)argv);
  if (JS_IsException(result)) tenon_p_realm_take_exception(ctx);
  JS_FreeValue(ctx, result);
  JS_FreeValue(ctx, global);
  for (i = 0; i < argc; i++)
    JS_FreeValue(ctx, argv[i]);
  JS_FreeValue(ctx, function);
  JS_FreeContext(ctx);
}

/* --- The functions --------------------------------------------------------------------- */

enum { ONCE, REPEATING };
/* More would not fit the stack that `fire` copies them to. */
#define MOST_ARGUMENTS 1024

static JSValue set_timer(JSContext *ctx, JSValueConst this_value, int argc,
                         JSValueConst *argv, int magic)
{
  static const char *const names[] = {"setTimeout", "setInterval"};
  tenon_p_engine *e = tenon_p_engine_of(ctx);
  timers *all = tenon_p_engine_get(e, &timers_type);
  group *g = tenon_p_realm_get(ctx, &group_type);
  int32_t delay = 0;
  timer *t, **at;
  int extra, i;

  (void)this_value;
  if (argc < 1 || !JS_IsFunction(ctx, argv[0]))
    return JS_ThrowTypeError(ctx,
                             "%s: argument 1 'callback': expected "
                             "function",
                             names[magic]);
  /* A WebIDL long: what does not fit wraps, NaN is 0; negative is 0 too. */
  if (argc > 1 && JS_ToInt32(ctx, &delay, argv[1])) return JS_EXCEPTION;
  if (delay < 0) delay = 0;
  extra = argc > 2 ? argc - 2 : 0;
  if (extra > MOST_ARGUMENTS)
    return JS_ThrowRangeError(ctx, "%s: more than %d arguments", names[magic],
                              MOST_ARGUMENTS);
  /* Nobody waits for a realm that was freed. */
  if (tenon_p_realm_of(ctx)->is_closed)
    return JS_NewInt64(ctx, (int64_t)++all->last_id);
  if (tenon_p_operation_admit(ctx, &timer_kind, names[magic]))
    return JS_EXCEPTION;
  /* An interval of 0 would leave the loop no room for anything else. */
  if (magic == REPEATING && delay == 0) delay = 1;
  t = new_timer(all, (uint64_t)delay, extra);
  if (!t) return JS_ThrowOutOfMemory(ctx);
  t->owner = all;
  tenon_p_operation_begin(all->loop, &t->operation, &timer_kind);
  t->ctx = JS_DupContext(ctx);
  t->group = g;
  tenon_p_list_append(&g->timers, &t->link);
  t->id = ++all->last_id;
  t->is_repeating = magic == REPEATING;
  t->function = JS_DupValue(ctx, argv[0]);
  t->argc = extra;
  for (i = 0; i < extra; i++)
    t->argv[i] = JS_DupValue(ctx, argv[i + 2]);
  at = find(all, t->id);
  t->next = *at;
  *at = t;
  all->count++;
  tenon_p_alarm_start(all->loop, &t->alarm);
  return JS_NewInt64(ctx, (int64_t)t->id);
}

static JSValue clear_timer(JSContext *ctx, JSValueConst this_value, int argc,
                           JSValueConst *argv)
{
  timers *all = tenon_p_engine_get(tenon_p_engine_of(ctx), &timers_type);
  timer *t;
  double id;

  (void)this_value;
  if (argc < 1 || JS_IsUndefined(argv[0])) return JS_UNDEFINED;
  if (JS_ToFloat64(ctx, &id, argv[0])) return JS_EXCEPTION;
  if (!all->count || !(id >= 1 && id <= 9007199254740991.0))
    return JS_UNDEFINED;
  t = *find(all, (uint64_t)id);
  if (t && t->group == tenon_p_realm_get(ctx, &group_type)) end(t);
  return JS_UNDEFINED;
}

void tenon_p_timers_hold(JSContext *ctx, double id, bool on)
{
  timers *all = tenon_p_engine_get(tenon_p_engine_of(ctx), &timers_type);
  timer *t = NULL;

  if (all->count && id >= 1 && id <= 9007199254740991.0)
    t = *find(all, (uint64_t)id);
  if (t) tenon_p_alarm_hold(all->loop, &t->alarm, on);
}

static const JSCFunctionListEntry functions[] = {
    JS_CFUNC_MAGIC_DEF("setTimeout", 1, set_timer, ONCE),
    JS_CFUNC_MAGIC_DEF("setInterval", 1, set_timer, REPEATING),
    JS_CFUNC_DEF("clearTimeout", 1, clear_timer),
    JS_CFUNC_DEF("clearInterval", 1, clear_timer),
};

int tenon_p_timers_functions(JSContext *ctx, JSValueConst object)
{
  return JS_SetPropertyFunctionList(ctx, object, functions,
                                    tenon_p_countof(functions));
}

int tenon_p_timers_attach(tenon_p_engine *e, const tenon_p_std_options *o)
{
  timers *all = tenon_p_heap_alloc(&e->heap, sizeof *all);

  (void)o;
  if (!all) return -1;
  all->engine = e;
  all->loop = tenon_p_loop_of(e);
  if (tenon_p_engine_attach(e, &timers_type, all) == 0) return 0;
  tenon_p_heap_free(&e->heap, all);
  return -1;
}

int tenon_p_timers_define(tenon_p_realm *r)
{
  group *g = tenon_p_heap_alloc(&r->engine->heap, sizeof *g);
  JSValue global;
  int code;

  if (!g) return -1;
  tenon_p_list_init(&g->timers);
  if (tenon_p_realm_attach(r, &group_type, g)) {
    tenon_p_heap_free(&r->engine->heap, g);
    return -1;
  }
  global = JS_GetGlobalObject(r->ctx);
  code = JS_SetPropertyFunctionList(r->ctx, global, functions,
                                    tenon_p_countof(functions));
  JS_FreeValue(r->ctx, global);
  return code;
}
