/* A host with libuv: its loop is the runtime's, and it runs it as before. */
#include <stdio.h>
#include <uv.h>

#include "program.h"

typedef struct host {
  uv_timer_t timer;
  int beats, r;
} host;

static void on_beat(uv_timer_t *timer)
{
  ((host *)timer->data)->beats++;
}

/* The program goes on after an error; at its end the host lets its own loop
 * end, too. */
static void on_event(tenon_runtime *rt, int code, void *data)
{
  host *h = data;

  if (code == TENON_EEXCEPTION && program_goes_on(rt, code)) return;
  h->r = code;
  uv_close((uv_handle_t *)&h->timer, NULL);
}

int main(void)
{
  host h = {.r = 0};
  uv_loop_t loop;
  tenon_runtime *rt;
  int code, r = uv_loop_init(&loop);

  if (r) return 1;
  uv_timer_init(&loop, &h.timer);
  h.timer.data = &h;
  uv_timer_start(&h.timer, on_beat, BEAT_MS, BEAT_MS);
  rt = program_begin(&loop);
  if (!rt || tenon_runtime_on_event(rt, on_event, &h)) return 1;
  uv_run(&loop, UV_RUN_DEFAULT);
  code = program_end(rt, h.r, h.beats);
  /* The few handles of the runtime are let go of. */
  uv_run(&loop, UV_RUN_DEFAULT);
  r = uv_loop_close(&loop);
  if (r) printf("the loop is not closed: %s\n", uv_strerror(r));
  return r ? 1 : code;
}
