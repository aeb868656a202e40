/* Where there is neither epoll nor timerfd. */
#include "loop/descriptor.h"

#include <poll.h>

void tenon_p_descriptor_init(tenon_p_descriptor *d)
{
  *d = (tenon_p_descriptor){.fd = -1, .timer = -1};
}

int tenon_p_descriptor_open(tenon_p_descriptor *d, uv_loop_t *uv)
{
  d->fd = uv_backend_fd(uv);
  return d->fd < 0 ? UV_ENOTSUP : 0;
}

void tenon_p_descriptor_close(tenon_p_descriptor *d)
{
  tenon_p_descriptor_init(d);
}

void tenon_p_descriptor_set(tenon_p_descriptor *d, const uv_loop_t *uv,
                            int timeout_ms)
{
  (void)uv;
  d->is_set = timeout_ms >= 0;
  d->is_due = timeout_ms == 0;
}

bool tenon_p_descriptor_has_event(const uv_loop_t *uv)
{
  struct pollfd p = {.fd = uv_backend_fd(uv), .events = POLLIN};

  return poll(&p, 1, 0) > 0;
}
