#include "base/start.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"

/* The sanitizer takes each clone for a fork, and would look away from the thread
 * that made one, whose memory the child shares, for good. */
#ifdef __SANITIZE_THREAD__
extern int __clone(int (*fn)(void *), void *stack, int flags, void *arg, ...);
#define clone __clone
#endif

/* --- In the child ---------------------------------------------------------- */

/* Until it runs its program the child is in its parent's memory: it may call
 * the system, and nothing else. */
typedef struct launch {
  tenon_p_start *start;
  int error;
} launch;

/* glibc's own functions would tell all threads, which are the parent's. */
#ifdef SYS_setuid32
#define NUMBER(name) SYS_##name##32
#else
#define NUMBER(name) SYS_##name
#endif

static int become_user(const tenon_p_start *s)
{
  /* Only who may can do so; who may not keeps what it had, as in libuv. */
  if (s->has_uid || s->has_gid) syscall(NUMBER(setgroups), 0, NULL);
  if (s->has_gid && syscall(NUMBER(setgid), s->gid)) return -1;
  if (s->has_uid && syscall(NUMBER(setuid), s->uid)) return -1;
  return 0;
}

/* A handler of the parent must not run in its memory a second time. The library's
 * functions, or a sanitizer's, may note in that memory what they do. All zero is
 * the default action, and an empty set. */
static void reset_signals(void)
{
  static const long zero[16];
  size_t set_size = (NSIG - 1) / 8;
  int i;

  for (i = 1; i < NSIG; i++)
    syscall(SYS_rt_sigaction, i, zero, NULL, set_size);
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, zero, NULL, set_size);
}

static int set_stdio(const int fds[3])
{
  int i, flags;

#ifdef SYS_close_range
  /* What the host forgot to mark is no business of the child's. */
  syscall(SYS_close_range, 3U, ~0U, 4U /* CLOSE_RANGE_CLOEXEC */);
#endif
  for (i = 0; i < 3; i++) {
    if (fds[i] != i) {
      if (dup2(fds[i], i) < 0) return -1;
      continue;
    }
    flags = fcntl(i, F_GETFD);
    if (flags < 0 || fcntl(i, F_SETFD, flags & ~FD_CLOEXEC) < 0) return -1;
  }
  return 0;
}

/* An execve of what is not there takes ten times as long as a look. */
static bool is_missing(const char *path)
{
  return syscall(SYS_faccessat, AT_FDCWD, path, F_OK) &&
         (errno == ENOENT || errno == ENOTDIR);
}

static int run_program(const tenon_p_start *s)
{
  int error = ENOENT;
  size_t i;

  if (s->program) {
    syscall(SYS_execveat, *s->program, "", s->args, s->env, AT_EMPTY_PATH);
    return errno;
  }
  for (i = 0; s->paths[i]; i++) {
    if (s->paths[1] && is_missing(s->paths[i])) continue;
    execve(s->paths[i], s->args, s->env);
    /* What cannot be used may still be elsewhere. */
    if (errno == EACCES)
      error = EACCES;
    else if (errno != ENOENT && errno != ENOTDIR)
      return errno;
    else if (!s->paths[1])
      return errno;
  }
  return error;
}

static int begin(launch *l)
{
  tenon_p_start *s = l->start;

  s->step = TENON_P_START_GROUP;
  if (s->has_session ? setsid() < 0 : s->has_group && setpgid(0, 0))
    return errno;
  s->step = TENON_P_START_SPAWN;
  if (set_stdio(s->fds)) return errno;
  s->step = TENON_P_START_CHDIR;
  if (s->cwd && chdir(s->cwd)) return errno;
  s->step = TENON_P_START_USER;
  if (become_user(s)) return errno;
  s->step = TENON_P_START_SPAWN;
  reset_signals();
  return run_program(s);
}

static int child_main(void *p)
{
  launch *l = p;

  l->error = begin(l);
  _exit(127);
}

/* --- In the parent --------------------------------------------------------- */

/* Room for the calls above, and for a sanitizer's. */
#define STACK_SIZE 65536

