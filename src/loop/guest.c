/*
 * The loop in a runtime whose host has a loop of its own, or none.
 *
 * The engine asks here when the host has executed all jobs, which hosts do
 * before they wait or end. What can be run is run then, without waiting. As
 * long as operations are open the host is to come back, and it does so by one
 * descriptor, which is readable when there is something to run:
 *
 * - a host that asked for it (tenon_attach_fd) polls it itself;
 * - one with quickjs-libc's module `os` polls it by os.setReadHandler, which
 *   also keeps its loop from ending;
 * - any other has no way to wait: it waits here, for the jobs.
 *
 * Invariants
 * - Scripts and settlements run in turns of this loop only, never from within
 *   a native function, where the host may be anywhere.
 * - When the host waits, the descriptor is armed (loop/descriptor.h): it becomes
 *   readable by an event of libuv, by its next timer, or at once while jobs are
 *   pending.
 * - A pending exception of the host is still pending behind a turn.
 */
#include <tenon/error.h>

#include "engine/finalize.h"
#include "loop/loop.h"

typedef struct guest {
  tenon_p_loop *loop;
  bool is_polled;           /* the host polls the loop's descriptor by itself */
  bool is_watched;          /* the host's os has a handler for it */
  bool has_run;             /* a turn, which has brought jobs */
  JSValue set_read_handler; /* of the host's os; undefined: not found */
  JSValue on_readable;
} guest;

static void guest_close(tenon_p_engine *e, void *state);
static void guest_release(tenon_p_engine *e, void *state);
static void guest_free(tenon_p_engine *e, void *state);

static const tenon_p_state_type guest_type = {.name = "guest",
                                              .close = guest_close,
                                              .release = guest_release,
                                              .free = guest_free};

static guest *guest_of(JSRuntime *rt)
{
  return tenon_p_engine_get(tenon_p_runtime_owner(rt), &guest_type);
}

/* --- quickjs-libc's os --------------------------------------------------------------- */

/* The host wakes up: that is all, jobs and turns follow. */
static JSValue wake_up(JSContext *ctx, JSValueConst this_value, int argc,
                       JSValueConst *argv)
{
  (void)ctx;
  (void)this_value;
  (void)argc;
  (void)argv;
  return JS_UNDEFINED;
}

static JSValue find_in(JSContext *ctx, const char *module)
{
  JSModuleDef *m = tenon_p_module_find(ctx, module);
  JSValue os, f;

  if (!m) return JS_HasException(ctx) ? JS_EXCEPTION : JS_UNDEFINED;
  os = tenon_p_module_use(ctx, m);
  if (!JS_IsObject(os)) return os;
  f = JS_GetPropertyStr(ctx, os, "setReadHandler");
  JS_FreeValue(ctx, os);
  if (JS_IsException(f) || JS_IsFunction(ctx, f)) return f;
  JS_FreeValue(ctx, f);
  return JS_UNDEFINED;
}

/* Hosts register the module before or after they attach, if at all. */
static bool find_os(guest *g)
{
  JSContext *ctx = g->loop->engine->ctx;
  JSValue f = g->set_read_handler, on_readable;

  if (!JS_IsUndefined(f)) return true;
  f = find_in(ctx, "qjs:os");
  if (JS_IsUndefined(f)) f = find_in(ctx, "os");
  if (!JS_IsFunction(ctx, f)) return false;
  on_readable = JS_NewCFunction(ctx, wake_up, "", 0);
  if (JS_IsException(on_readable)) {
    JS_FreeValue(ctx, f);
    return false;
  }
  g->set_read_handler = f;
  g->on_readable = on_readable;
  return true;
}

static bool set_handler(guest *g, JSValueConst handler)
{
  JSContext *ctx = g->loop->engine->ctx;
  JSValueConst args[] = {JS_NewInt32(ctx, g->loop->descriptor.fd), handler};
  JSValue r = JS_Call(ctx, g->set_read_handler, JS_UNDEFINED, 2, args);

  JS_FreeValue(ctx, r);
  return !JS_IsException(r);
}

/* Let the host wait for us: false when it cannot. */
static bool watch(guest *g)
{
  if (!g->is_watched)
    g->is_watched = find_os(g) && set_handler(g, g->on_readable);
  return g->is_watched;
}

static void unwatch(guest *g)
{
  if (!g->is_watched) return;
  set_handler(g, JS_NULL);
  g->is_watched = false;
}

/* --- What the engine asks ------------------------------------------------------------- */

