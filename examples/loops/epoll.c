/* A loop of epoll(7) with a timerfd of its own: the runtime is one descriptor
 * more. */
#include <errno.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "program.h"

static int add(int epoll, int fd)
{
  /* Level-triggered: a step may leave something for the next one. */
  struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};

  return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

static int new_timer(void)
{
  struct itimerspec each = {{0, BEAT_MS * 1000000}, {0, BEAT_MS * 1000000}};
  int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);

  if (fd >= 0) timerfd_settime(fd, 0, &each, NULL);
  return fd;
}

/* What the last step has said. */
static int run(tenon_runtime *rt, int epoll, int timer, int *beats)
{
  tenon_left left;
  int r = tenon_runtime_step(rt, 0, &left);

  while (program_goes_on(rt, r) && left != TENON_LEFT_NOTHING) {
    struct epoll_event events[8];
    int n = epoll_wait(epoll, events, 8, left == TENON_LEFT_READY ? 0 : -1);
    int i;

    if (n < 0 && errno != EINTR) return -errno;
    for (i = 0; i < n; i++) {
      uint64_t count;
      if (events[i].data.fd == timer && read(timer, &count, sizeof count) > 0)
        ++*beats;
    }
    r = tenon_runtime_step(rt, 2, &left);
  }
  return r == TENON_EEXCEPTION ? 0 : r;
}

int main(void)
{
  tenon_runtime *rt = program_begin(NULL);
  int epoll = epoll_create1(EPOLL_CLOEXEC), timer = new_timer();
  int beats = 0, fd, r;

  if (!rt) return 1;
  fd = r = tenon_runtime_fd(rt);
  if (fd >= 0 && add(epoll, fd) == 0 && add(epoll, timer) == 0)
    r = run(rt, epoll, timer, &beats);
  close(timer);
  close(epoll);
  return program_end(rt, r, beats);
}
