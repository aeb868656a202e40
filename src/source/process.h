/*
 * Child programs that are waited for: compilers, and the reader of debug
 * information.
 *
 * They may be run on any thread of any host: nothing of the process is taken
 * from it (see base/start.h), and where it reaps the children of others, or has
 * the system forget them, that is told and not an error. A child has what it is
 * given and no other descriptor, and leads a group of its own, which is killed
 * as one.
 */
#ifndef TENON_SOURCE_PROCESS_H
#define TENON_SOURCE_PROCESS_H

#include "base/text.h"

/*
 * Ends children from another thread: everything that waits with it, now and
 * later, is cancelled. May be stopped from any thread and from a signal's
 * handler.
 */
typedef struct tenon_p_stopper {
  int event;
  bool is_stopped;
} tenon_p_stopper;

/* 0, or a negative errno. */
int tenon_p_stopper_init(tenon_p_stopper *s);
void tenon_p_stopper_release(tenon_p_stopper *s);
void tenon_p_stopper_stop(tenon_p_stopper *s);
/* NULL: never. */
bool tenon_p_stopper_is_stopped(const tenon_p_stopper *s);

/* What is meanwhile: all of it may be left out. */
typedef struct tenon_p_patience {
  tenon_p_stopper *stop;
  /* Called once, on the thread that waits, when it is `notice_at_ms` of
   * tenon_p_patience_now. */
  void (*notice)(void *data);
  void *data;
  uint64_t notice_at_ms;
  bool is_noticed;
} tenon_p_patience;

/* Of a clock that only goes forward. */
uint64_t tenon_p_patience_now(void);
/* So long, or shorter: 0, or -ECANCELED. */
int tenon_p_patience_sleep(tenon_p_patience *w, uint64_t ms);

typedef struct tenon_p_process {
  /* Borrowed. */
  const char *const *paths; /* of the program, tried in this order; NULL ends */
  const int *program;       /* a file that is run instead; NULL: none */
  const char *const *argv;  /* NULL ends */
  const char *const *env;   /* NULL ends; NULL: that of this process */
  const char *cwd;          /* NULL: that of this process */
  const void *input;
  size_t input_len;
  /* What is beyond is read and forgotten. */
  size_t out_limit, err_limit;
  uint64_t timeout_ms; /* 0: none */

  /* Result; released by tenon_p_process_release. */
  tenon_p_text out, err;
  bool is_out_cut, is_err_cut;
  /* 0, or a negative errno: the program could not be run, -ENOMEM, -ETIMEDOUT,
   * -ECANCELED. Only where it is 0 the rest is of use. */
  int error;
  int code, signal; /* how it ended; signal 0: by itself */
  /* Somebody else has reaped it: code and signal are 0 and say nothing. */
  bool is_reaped;
} tenon_p_process;

/*
 * Run them, `at_once` at a time (0: as many as there are processors), to the end
 * of the last one. When one fails in `error` the others are killed and have
 * -ECANCELED, if they have not ended. Returns the first of these errors that is
 * none of that kind, or 0. `w` may be NULL.
 */
int tenon_p_process_run(tenon_p_process *list, size_t count, size_t at_once,
                        tenon_p_patience *w);
void tenon_p_process_release(tenon_p_process *p);

/* Did it run, and end by itself with 0? One that somebody else has reaped has,
 * as far as one can know: look at what it should have made. */
bool tenon_p_process_is_good(const tenon_p_process *p);

/* A file of these bytes to be run, sealed and without a name: a descriptor, or a
 * negative errno. */
int tenon_p_program_open(const void *bytes, size_t size);
/* Where the system does not have or run such: a file in `folder`, which is gone
 * from there when this returns. */
int tenon_p_program_open_in(const char *folder, const void *bytes, size_t size);

#endif
