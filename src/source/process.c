#include "source/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/start.h"

extern char **environ;

/* --- Waiting --------------------------------------------------------------------- */

int tenon_p_stopper_init(tenon_p_stopper *s)
{
  s->is_stopped = false;
  s->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  return s->event < 0 ? -errno : 0;
}

void tenon_p_stopper_release(tenon_p_stopper *s)
{
  if (s->event >= 0) close(s->event);
  s->event = -1;
}

void tenon_p_stopper_stop(tenon_p_stopper *s)
{
  uint64_t one = 1;
  int error = errno;

  __atomic_store_n(&s->is_stopped, true, __ATOMIC_RELEASE);
  /* It is never read, and so stays readable. */
  while (write(s->event, &one, sizeof one) < 0 && errno == EINTR)
    ;
  errno = error;
}

bool tenon_p_stopper_is_stopped(const tenon_p_stopper *s)
{
  return s && __atomic_load_n(&s->is_stopped, __ATOMIC_ACQUIRE);
}

uint64_t tenon_p_patience_now(void)
{
  struct timespec t;

  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static bool has_notice(const tenon_p_patience *w)
{
  return w && w->notice && !w->is_noticed;
}

static void notice(tenon_p_patience *w)
{
  if (!has_notice(w) || tenon_p_patience_now() < w->notice_at_ms) return;
  w->is_noticed = true;
  w->notice(w->data);
}

/* Milliseconds for poll until `at`, or the earlier `before` (-1: for ever). */
static int until(uint64_t at, int before)
{
  uint64_t now = tenon_p_patience_now();
  uint64_t ms = at > now ? at - now : 0;

  /* Rounded up: a poll that returns early would turn round and round. */
  if (ms > 3600000) ms = 3600000;
  return before < 0 || (int)ms < before ? (int)ms : before;
}

int tenon_p_patience_sleep(tenon_p_patience *w, uint64_t ms)
{
  struct pollfd p = {.fd = w && w->stop ? w->stop->event : -1,
                     .events = POLLIN};
  int timeout = until(tenon_p_patience_now() + ms, -1);

  if (has_notice(w)) timeout = until(w->notice_at_ms, timeout);
  poll(&p, 1, timeout);
  if (w && tenon_p_stopper_is_stopped(w->stop)) return -ECANCELED;
  notice(w);
  return 0;
}

/* --- One child ------------------------------------------------------------------- */

typedef enum state { WAITS, RUNS, ENDED } state;

typedef struct child {
  tenon_p_process *process;
  state state;
  pid_t pid;
  int pidfd, in, out, err; /* -1: closed */
  size_t written;
  uint64_t deadline; /* 0: none */
  bool is_killed;
} child;

static void close_file(int *fd)
{
  if (*fd >= 0) close(*fd);
  *fd = -1;
}

/* Both ends above the standard files: theirs[0] is the child's. Negative
 * errno. */
static int make_pair(int *ours, int *theirs, bool is_input)
{
  int fds[2];

  /* A write to a socket can be told to raise no signal. */
  if (is_input ? socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds)
               : pipe2(fds, O_CLOEXEC))
    return -errno;
  *ours = tenon_p_above_stdio(fds[0]);
  *theirs = tenon_p_above_stdio(fds[1]);
  if (*ours < 0) return *ours;
  if (*theirs < 0) return *theirs;
  if (fcntl(*ours, F_SETFL, O_NONBLOCK) < 0) return -errno;
  return 0;
}

static int open_null(int *fd)
{
  *fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (*fd < 0) return -errno;
  *fd = tenon_p_above_stdio(*fd);
  return *fd < 0 ? *fd : 0;
}

/* A host's other thread may have just made a child that has, for as long as it
 * takes to run its program, the file open that is to be run. */
static int start_patiently(tenon_p_start *s, child *c)
{
  int i, r;

  for (i = 0;; i++) {
    r = tenon_p_start_process(s, &c->pid, &c->pidfd);
    if (r != -ETXTBSY || i == 50) return r;
    usleep(2000);
  }
}

static int start(child *c)
{
  tenon_p_process *p = c->process;
  static const char *const no_paths[] = {NULL};
  tenon_p_start s = {.paths = (char **)(p->paths ? p->paths : no_paths),
                     .program = (int *)p->program,
                     .args = (char **)p->argv,
                     .env = p->env ? (char **)p->env : environ,
                     .cwd = p->cwd,
                     .fds = {-1, -1, -1},
                     .has_group = true};
  int r;

  r = p->input_len ? make_pair(&c->in, &s.fds[0], true) : open_null(&s.fds[0]);
  if (r == 0) r = make_pair(&c->out, &s.fds[1], false);
  if (r == 0) r = make_pair(&c->err, &s.fds[2], false);
  if (r == 0) r = start_patiently(&s, c);
  close_file(&s.fds[0]);
  close_file(&s.fds[1]);
  close_file(&s.fds[2]);
  if (r) {
    close_file(&c->in);
    close_file(&c->out);
    close_file(&c->err);
    return r;
  }
  if (p->timeout_ms) c->deadline = tenon_p_patience_now() + p->timeout_ms;
  return 0;
}

