/* Operations of C as Promises, Promises of scripts awaited in C. */
#define TENON_MODULE promises

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "sections.h"

/* On the thread pool. */
TENON_BLOCKING(i64, slow_sum, (array(i64), numbers))
{
  int64_t r = 0;

  for (size_t i = 0; i < numbers.len; i++)
    r += numbers.data[i];
  return r;
}

/* On the loop: started here, settled later. */
typedef struct timer {
  uv_timer_t uv;
  tenon_deferred *deferred;
} timer;

static void timer_closed(uv_handle_t *h);
static void timer_fired(uv_timer_t *uv);
static void timer_stop(tenon_deferred *d, void *p);

TENON_ASYNC(none, sleep, (u32, ms))
{
  timer *t = calloc(1, sizeof *t);

  if (!t) {
    tenon_fail_memory();
    return;
  }
  t->deferred = deferred;
  t->uv.data = t;
  uv_timer_init(tenon_deferred_loop(deferred), &t->uv);
  uv_timer_start(&t->uv, timer_fired, ms, 0);
  (void)tenon_deferred_on_close(deferred, timer_stop, t);
}

static void timer_closed(uv_handle_t *h)
{
  free(h->data);
}

static void timer_fired(uv_timer_t *uv)
{
  timer *t = uv->data;

  TENON_RESOLVE(sleep, t->deferred);
  uv_close((uv_handle_t *)uv, timer_closed);
}

static void timer_stop(tenon_deferred *d, void *p)
{
  timer *t = p;

  tenon_deferred_reject(d, TENON_ERROR, "closed");
  uv_close((uv_handle_t *)&t->uv, timer_closed);
}

TENON_IMPORT(i32, later, (i32, n))

void promises(void)
{
  static const char source[] =
      "globalThis.later = async n => {"
      " await new Promise(done => setTimeout(done, 1));"
      " if (n < 0) throw new RangeError('negative'); return n + 1 }";
  tenon_runtime *rt = runtime_with("promises", tenon_module_promises);
  int32_t n = 0;
  later *f;
  int r;

  run(rt, "import { slow_sum, sleep } from 'promises';\n"
          "console.log(await Promise.all([slow_sum([1, 2, 3]),"
          " sleep(1).then(() => 'slept')]));");
  must(rt, tenon_runtime_eval_script(rt, source, strlen(source), NULL));
  must(rt, later_import(rt, NULL, "later", &f));
  must(rt, later_await(f, &n, 41));
  printf("%d\n", n);
  r = later_await(f, &n, -1);
  printf("%s: %s\n", tenon_error_name(r),
         strncmp(tenon_runtime_exception(rt), "RangeError: negative", 20) == 0
             ? "RangeError: negative"
             : "?");
  tenon_callback_release(f);
  tenon_runtime_free(rt);
}