int tenon_p_start_process(tenon_p_start *s, pid_t *pid, int *pidfd)
{
  launch l = {.start = s};
  sigset_t all, before;
  char *stack;
  int fd = -1, error;
  pid_t id;

  *pid = 0;
  *pidfd = -1;
  s->step = TENON_P_START_SPAWN;
  tenon_p_reap_left();
  stack = tenon_p_malloc(STACK_SIZE);
  if (!stack) return -ENOMEM;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  id = clone(child_main,
             (char *)((uintptr_t)(stack + STACK_SIZE) & ~(uintptr_t)15),
             CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD, &l, &fd);
  error = errno;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  free(stack);
  if (id < 0) return -error;
  if (l.error) {
    while (waitpid(id, NULL, 0) < 0 && errno == EINTR)
      ;
    if (fd >= 0) close(fd);
    return -l.error;
  }
  if (fd < 0) {
    /* Linux before 5.2 has not heard of it. */
    kill(id, SIGKILL);
    while (waitpid(id, NULL, 0) < 0 && errno == EINTR)
      ;
    return -ENOSYS;
  }
  *pid = id;
  *pidfd = fd;
  return 0;
}

int tenon_p_above_stdio(int fd)
{
  int above, error;

  if (fd < 0 || fd > 2) return fd;
  above = fcntl(fd, F_DUPFD_CLOEXEC, 3);
  error = errno;
  close(fd);
  return above < 0 ? -error : above;
}

/* --- Its end ---------------------------------------------------------------- */

int tenon_p_reap(int pidfd, tenon_p_ending *out)
{
  siginfo_t info = {.si_pid = 0};
  int r;

  do {
    r = waitid(P_PIDFD, (id_t)pidfd, &info, WEXITED | WNOHANG);
  } while (r < 0 && errno == EINTR);
  if (r < 0) return errno == EAGAIN ? 0 : -errno;
  if (!info.si_pid) return 0;
  *out = (tenon_p_ending){0, 0};
  if (info.si_code == CLD_EXITED)
    out->code = info.si_status;
  else
    out->signal = info.si_status;
  return 1;
}

int tenon_p_reap_within(int pidfd, int timeout_ms, tenon_p_ending *out)
{
  struct pollfd p = {.fd = pidfd, .events = POLLIN};

  /* An interruption only makes it shorter. */
  poll(&p, 1, timeout_ms);
  return tenon_p_reap(pidfd, out);
}

/* Processes without a thread. */
typedef struct left {
  struct left *next;
  pid_t pid;
} left;

static left *all_left;
static pthread_mutex_t left_mutex = PTHREAD_MUTEX_INITIALIZER;

void tenon_p_reap_left(void)
{
  left **at, *l;
  pid_t r;

  pthread_mutex_lock(&left_mutex);
  for (at = &all_left; (l = *at);) {
    r = waitpid(l->pid, NULL, WNOHANG);
    if (r == 0 || (r < 0 && errno == EINTR)) {
      at = &l->next;
      continue;
    }
    *at = l->next;
    free(l);
  }
  pthread_mutex_unlock(&left_mutex);
}

static void *wait_for(void *p)
{
  left *l = p;

  while (waitpid(l->pid, NULL, 0) < 0 && errno == EINTR)
    ;
  free(l);
  return NULL;
}

static bool start_thread(left *l)
{
  pthread_attr_t attr;
  pthread_t thread;
  sigset_t all, before;
  int r;

  if (pthread_attr_init(&attr)) return false;
  pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attr, STACK_SIZE);
  /* The host's signals are none of its business. */
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  r = pthread_create(&thread, &attr, wait_for, l);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_attr_destroy(&attr);
  return r == 0;
}

void tenon_p_reap_later(pid_t pid)
{
  left *l = tenon_p_malloc(sizeof *l);

  /* Without memory for a note of it nothing can be done. */
  if (!l) return;
  l->pid = pid;
  if (start_thread(l)) return;
  pthread_mutex_lock(&left_mutex);
  l->next = all_left;
  all_left = l;
  pthread_mutex_unlock(&left_mutex);
}

/* --- Names of signals ------------------------------------------------------- */

const char *tenon_p_signal_name(int signal, char text[16])
{
  const char *name = sigabbrev_np(signal);

  if (name)
    snprintf(text, 16, "SIG%s", name);
  else if (signal >= SIGRTMIN && signal <= SIGRTMAX)
    snprintf(text, 16, "SIGRTMIN+%d", signal - SIGRTMIN);
  else
    snprintf(text, 16, "SIG%d", signal);
  return text;
}

int tenon_p_signal_number(const char *name)
{
  char text[16];
  int i;

  for (i = 1; i < NSIG; i++)
    if (strcmp(tenon_p_signal_name(i, text), name) == 0) return i;
  return 0;
}
