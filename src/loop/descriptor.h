/*
 * One descriptor for a loop that another one waits for: readable when libuv has
 * an event, when the time has come that it was set for, or at once.
 *
 * On Linux it is an epoll set of libuv's descriptor and a timerfd
 * (descriptor_linux.c). Elsewhere it is libuv's alone (descriptor.c): who polls
 * it asks for the time by itself.
 */
#ifndef TENON_LOOP_DESCRIPTOR_H
#define TENON_LOOP_DESCRIPTOR_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

typedef struct tenon_p_descriptor {
  int fd, timer;     /* -1: not open */
  bool is_set;       /* the timer */
  bool is_due;       /* it is set for now */
  uint64_t at_ms;    /* by the loop's clock: what it is set for */
  uint64_t fires_ns; /* by uv_hrtime */
} tenon_p_descriptor;

void tenon_p_descriptor_init(tenon_p_descriptor *d);
/* 0 or a code; what was opened until then is for _close, as all of it is. */
int tenon_p_descriptor_open(tenon_p_descriptor *d, uv_loop_t *uv);
void tenon_p_descriptor_close(tenon_p_descriptor *d);

/* Readable in so many milliseconds of the loop's clock, which is up to date; 0:
 * at once; below: by events alone. Takes back what has fired. */
void tenon_p_descriptor_set(tenon_p_descriptor *d, const uv_loop_t *uv,
                            int timeout_ms);

/* Has libuv an event? */
bool tenon_p_descriptor_has_event(const uv_loop_t *uv);

#endif
