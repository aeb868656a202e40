#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "loop/descriptor.h"

void tenon_p_descriptor_init(tenon_p_descriptor *d)
{
  *d = (tenon_p_descriptor){.fd = -1, .timer = -1};
}

static int add(int epoll, int fd)
{
  struct epoll_event event = {.events = EPOLLIN};

  return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

int tenon_p_descriptor_open(tenon_p_descriptor *d, uv_loop_t *uv)
{
  int r;

  d->fd = epoll_create1(EPOLL_CLOEXEC);
  if (d->fd < 0) return -errno;
  d->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  if (d->timer < 0) return -errno;
  r = add(d->fd, uv_backend_fd(uv));
  return r ? r : add(d->fd, d->timer);
}

void tenon_p_descriptor_close(tenon_p_descriptor *d)
{
  if (d->fd >= 0) close(d->fd);
  if (d->timer >= 0) close(d->timer);
  tenon_p_descriptor_init(d);
}

/* Is it set so, and has not fired? libuv's clock may be behind the one by which
 * it fires, and then it is to do so again. */
static bool is_set_for(const tenon_p_descriptor *d, uint64_t at_ms,
                       int timeout_ms)
{
  if (timeout_ms < 0) return !d->is_set;
  if (timeout_ms == 0) return d->is_due;
  return d->is_set && !d->is_due && d->at_ms == at_ms &&
         uv_hrtime() < d->fires_ns;
}

void tenon_p_descriptor_set(tenon_p_descriptor *d, const uv_loop_t *uv,
                            int timeout_ms)
{
  struct itimerspec t = {{0, 0}, {0, 0}};
  uint64_t at_ms = uv_now(uv) + (uint64_t)(timeout_ms > 0 ? timeout_ms : 0);

  if (is_set_for(d, at_ms, timeout_ms)) return;
  if (timeout_ms >= 0) {
    t.it_value.tv_sec = timeout_ms / 1000;
    t.it_value.tv_nsec = timeout_ms % 1000 * 1000000L;
    if (timeout_ms == 0) t.it_value.tv_nsec = 1;
  }
  d->fires_ns = uv_hrtime() + (uint64_t)t.it_value.tv_sec * 1000000000 +
                (uint64_t)t.it_value.tv_nsec;
  timerfd_settime(d->timer, 0, &t, NULL);
  d->is_set = timeout_ms >= 0;
  d->is_due = timeout_ms == 0;
  d->at_ms = at_ms;
}

bool tenon_p_descriptor_has_event(const uv_loop_t *uv)
{
  struct pollfd p = {.fd = uv_backend_fd(uv), .events = POLLIN};

  return poll(&p, 1, 0) > 0;
}
