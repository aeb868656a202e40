#include "program.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static void sleep_ms(long ms)
{
  struct timespec t = {ms / 1000, ms % 1000 * 1000000};

  nanosleep(&t, NULL);
}

TENON_FUNCTION(none, say, (str, text))
{
  puts(text.data);
}

/* On a thread of the pool. */
TENON_BLOCKING(i32, square, (i32, n))
{
  sleep_ms(5);
  return n * n;
}

static void *measure_there(void *deferred);

/* By a thread of its own, as a driver or a library may have one. */
TENON_ASYNC(i32, measure)
{
  pthread_t thread;

  if (pthread_create(&thread, NULL, measure_there, deferred))
    tenon_deferred_reject(deferred, TENON_ERROR, "measure: no thread");
  else
    pthread_detach(thread);
}

static void *measure_there(void *deferred)
{
  sleep_ms(20);
  TENON_RESOLVE(measure, deferred, 42);
  return NULL;
}

static const char source[] =
    "import { say, square, measure } from 'native';\n"
    "const sleep = (ms) => new Promise((done) => setTimeout(done, ms));\n"
    "let ticks = 0;\n"
    "const ticking = setInterval(() => ticks++, 5);\n"
    "say('begun');\n"
    "await sleep(20);\n"
    "say(`squares ${await Promise.all([1, 2, 3].map((n) => square(n)))}`);\n"
    "say(`measured ${await measure()}`);\n"
    "setTimeout(() => { throw new Error('nobody catches this'); }, 0);\n"
    "await sleep(20);\n"
    "clearInterval(ticking);\n"
    "say(ticks >= 2 ? 'ticked' : `ticked ${ticks} times only`);\n";

int program_goes_on(tenon_runtime *rt, int r)
{
  if (r == TENON_EEXCEPTION) {
    const char *text = tenon_runtime_exception(rt);
    printf("uncaught %.*s\n", (int)strcspn(text, "\n"), text);
    tenon_runtime_clear_exception(rt);
  }
  return r == 0 || r == TENON_EEXCEPTION;
}

tenon_runtime *program_begin(struct uv_loop_s *loop)
{
  tenon_options o = {.size = sizeof o, .loop = loop};
  tenon_runtime *rt = NULL;
  int r = tenon_runtime_new(&o, &rt);

  if (r == 0) r = tenon_runtime_add_module(rt, "native", tenon_module_v1);
  if (r == 0)
    r = tenon_runtime_eval_module(rt, source, sizeof source - 1, "program.js");
  if (r == 0) return rt;
  fprintf(stderr, "the program cannot begin: %s\n", tenon_strerror(r));
  tenon_runtime_free(rt);
  return NULL;
}

int program_end(tenon_runtime *rt, int r, int beats)
{
  if (r)
    printf("ended by %s\n", tenon_strerror(r));
  else
    puts("ended");
  puts(beats >= LEAST_BEATS ? "the host's timer has beaten"
                            : "the host's timer was kept waiting");
  tenon_runtime_free(rt);
  return r ? 1 : 0;
}
