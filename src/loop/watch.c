#include "loop/watch.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <tenon/error.h>

#include "base/alloc.h"
#include "loop/loop.h"
#include "loop/mailbox.h"

#define ALL_EVENTS                                                   \
  ((uint32_t)TENON_WATCH_READABLE | (uint32_t)TENON_WATCH_WRITABLE | \
   (uint32_t)TENON_WATCH_HANGUP | (uint32_t)TENON_WATCH_URGENT)
/* So many that were not set are looked at in a turn of the loop. */
#define MOST_LOOKED_AT 16

typedef struct watch {
  tenon_watch base; /* first: it is one of these */
  uv_poll_t poll;
  tenon_p_operation operation;
  tenon_p_list link;    /* in tenon_p_watches.all; alone once it was closed */
  tenon_p_loop *loop;   /* NULL once it was closed */
  tenon_p_mailbox *box; /* to know the loop's thread by */
  JSContext *ctx;       /* counted, until it was closed: whose realm's it is */
  tenon_watch_fn *fn;
  void *data;
  void (*closed)(void *data);
  uint32_t events;
  dev_t device; /* with `inode`: which file it was */
  ino_t inode;
  bool is_fresh;   /* one of the first of `all` */
  bool is_closing; /* by its owner */
} watch;

static const tenon_p_operation_kind watch_kind = {
    .one = "watch", .many = "watches", .is_handle = true};

/* Whose code this thread is in, outside of every call. */
typedef struct calling {
  tenon_p_loop *loop;
  JSContext *ctx;
} calling;
static _Thread_local const calling *current;

static watch *of(tenon_watch *w)
{
  return (watch *)w;
}

/* --- Telling ----------------------------------------------------------------------- */

/* It may close any watch. */
static void tell(watch *w, int status, uint32_t events)
{
  const calling *outer = current;
  tenon_p_loop *l = w->loop;
  calling c = {l, NULL};

  if (!l) {
    /* The loop ends: nothing can be opened. */
    current = NULL;
    w->fn(&w->base, status, events, w->data);
    current = outer;
    return;
  }
  c.ctx = JS_DupContext(w->ctx);
  current = &c;
  w->fn(&w->base, status, events, w->data);
  current = outer;
  JS_FreeContext(c.ctx);
}

/* What libuv calls an error and has stopped: the descriptor is open, or not. */
static void on_poll(uv_poll_t *poll, int status, int events)
{
  watch *w = poll->data;
  tenon_p_loop *l = w->loop;
  bool is_error = status != 0 && fcntl(w->base.fd, F_GETFD) != -1;

  if (status) w->events = 0;
  if (is_error)
    tell(w, 0, TENON_WATCH_ERROR);
  else
    tell(w, status, (uint32_t)events);
  tenon_p_loop_dispatch(l);
}

/* --- Descriptors ------------------------------------------------------------------- */

static bool is_there(const watch *w)
{
  struct stat s;

  return fstat(w->base.fd, &s) == 0 && s.st_dev == w->device &&
         s.st_ino == w->inode;
}

static void set_fresh(tenon_p_watches *all, watch *w, bool on)
{
  if (w->is_fresh == on) return;
  w->is_fresh = on;
  tenon_p_list_remove(&w->link);
  if (on) {
    all->fresh++;
    tenon_p_list_append(all->all.next, &w->link);
  } else {
    all->fresh--;
    tenon_p_list_append(&all->all, &w->link);
  }
}

static void look_at(watch *w)
{
  if (!w->events || is_there(w)) return;
  uv_poll_stop(&w->poll);
  w->events = 0;
  tell(w, UV_EBADF, 0);
}