/* Can the host wait for us, and is there something to wait for? */
static bool is_waited_for(guest *g)
{
  return tenon_p_loop_is_alive(g->loop) && (g->is_polled || watch(g));
}

/* One turn for each time that the host has waited: operations that follow on
 * each other at once must not keep it from its own timers. */
static void run_until_job(JSRuntime *rt, guest *g)
{
  if (g->has_run && is_waited_for(g)) {
    g->has_run = false;
    tenon_p_loop_arm(g->loop);
    return;
  }
  tenon_p_loop_pump(g->loop, false);
  while (!tenon_p_runtime_has_jobs(rt)) {
    g->has_run = false;
    if (is_waited_for(g)) {
      tenon_p_loop_arm(g->loop);
      return;
    }
    if (!tenon_p_loop_is_alive(g->loop)) {
      unwatch(g);
      tenon_p_loop_arm(g->loop);
      return;
    }
    tenon_p_loop_pump(g->loop, true);
  }
  g->has_run = true;
}

static void on_idle(JSRuntime *rt)
{
  guest *g = guest_of(rt);
  JSContext *ctx = g->loop->engine->ctx;
  JSValue held = JS_UNINITIALIZED;
  bool has_exception;

  /* A script that a turn runs has the host execute jobs. */
  if (g->loop->is_running) return;
  tenon_p_finalize(g->loop->engine);
  if (!g->is_polled && !g->is_watched && !tenon_p_loop_is_alive(g->loop))
    return;
  has_exception = JS_HasException(ctx);
  if (has_exception) held = JS_GetException(ctx);
  run_until_job(rt, g);
  /* Ours were for want of memory: the host waits here where it cannot poll. */
  if (JS_HasException(ctx)) JS_FreeValue(ctx, JS_GetException(ctx));
  if (has_exception) JS_Throw(ctx, held);
}

/* A host that polls between two jobs must not wait there. */
static void on_busy(JSRuntime *rt)
{
  guest *g = guest_of(rt);

  if (g->is_watched || g->is_polled)
    tenon_p_descriptor_set(&g->loop->descriptor, g->loop->uv, 0);
}

static bool has_work(JSRuntime *rt)
{
  guest *g = guest_of(rt);

  if (g->loop->is_running || !tenon_p_loop_is_alive(g->loop)) return false;
  if (!g->is_polled && !g->is_watched) return true;
  if (tenon_p_loop_has_something(g->loop)) return true;
  tenon_p_loop_arm(g->loop);
  return false;
}

static void before_free(JSRuntime *rt)
{
  tenon_p_engine_move_out(tenon_p_runtime_owner(rt));
}

static const tenon_p_guest_hooks hooks = {.idle = on_idle,
                                          .busy = on_busy,
                                          .has_work = has_work,
                                          .before_free = before_free};

/* --- Life -------------------------------------------------------------------------------- */

int tenon_p_guest_move_in(tenon_p_engine *e)
{
  guest *g = tenon_p_heap_alloc(&e->heap, sizeof *g);
  int r = TENON_ENOMEM;

  if (!g) return r;
  g->loop = tenon_p_loop_of(e);
  g->set_read_handler = g->on_readable = JS_UNDEFINED;
  r = tenon_p_loop_open_descriptor(g->loop);
  if (r == 0) r = tenon_p_engine_attach(e, &guest_type, g);
  if (r) {
    guest_free(e, g);
    return r;
  }
  return tenon_p_engine_move_in(e, &hooks);
}

static void guest_close(tenon_p_engine *e, void *state)
{
  guest *g = state;
  JSContext *ctx = e->ctx;

  /* The host has let go of its handlers, or will do so. */
  if (!g->is_watched) return;
  unwatch(g);
  if (JS_HasException(ctx)) JS_FreeValue(ctx, JS_GetException(ctx));
}

static void guest_release(tenon_p_engine *e, void *state)
{
  guest *g = state;

  JS_FreeValue(e->ctx, g->set_read_handler);
  JS_FreeValue(e->ctx, g->on_readable);
}

static void guest_free(tenon_p_engine *e, void *state)
{
  tenon_p_heap_free(&e->heap, state);
}

int tenon_p_guest_fd(tenon_p_engine *e)
{
  guest *g = tenon_p_engine_get(e, &guest_type);

  unwatch(g);
  g->is_polled = true;
  tenon_p_loop_arm(g->loop);
  return g->loop->descriptor.fd;
}
