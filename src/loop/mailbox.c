#include "loop/mailbox.h"

#include <stdlib.h>
#include <tenon/error.h>

#include "base/alloc.h"
#include "base/thread.h"

struct tenon_p_mailbox {
  uv_mutex_t mutex;
  uv_cond_t done;
  tenon_p_loop *loop; /* NULL once closed */
  tenon_p_list inbox; /* of tenon_p_ready.link */
  uint64_t thread;    /* base/thread.h: whose the loop is */
  int refs;           /* atomic */
  uint32_t posted; /* atomic: calls that wait, here or where they are ready */
  bool has_mail;   /* atomic: written under the mutex */
  bool is_ending;  /* atomic: what runs for the loop may as well stop */
};

tenon_p_mailbox *tenon_p_mailbox_new(tenon_p_loop *l)
{
  tenon_p_mailbox *box = tenon_p_calloc(sizeof *box);

  if (!box) return NULL;
  if (uv_mutex_init(&box->mutex)) goto fail_mutex;
  if (uv_cond_init(&box->done)) goto fail_cond;
  box->loop = l;
  box->refs = 1;
  box->thread = tenon_p_thread_id();
  tenon_p_list_init(&box->inbox);
  return box;
fail_cond:
  uv_mutex_destroy(&box->mutex);
fail_mutex:
  free(box);
  return NULL;
}

void tenon_p_mailbox_dup(tenon_p_mailbox *box)
{
  __atomic_add_fetch(&box->refs, 1, __ATOMIC_RELAXED);
}

void tenon_p_mailbox_unref(tenon_p_mailbox *box)
{
  if (__atomic_sub_fetch(&box->refs, 1, __ATOMIC_ACQ_REL)) return;
  uv_cond_destroy(&box->done);
  uv_mutex_destroy(&box->mutex);
  free(box);
}

/* The one in front, which is there no more; NULL: there is none. */
static tenon_p_ready *take(tenon_p_mailbox *box)
{
  tenon_p_list *at = NULL;

  uv_mutex_lock(&box->mutex);
  if (!tenon_p_list_is_empty(&box->inbox)) {
    at = box->inbox.next;
    tenon_p_list_remove(at);
  }
  uv_mutex_unlock(&box->mutex);
  return at ? tenon_p_container(at, tenon_p_ready, link) : NULL;
}

void tenon_p_mailbox_close(tenon_p_mailbox *box)
{
  tenon_p_ready *r;

  tenon_p_mailbox_set_ending(box, true);
  uv_mutex_lock(&box->mutex);
  box->loop = NULL;
  uv_mutex_unlock(&box->mutex);
  while ((r = take(box)))
    if (r->drop) r->drop(r);
  tenon_p_mailbox_unref(box);
}

bool tenon_p_mailbox_is_here(const tenon_p_mailbox *box)
{
  return tenon_p_thread_owns(&box->thread);
}

void tenon_p_mailbox_move(tenon_p_mailbox *box, bool is_here)
{
  if (is_here)
    (void)tenon_p_thread_take(&box->thread);
  else
    tenon_p_thread_leave(&box->thread);
}

tenon_p_loop *tenon_p_mailbox_loop(const tenon_p_mailbox *box)
{
  return box->loop;
}

void tenon_p_mailbox_set_ending(tenon_p_mailbox *box, bool on)
{
  __atomic_store_n(&box->is_ending, on, __ATOMIC_RELAXED);
}

bool tenon_p_mailbox_is_ending(const tenon_p_mailbox *box)
{
  return __atomic_load_n(&box->is_ending, __ATOMIC_RELAXED);
}

static void append(tenon_p_mailbox *box, tenon_p_ready *r)
{
  tenon_p_list_append(&box->inbox, &r->link);
  __atomic_store_n(&box->has_mail, true, __ATOMIC_RELEASE);
}

int tenon_p_mailbox_put(tenon_p_mailbox *box, tenon_p_ready *r)
{
  return tenon_p_mailbox_give(box, r, true);
}

int tenon_p_mailbox_give(tenon_p_mailbox *box, tenon_p_ready *r, bool wakes)
{
  bool is_closed;

  uv_mutex_lock(&box->mutex);
  is_closed = !box->loop || r->is_ended;
  if (!is_closed) {
    append(box, r);
    if (wakes) uv_async_send(&box->loop->wake);
  }
  uv_mutex_unlock(&box->mutex);
  return is_closed ? TENON_ECLOSING : 0;
}

int tenon_p_mailbox_put_latest(tenon_p_mailbox *box, tenon_p_ready *r,
                               void **slot, void **value)
{
  bool is_closed;
  void *old;

  uv_mutex_lock(&box->mutex);
  is_closed = !box->loop;
  if (!is_closed) {
    old = *slot;
    *slot = *value;
    *value = old;
    if (!old) {
      append(box, r);
      uv_async_send(&box->loop->wake);
    }
  }
  uv_mutex_unlock(&box->mutex);
  return is_closed ? TENON_ECLOSING : 0;
}

void *tenon_p_mailbox_swap(tenon_p_mailbox *box, void **slot, void *value)
{
  void *old;

  uv_mutex_lock(&box->mutex);
  old = *slot;
  *slot = value;
  uv_mutex_unlock(&box->mutex);
  return old;
}

bool tenon_p_mailbox_count(tenon_p_mailbox *box)
{
  if (__atomic_fetch_add(&box->posted, 1, __ATOMIC_RELAXED) <
      TENON_CALLBACK_MOST_POSTED)
    return true;
  tenon_p_mailbox_uncount(box);
  return false;
}

void tenon_p_mailbox_uncount(tenon_p_mailbox *box)
{
  __atomic_fetch_sub(&box->posted, 1, __ATOMIC_RELAXED);
}

bool tenon_p_mailbox_end(tenon_p_mailbox *box, tenon_p_ready *r)
{
  bool was_there;

  uv_mutex_lock(&box->mutex);
  r->is_ended = true;
  was_there = !tenon_p_list_is_empty(&r->link);
  tenon_p_list_remove(&r->link);
  uv_mutex_unlock(&box->mutex);
  return was_there;
}

void tenon_p_mailbox_receive(tenon_p_loop *l)
{
  tenon_p_list *at;

  if (!l->box || !__atomic_load_n(&l->box->has_mail, __ATOMIC_ACQUIRE)) return;
  uv_mutex_lock(&l->box->mutex);
  __atomic_store_n(&l->box->has_mail, false, __ATOMIC_RELAXED);
  while ((at = l->box->inbox.next) != &l->box->inbox) {
    tenon_p_list_remove(at);
    tenon_p_list_append(&l->ready, at);
  }
  uv_mutex_unlock(&l->box->mutex);
}

void tenon_p_mailbox_wait(tenon_p_mailbox *box, const bool *is_done)
{
  uv_mutex_lock(&box->mutex);
  while (!*is_done)
    uv_cond_wait(&box->done, &box->mutex);
  uv_mutex_unlock(&box->mutex);
}

void tenon_p_mailbox_set_done(tenon_p_mailbox *box, bool *is_done)
{
  uv_mutex_lock(&box->mutex);
  *is_done = true;
  uv_cond_broadcast(&box->done);
  uv_mutex_unlock(&box->mutex);
}