/* Right before the loop waits. */
static void on_look(uv_prepare_t *handle)
{
  tenon_p_loop *l = handle->data;
  tenon_p_watches *all = &l->watches;
  size_t left = all->fresh + MOST_LOOKED_AT;
  tenon_p_list *last = all->all.prev;

  while (left-- && !tenon_p_list_is_empty(&all->all)) {
    watch *w = tenon_p_container(all->all.next, watch, link);
    bool is_last = &w->link == last && !w->is_fresh;
    if (w->is_fresh) {
      set_fresh(all, w, false);
    } else {
      tenon_p_list_remove(&w->link);
      tenon_p_list_append(&all->all, &w->link);
    }
    look_at(w);
    if (is_last) break;
  }
  /* What was told may have set others. */
  while (all->fresh && !tenon_p_list_is_empty(&all->all)) {
    watch *w = tenon_p_container(all->all.next, watch, link);
    set_fresh(all, w, false);
    look_at(w);
  }
  tenon_p_loop_dispatch(l);
}

/* --- Setting ----------------------------------------------------------------------- */

static int set(watch *w, uint32_t events)
{
  tenon_p_watches *all = &w->loop->watches;
  int r;

  if (!events) {
    w->events = 0;
    return uv_poll_stop(&w->poll);
  }
  if (!is_there(w)) return UV_EBADF;
  r = uv_poll_start(&w->poll, (int)events, on_poll);
  if (r) return r;
  w->events = events;
  set_fresh(all, w, true);
  return 0;
}

/* May it be used here? */
static int check(const watch *w)
{
  if (!tenon_p_mailbox_is_here(w->box)) return TENON_ETHREAD;
  return w->loop ? 0 : TENON_EALREADY;
}

static int watch_set(tenon_watch *base, uint32_t events)
{
  watch *w = of(base);
  int r = check(w);

  if (r) return r;
  if (events & ~ALL_EVENTS) return TENON_EINVAL;
  r = set(w, events);
  tenon_p_loop_touch(w->loop);
  return r;
}

static int watch_hold(tenon_watch *base, int on)
{
  watch *w = of(base);
  int r = check(w);

  if (r) return r;
  if (on)
    uv_ref((uv_handle_t *)&w->poll);
  else
    uv_unref((uv_handle_t *)&w->poll);
  tenon_p_loop_touch(w->loop);
  return 0;
}

/* --- The end ----------------------------------------------------------------------- */

static void on_closed(uv_handle_t *handle)
{
  watch *w = handle->data;
  void (*fn)(void *) = w->closed;
  void *data = w->data;

  tenon_p_mailbox_unref(w->box);
  free(w);
  if (fn) fn(data);
}

/* Its memory stays until libuv lets go of the handle. */
static void begin_close(watch *w)
{
  tenon_p_watches *all = &w->loop->watches;
  JSContext *ctx = w->ctx;

  if (w->is_fresh) all->fresh--;
  w->is_fresh = false;
  tenon_p_list_remove(&w->link);
  tenon_p_operation_end(&w->operation);
  if (tenon_p_list_is_empty(&all->all)) uv_prepare_stop(&all->look);
  w->loop = NULL;
  w->ctx = NULL;
  uv_close((uv_handle_t *)&w->poll, on_closed);
  JS_FreeContext(ctx);
}

static int watch_close(tenon_watch *base, void (*closed)(void *data))
{
  watch *w = of(base);
  tenon_p_loop *l;

  if (!tenon_p_mailbox_is_here(w->box)) return TENON_ETHREAD;
  if (w->is_closing) return TENON_EALREADY;
  l = w->loop;
  w->is_closing = true;
  w->closed = closed;
  if (l) begin_close(w);
  if (l) tenon_p_loop_touch(l);
  return 0;
}

static void end(watch *w)
{
  begin_close(w);
  tell(w, TENON_ECLOSING, 0);
  /* Nobody can close it any more. */
  w->is_closing = true;
}

void tenon_p_watch_close(tenon_p_loop *l)
{
  while (!tenon_p_list_is_empty(&l->watches.all))
    end(tenon_p_container(l->watches.all.next, watch, link));
}

void tenon_p_watch_close_realm(tenon_p_loop *l, const JSContext *ctx)
{
  tenon_p_list *at = l->watches.all.next;

  while (at != &l->watches.all) {
    watch *w = tenon_p_container(at, watch, link);
    at = at->next;
    if (w->ctx != ctx) continue;
    end(w);
    /* It may have closed others. */
    at = l->watches.all.next;
  }
}

/* --- Opening ----------------------------------------------------------------------- */

