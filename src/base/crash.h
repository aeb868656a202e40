/*
 * What is told when a signal ends the process, while it is being told. Knows
 * signals and threads; what was going on is known by layers above, which are
 * asked from inside of the signal handler and so may only look at memory.
 */
#ifndef TENON_BASE_CRASH_H
#define TENON_BASE_CRASH_H

#include <stdbool.h>

#include "base/base.h"

/* Zeroed before it is filled in. Texts that are pointed at stay. */
typedef struct tenon_p_crash_scene {
  const char *function; /* NULL: none was being called */
  const char *module;   /* NULL: not known */
  const char *file;     /* where the function is described; NULL: not known */
  unsigned line;        /* 0: not known */
  /* In place of a function without a name that is known: what it was. */
  const char *instead;
  bool is_on_pool;
  char name[256];    /* room for `function` */
  char script[1024]; /* URL of the innermost script; "" for none */
  int script_line, script_column;
} tenon_p_crash_scene;

/* Called in this order, in a signal handler, and ended by what faults in them:
 * what was filled in until then is told. */
typedef struct tenon_p_crash_witness {
  void (*call)(tenon_p_crash_scene *s);
  void (*script)(tenon_p_crash_scene *s);
} tenon_p_crash_witness;

/*
 * Tell of crashes from now on, the whole process: 0 or an error code. Before, it
 * may be on already: the form is the new one. The handlers that were there have
 * their turn behind ours.
 */
int tenon_p_crash_tell(const tenon_p_crash_witness *w, bool is_json);
/* No more. Handlers that others have put in front of ours stay, and so do ours,
 * which only hand on. */
void tenon_p_crash_be_silent(void);

extern bool tenon_p_crash_is_on; /* atomic */
extern _Thread_local bool tenon_p_crash_is_ready
    __attribute__((tls_model("initial-exec")));

/* How many finalizers this thread is in that are no calls. */
extern _Thread_local uint32_t tenon_p_crash_finalizers
    __attribute__((tls_model("initial-exec")));

/* Gives this thread a stack for handlers, unless it has one. Without memory for
 * it only an overflow of its stack is not told. */
void tenon_p_crash_make_ready(void);

/* The same where it is asked for often. */
static inline void tenon_p_crash_watch_thread(void)
{
  if (TENON_P_UNLIKELY(!tenon_p_crash_is_ready &&
                       __atomic_load_n(&tenon_p_crash_is_on, __ATOMIC_RELAXED)))
    tenon_p_crash_make_ready();
}

#endif