/* The number of a process that has been reaped may be another's. */
static bool has_number(const child *c)
{
  siginfo_t info;
  int r;

  do {
    r = waitid(P_PIDFD, (id_t)c->pidfd, &info, WEXITED | WNOHANG | WNOWAIT);
  } while (r < 0 && errno == EINTR);
  return r == 0;
}

static void kill_child(child *c)
{
  if (c->is_killed) return;
  c->is_killed = true;
  if (has_number(c)) kill(-c->pid, SIGKILL);
}

static void fail(child *c, int error)
{
  if (!c->process->error) c->process->error = error;
  kill_child(c);
}

static void write_input(child *c)
{
  const tenon_p_process *p = c->process;
  ssize_t n;

  while (c->written < p->input_len) {
    n = send(c->in, (const char *)p->input + c->written,
             p->input_len - c->written, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) break; /* it does not want the rest */
    c->written += (size_t)n;
  }
  close_file(&c->in);
}

/* All that is there now. */
static void read_output(child *c, int *fd, tenon_p_text *t, size_t limit,
                        bool *is_cut)
{
  char some[4096];
  ssize_t n;
  size_t room;

  while (*fd >= 0) {
    n = read(*fd, some, sizeof some);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) {
      close_file(fd);
      return;
    }
    room = limit - t->len;
    if ((size_t)n > room) {
      *is_cut = true;
      n = (ssize_t)room;
    }
    if (n) tenon_p_text_append(t, some, (size_t)n);
    if (t->failed) fail(c, -ENOMEM);
  }
}

static void read_outputs(child *c)
{
  tenon_p_process *p = c->process;

  read_output(c, &c->out, &p->out, p->out_limit, &p->is_out_cut);
  read_output(c, &c->err, &p->err, p->err_limit, &p->is_err_cut);
}

static void end(child *c)
{
  close_file(&c->in);
  close_file(&c->out);
  close_file(&c->err);
  close_file(&c->pidfd);
  c->state = ENDED;
}

/* It has ended, as its descriptor says. What it has written is there; what it
 * began and left behind may hold the pipes open for long. */
static void reap(child *c)
{
  tenon_p_process *p = c->process;
  tenon_p_ending ending;
  int r;

  if (c->is_killed && has_number(c)) kill(-c->pid, SIGKILL);
  r = tenon_p_reap(c->pidfd, &ending);
  if (r == 0) return;
  read_outputs(c);
  if (r < 0) {
    p->is_reaped = true;
  } else {
    p->code = ending.code;
    p->signal = ending.signal;
  }
  end(c);
}

/* --- All of them ------------------------------------------------------------------ */

enum { PER_CHILD = 4 };

typedef struct run {
  child *children;
  struct pollfd *polls;
  size_t count, at_once;
  int first; /* error */
} run;

static void stop_all(run *r, int error)
{
  size_t i;

  if (!r->first) r->first = error;
  for (i = 0; i < r->count; i++) {
    child *c = &r->children[i];
    if (c->state == WAITS) {
      c->process->error = -ECANCELED;
      c->state = ENDED;
    } else if (c->state == RUNS) {
      fail(c, -ECANCELED);
    }
  }
}

static size_t count_in(const run *r, state s)
{
  size_t i, n = 0;

  for (i = 0; i < r->count; i++)
    n += r->children[i].state == s;
  return n;
}

static void start_some(run *r)
{
  size_t i, running = count_in(r, RUNS);

  for (i = 0; i < r->count && running < r->at_once; i++) {
    child *c = &r->children[i];
    int error;
    if (c->state != WAITS) continue;
    error = start(c);
    if (error) {
      c->process->error = error;
      c->state = ENDED;
      stop_all(r, error);
      return;
    }
    c->state = RUNS;
    running++;
  }
}

static void wait_for_some(run *r, tenon_p_patience *w)
{
  struct pollfd *p = r->polls;
  int timeout = -1;
  size_t i;

  *p++ = (struct pollfd){.fd = w && w->stop && !r->first ? w->stop->event : -1,
                         .events = POLLIN};
  for (i = 0; i < r->count; i++) {
    const child *c = &r->children[i];
    *p++ = (struct pollfd){.fd = c->pidfd, .events = POLLIN};
    *p++ = (struct pollfd){.fd = c->in, .events = POLLOUT};
    *p++ = (struct pollfd){.fd = c->out, .events = POLLIN};
    *p++ = (struct pollfd){.fd = c->err, .events = POLLIN};
    if (c->state == RUNS && c->deadline && !c->is_killed)
      timeout = until(c->deadline, timeout);
  }
  if (has_notice(w)) timeout = until(w->notice_at_ms, timeout);
  if (poll(r->polls, (nfds_t)(p - r->polls), timeout) >= 0) return;
  /* Interrupted, or without memory: everything is looked at. */
  if (errno != EINTR) usleep(1000);
  for (i = 1; i < 1 + r->count * PER_CHILD; i++)
    r->polls[i].revents = r->polls[i].fd >= 0 ? r->polls[i].events : 0;
}

