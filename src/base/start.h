/*
 * Starting a program, and waiting for what nobody waits for: neither engine
 * nor loop.
 *
 * A child begins in the memory of its parent, which stands still until the
 * child runs its program (CLONE_VFORK): so it costs the same in a large process
 * as in a small one, and its failures are plain variables here. It is waited
 * for by a descriptor of its own (pidfd): nothing of the process - no handler
 * of SIGCHLD, no wait for any child - is taken from the host.
 */
#ifndef TENON_BASE_START_H
#define TENON_BASE_START_H

#include <sys/types.h>

#include "base/base.h"

/* Which step failed. */
enum tenon_p_start_step {
  TENON_P_START_SPAWN, /* the program, or anything that is not below */
  TENON_P_START_CHDIR,
  TENON_P_START_USER,
  TENON_P_START_GROUP
};

/* What is to be started; all of it borrowed. */
typedef struct tenon_p_start {
  char **paths; /* tried in this order; ended by NULL */
  int *program; /* a file that is run instead; NULL: none */
  char **args;
  char **env;
  const char *cwd; /* NULL: as it is */
  /* What becomes the descriptors 0 to 2: of another number each is 3 or more. */
  int fds[3];
  bool has_group;   /* it leads a process group of its own */
  bool has_session; /* and a session */
  bool has_uid, has_gid;
  uid_t uid;
  gid_t gid;
  /* Of a failure: the path that was tried is none of these. */
  enum tenon_p_start_step step;
} tenon_p_start;

/* 0 with the number of the process and a descriptor that is readable when it
 * has ended, or a negative errno: there is no process then. */
int tenon_p_start_process(tenon_p_start *s, pid_t *pid, int *pidfd);

/* How a process ended. */
typedef struct tenon_p_ending {
  int code;   /* of exit */
  int signal; /* that ended it; 0: none */
} tenon_p_ending;

/* Reap it, if it has ended: 1, 0 not yet, or a negative errno: somebody else
 * has. */
int tenon_p_reap(int pidfd, tenon_p_ending *out);
/* Wait for so long at most; the same. */
int tenon_p_reap_within(int pidfd, int timeout_ms, tenon_p_ending *out);

/* Leave it to a thread of its own, which waits until it ends. */
void tenon_p_reap_later(pid_t pid);
/* Reap those for which there was no thread, if they have ended. */
void tenon_p_reap_left(void);

/* The same descriptor, or another one for it that is not 0, 1 or 2; what was
 * given is closed then. Negative errno: it is closed, too. */
int tenon_p_above_stdio(int fd);

/* The name of a signal, at most 15 characters; its number, 0 when there is none
 * of this name. */
const char *tenon_p_signal_name(int signal, char text[16]);
int tenon_p_signal_number(const char *name);

#endif