static const tenon_watch_calls watch_calls = {
    .size = sizeof(tenon_watch_calls),
    .set = watch_set,
    .close = watch_close,
    .hold = watch_hold,
};

static bool is_watched(const tenon_p_watches *all, int fd)
{
  const tenon_p_list *at;

  for (at = all->all.next; at != &all->all; at = at->next)
    if (tenon_p_container(at, watch, link)->base.fd == fd) return true;
  return false;
}

/* libuv makes it non-blocking, which is its owner's to say. */
static int init_poll(tenon_p_loop *l, watch *w)
{
  int flags = fcntl(w->base.fd, F_GETFL), r;

  if (flags == -1) return UV_EBADF;
  r = uv_poll_init(l->uv, &w->poll, w->base.fd);
  if (!(flags & O_NONBLOCK)) (void)fcntl(w->base.fd, F_SETFL, flags);
  return r;
}

static int identify(watch *w)
{
  struct stat s;

  if (fstat(w->base.fd, &s)) return UV_EBADF;
  w->device = s.st_dev;
  w->inode = s.st_ino;
  return 0;
}

static int admit(JSContext *ctx)
{
  if (tenon_p_operation_admit(ctx, &watch_kind, "watch") == 0) return 0;
  JS_FreeValue(ctx, JS_GetException(ctx));
  return TENON_EFULL;
}

int tenon_p_watch_open(tenon_p_loop *l, JSContext *ctx, int fd, uint32_t events,
                       tenon_watch_fn *fn, void *data, tenon_watch **out)
{
  const tenon_p_realm *realm = tenon_p_realm_of(ctx);
  watch *w;
  int r;

  if (!out || !fn || (events & ~ALL_EVENTS)) return TENON_EINVAL;
  if (!l->box || l->engine->is_closing || (realm && realm->is_closed))
    return TENON_ECLOSING;
  if (is_watched(&l->watches, fd)) return UV_EEXIST;
  r = admit(ctx);
  if (r) return r;
  w = tenon_p_calloc(sizeof *w);
  if (!w) return TENON_ENOMEM;
  w->base = (tenon_watch){&watch_calls, fd};
  r = identify(w);
  if (r == 0) r = init_poll(l, w);
  if (r) {
    free(w);
    return r;
  }
  w->poll.data = w;
  w->loop = l;
  w->box = l->box;
  tenon_p_mailbox_dup(w->box);
  w->ctx = JS_DupContext(ctx);
  w->fn = fn;
  w->data = data;
  tenon_p_list_init(&w->link);
  tenon_p_operation_init(&w->operation);
  tenon_p_operation_begin(l, &w->operation, &watch_kind);
  if (tenon_p_list_is_empty(&l->watches.all))
    uv_prepare_start(&l->watches.look, on_look);
  tenon_p_list_append(&l->watches.all, &w->link);
  r = events ? set(w, events) : 0;
  if (r)
    (void)watch_close(&w->base, NULL);
  else
    *out = &w->base;
  tenon_p_loop_touch(l);
  return r;
}

int tenon_p_host_watch_open(int fd, uint32_t events, tenon_watch_fn *fn,
                            void *data, tenon_watch **out)
{
  const tenon_p_call *c = tenon_p_current_call;
  JSContext *ctx;

  if (out) *out = NULL;
  if (c && !c->ctx) return TENON_ETHREAD;
  if (!c && !current) return TENON_EINVAL;
  ctx = c ? c->ctx : current->ctx;
  return tenon_p_watch_open(c ? tenon_p_loop_of(tenon_p_engine_of(ctx))
                              : current->loop,
                            ctx, fd, events, fn, data, out);
}

/* --- The loop's -------------------------------------------------------------------- */

void tenon_p_watches_init(tenon_p_loop *l)
{
  tenon_p_list_init(&l->watches.all);
  uv_prepare_init(l->uv, &l->watches.look);
  uv_unref((uv_handle_t *)&l->watches.look);
  l->watches.look.data = l;
}

void tenon_p_watches_stop(tenon_p_loop *l)
{
  uv_close((uv_handle_t *)&l->watches.look, NULL);
}
