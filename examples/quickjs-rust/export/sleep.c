/* A Promise that a timer of the loop keeps: no thread waits for it. */
#include <stdlib.h>
#include <tenon/export.h>
#include <uv.h>

static void on_time(uv_timer_t *timer);
static void on_runtime_close(tenon_deferred *deferred, void *timer);

TENON_ASYNC(none, sleep, (u32, ms))
{
  uv_timer_t *timer = malloc(sizeof *timer);

  if (!timer) {
    tenon_fail(TENON_ERROR, "sleep: out of memory");
    return;
  }
  uv_timer_init(tenon_deferred_loop(deferred), timer);
  timer->data = deferred;
  tenon_deferred_on_close(deferred, on_runtime_close, timer);
  uv_timer_start(timer, on_time, ms, 0);
}

static void free_timer(uv_handle_t *timer)
{
  free(timer);
}

static void on_time(uv_timer_t *timer)
{
  TENON_RESOLVE(sleep, (tenon_deferred *)timer->data);
  uv_close((uv_handle_t *)timer, free_timer);
}

static void on_runtime_close(tenon_deferred *deferred, void *timer)
{
  tenon_deferred_reject(deferred, TENON_ERROR, "sleep: the program ended");
  uv_close((uv_handle_t *)timer, free_timer);
}
