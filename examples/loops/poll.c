/* A loop of poll(2): a list of descriptors and the time of the next timer. */
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <time.h>

#include "program.h"

static int64_t now_ms(void)
{
  struct timespec t;

  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int main(void)
{
  tenon_runtime *rt = program_begin(NULL);
  tenon_left left = TENON_LEFT_READY;
  int64_t next = now_ms() + BEAT_MS, wait_ms;
  struct pollfd fds[1];
  int beats = 0, r = 0;

  if (!rt) return 1;
  fds[0] = (struct pollfd){.fd = tenon_runtime_fd(rt), .events = POLLIN};
  if (fds[0].fd < 0) return program_end(rt, fds[0].fd, beats);
  while (left != TENON_LEFT_NOTHING) {
    /* What is ready waits for nobody, but descriptors are looked at. */
    wait_ms = left == TENON_LEFT_READY ? 0 : next - now_ms();
    if (poll(fds, 1, wait_ms > 0 ? (int)wait_ms : 0) < 0 && errno != EINTR)
      break;
    if (now_ms() >= next) {
      beats++;
      next = now_ms() + BEAT_MS;
    }
    r = tenon_runtime_step(rt, 2, &left);
    if (!program_goes_on(rt, r)) break;
    r = 0;
  }
  return program_end(rt, r, beats);
}