static void go_on(run *r, size_t i)
{
  child *c = &r->children[i];
  const struct pollfd *p = &r->polls[1 + i * PER_CHILD];

  if (c->state != RUNS) return;
  if (p[1].revents && c->in >= 0) write_input(c);
  if (p[2].revents || p[3].revents) read_outputs(c);
  if (c->deadline && !c->is_killed && tenon_p_patience_now() >= c->deadline)
    fail(c, -ETIMEDOUT);
  if (p[0].revents) reap(c);
  if (c->process->error && !r->first) stop_all(r, c->process->error);
}

static size_t processors(void)
{
  long n = sysconf(_SC_NPROCESSORS_ONLN);

  return n < 1 ? 1 : n > 64 ? 64 : (size_t)n;
}

int tenon_p_process_run(tenon_p_process *list, size_t count, size_t at_once,
                        tenon_p_patience *w)
{
  run r = {.count = count, .at_once = at_once ? at_once : processors()};
  size_t i;

  r.children = tenon_p_calloc(count * sizeof *r.children);
  r.polls = tenon_p_calloc((1 + count * PER_CHILD) * sizeof *r.polls);
  for (i = 0; i < count; i++) {
    tenon_p_process *p = &list[i];
    p->out = p->err = (tenon_p_text)TENON_P_TEXT_INIT;
    p->is_out_cut = p->is_err_cut = p->is_reaped = false;
    p->error = r.children && r.polls ? 0 : -ENOMEM;
    p->code = p->signal = 0;
    if (r.children)
      r.children[i] =
          (child){.process = p, .pidfd = -1, .in = -1, .out = -1, .err = -1};
  }
  if (!r.children || !r.polls) {
    r.first = -ENOMEM;
    goto out;
  }
  for (;;) {
    if (!r.first && w && tenon_p_stopper_is_stopped(w->stop))
      stop_all(&r, -ECANCELED);
    if (!r.first) start_some(&r);
    if (count_in(&r, ENDED) == count) break;
    wait_for_some(&r, w);
    for (i = 0; i < count; i++)
      go_on(&r, i);
    notice(w);
  }
out:
  free(r.children);
  free(r.polls);
  return r.first;
}

void tenon_p_process_release(tenon_p_process *p)
{
  tenon_p_text_release(&p->out);
  tenon_p_text_release(&p->err);
}

bool tenon_p_process_is_good(const tenon_p_process *p)
{
  return !p->error && !p->code && !p->signal;
}

/* --- Programs without a name ------------------------------------------------------- */

#ifndef MFD_EXEC
#define MFD_EXEC 0x10U
#endif

static int write_all(int fd, const void *bytes, size_t size)
{
  const char *p = bytes;
  ssize_t n;

  while (size) {
    n = write(fd, p, size);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return n ? -errno : -EIO;
    p += n;
    size -= (size_t)n;
  }
  return 0;
}

int tenon_p_program_open(const void *bytes, size_t size)
{
  unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
  int fd = memfd_create("tenon-reader", flags | MFD_EXEC), r;

  /* Linux before 6.3 does not know the flag, and needs none. */
  if (fd < 0 && errno == EINVAL) fd = memfd_create("tenon-reader", flags);
  if (fd < 0) return -errno;
  r = write_all(fd, bytes, size);
  if (r == 0 && fchmod(fd, 0500)) r = -errno;
  if (r == 0 && fcntl(fd, F_ADD_SEALS,
                      F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL))
    r = -errno;
  if (r == 0) return tenon_p_above_stdio(fd);
  close(fd);
  return r;
}

int tenon_p_program_open_in(const char *folder, const void *bytes, size_t size)
{
  tenon_p_text t = TENON_P_TEXT_INIT;
  char *path;
  int fd, r;

  tenon_p_text_printf(&t, "%s/reader-XXXXXX", folder);
  path = tenon_p_text_take(&t);
  if (!path) return -ENOMEM;
  fd = mkostemp(path, O_CLOEXEC);
  if (fd < 0) {
    r = -errno;
    free(path);
    return r;
  }
  r = write_all(fd, bytes, size);
  if (r == 0 && fchmod(fd, 0500)) r = -errno;
  close(fd);
  /* One that is open for writing cannot be run. */
  fd = r == 0 ? open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;
  if (r == 0 && fd < 0) r = -errno;
  unlink(path);
  free(path);
  return r ? r : tenon_p_above_stdio(fd);
}
