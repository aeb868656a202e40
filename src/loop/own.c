#include "loop/own.h"

#include <pthread.h>
#include <stdlib.h>
#include <tenon/error.h>

#include "base/alloc.h"

struct tenon_p_own_loop {
  uv_loop_t uv;
  int refs;                      /* atomic */
  struct tenon_p_own_loop *next; /* in `left` */
};

/* Those that no thread could be made for: each loop that is made or freed later
 * looks after them. */
static tenon_p_own_loop *left; /* atomic */

/* Enough for libuv's own frames and for functions of requests. */
#define STACK (256 * 1024)

static void destroy(tenon_p_own_loop *own)
{
  uv_loop_close(&own->uv);
  free(own);
}

static void *reap(void *p)
{
  tenon_p_own_loop *own = p;

  uv_run(&own->uv, UV_RUN_DEFAULT);
  destroy(own);
  return NULL;
}

static void leave(tenon_p_own_loop *own)
{
  own->next = __atomic_load_n(&left, __ATOMIC_RELAXED);
  while (!__atomic_compare_exchange_n(&left, &own->next, own, false,
                                      __ATOMIC_RELEASE, __ATOMIC_RELAXED))
    continue;
}

static void look_after_left(void)
{
  tenon_p_own_loop *own, *next;

  if (!__atomic_load_n(&left, __ATOMIC_RELAXED)) return;
  for (own = __atomic_exchange_n(&left, NULL, __ATOMIC_ACQUIRE); own;
       own = next) {
    next = own->next;
    if (uv_run(&own->uv, UV_RUN_NOWAIT))
      leave(own);
    else
      destroy(own);
  }
}

static int start_reaper(tenon_p_own_loop *own)
{
  pthread_attr_t attr;
  pthread_t thread;
  int r = pthread_attr_init(&attr);

  if (r) return r;
  r = pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
  if (r == 0) r = pthread_attr_setstacksize(&attr, STACK);
  if (r == 0) r = pthread_create(&thread, &attr, reap, own);
  pthread_attr_destroy(&attr);
  return r;
}

int tenon_p_own_loop_new(tenon_p_own_loop **out)
{
  tenon_p_own_loop *own = tenon_p_calloc(sizeof *own);
  int r;

  *out = NULL;
  if (!own) return TENON_ENOMEM;
  look_after_left();
  r = uv_loop_init(&own->uv);
  if (r) {
    free(own);
    return r;
  }
  own->refs = 1;
  *out = own;
  return 0;
}

uv_loop_t *tenon_p_own_loop_uv(tenon_p_own_loop *own)
{
  return &own->uv;
}

void tenon_p_own_loop_dup(tenon_p_own_loop *own)
{
  __atomic_add_fetch(&own->refs, 1, __ATOMIC_RELAXED);
}

void tenon_p_own_loop_unref(tenon_p_own_loop *own)
{
  if (__atomic_sub_fetch(&own->refs, 1, __ATOMIC_ACQ_REL)) return;
  if (!uv_loop_alive(&own->uv))
    destroy(own);
  else if (start_reaper(own))
    leave(own);
}
