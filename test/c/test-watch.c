/* Watches of file descriptors: events, errors, closing. */
#define TENON_MODULE watching
#include "harness.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <tenon.h>
#include <unistd.h>
#include <uv.h>

#include "api/internal.h"
#include "base/alloc.h"
#include "base/text.h"

TENON_MODULE_THREADS(any);

/* What one watch has been told, and what it does. */
typedef struct seen {
  tenon_watch *w;
  int told, closed, status;
  uint32_t events;
  int close_at; /* which time it closes the watch; 0: never */
  bool reads;
  void (*also)(struct seen *s);
} seen;

static void on_closed(void *p)
{
  ((seen *)p)->closed++;
}

static void on_ready(tenon_watch *w, int status, uint32_t events, void *p)
{
  seen *s = p;
  char byte;

  s->told++;
  s->status = status;
  s->events |= events;
  if (s->reads && (events & TENON_WATCH_READABLE))
    CHECK_INT(1, read(tenon_watch_fd(w), &byte, 1));
  if (s->also) s->also(s);
  if (s->told == s->close_at) CHECK_INT(0, tenon_watch_close(w, on_closed));
}

static void make_pipe(int fd[2])
{
  CHECK_INT(0, pipe2(fd, O_NONBLOCK | O_CLOEXEC));
}

static void close_both(const int fd[2])
{
  close(fd[0]);
  close(fd[1]);
}

static int watch(tenon_runtime *rt, int fd, uint32_t events, seen *s)
{
  return tenon_runtime_watch(rt, fd, events, on_ready, s, &s->w);
}

/* --- Events --------------------------------------------------------------------- */

TEST(a_readable_descriptor_is_told_in_each_turn_until_it_was_read)
{
  tenon_runtime *rt = t_runtime();
  seen s = {.close_at = 5};
  int fd[2];

  make_pipe(fd);
  CHECK_INT(1, write(fd[1], "x", 1));
  CHECK_INT(0, watch(rt, fd[0], TENON_WATCH_READABLE, &s));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_INT(5, s.told);
  CHECK_INT(TENON_WATCH_READABLE, s.events);
  CHECK_INT(1, s.closed);
  close_both(fd);
}

static void stop_reading(seen *s)
{
  CHECK_INT(0, tenon_watch_set(s->w, 0));
}

TEST(what_was_read_is_told_once)
{
  tenon_runtime *rt = t_runtime();
  seen s = {.reads = true};
  int fd[2];

  make_pipe(fd);
  CHECK_INT(1, write(fd[1], "x", 1));
  CHECK_INT(0, watch(rt, fd[0], TENON_WATCH_READABLE, &s));
  CHECK_INT(0, tenon_watch_hold(s.w, false));
  t_run(rt, "for (let i = 0; i < 3; i++)\n"
            "  await new Promise((done) => setTimeout(done, 1));");
  CHECK_INT(1, s.told);
  CHECK_INT(0, tenon_watch_close(s.w, NULL));
  close_both(fd);
}

TEST(a_watch_of_no_events_waits_for_nothing)
{
  tenon_runtime *rt = t_runtime();
  seen s = {.also = stop_reading};
  int fd[2];

  make_pipe(fd);
  CHECK_INT(1, write(fd[1], "x", 1));
  CHECK_INT(0, watch(rt, fd[0], 0, &s));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_INT(0, s.told);
  CHECK_INT(0, tenon_watch_set(s.w, TENON_WATCH_READABLE));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_INT(1, s.told);
  CHECK_INT(0, tenon_watch_set(s.w, TENON_WATCH_READABLE));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_INT(2, s.told);
  CHECK_INT(0, tenon_watch_close(s.w, NULL));
  t_free(rt);
  close_both(fd);
}

TEST(a_writable_descriptor_is_told)
{
  tenon_runtime *rt = t_runtime();
  seen s = {.close_at = 1};
  int fd[2];

  make_pipe(fd);
  CHECK_INT(0, watch(rt, fd[1], TENON_WATCH_WRITABLE, &s));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_INT(TENON_WATCH_WRITABLE, s.events);
  close_both(fd);
}

TEST(a_socket_that_the_other_side_has_shut_is_told)
{
  tenon_runtime *rt = t_runtime();
  seen s = {.close_at = 1};
  int fd[2];

  CHECK_INT(0, socketpair(AF_UNIX, SOCK_STREAM, 0, fd));
  CHECK_INT(0, watch(rt, fd[0], TENON_WATCH_HANGUP, &s));
  CHECK_INT(0, shutdown(fd[1], SHUT_WR));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK(s.events & TENON_WATCH_HANGUP);
  close_both(fd);
}

TEST(an_error_of_a_descriptor_is_told_and_stops_the_watch)
{
  tenon_runtime *rt = t_runtime();
  seen s = {0};
  int fd[2];

  make_pipe(fd);
  CHECK_INT(0, watch(rt, fd[1], TENON_WATCH_WRITABLE, &s));
  close(fd[0]);
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_INT(1, s.told);
  CHECK_INT(0, s.status);
  CHECK_INT(TENON_WATCH_ERROR, s.events);
  s.close_at = 2;
  CHECK_INT(0, tenon_watch_set(s.w, TENON_WATCH_WRITABLE));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_INT(2, s.told);
  close(fd[1]);
}

TEST(many_are_watched_at_once)
{
  enum { MANY = 200 };
  tenon_runtime *rt = t_runtime();
  static seen s[MANY];
  static int fd[MANY][2];
  int i;

  memset(s, 0, sizeof s);
  for (i = 0; i < MANY; i++) {
    make_pipe(fd[i]);
    s[i].close_at = 3;
    CHECK_INT(0, watch(rt, fd[i][0], TENON_WATCH_READABLE, &s[i]));
    CHECK_INT(1, write(fd[i][1], "x", 1));
  }
  CHECK_INT(0, tenon_runtime_run(rt));
  for (i = 0; i < MANY; i++) {
    CHECK_INT(3, s[i].told);
    CHECK_INT(1, s[i].closed);
    close_both(fd[i]);
  }
}

/* --- What can be watched --------------------------------------------------------- */

TEST(a_file_cannot_be_watched)
{
  tenon_runtime *rt = t_runtime();
  seen s = {0};
  FILE *f = tmpfile();

  CHECK(f != NULL);
  CHECK_INT(UV_EPERM, watch(rt, fileno(f), TENON_WATCH_READABLE, &s));
  CHECK(s.w == NULL);
  CHECK_INT(0, rt->loop->open.count);
  fclose(f);
}

TEST(what_is_not_open_cannot_be_watched)
{
  tenon_runtime *rt = t_runtime();
  seen s = {0};
  int fd[2];

  make_pipe(fd);
  close_both(fd);
  CHECK_INT(UV_EBADF, watch(rt, fd[0], TENON_WATCH_READABLE, &s));
  CHECK_INT(UV_EBADF, watch(rt, -1, TENON_WATCH_READABLE, &s));
}

TEST(what_is_watched_cannot_be_watched_again_but_a_duplicate_can)
{
  tenon_runtime *rt = t_runtime();
  seen s = {.close_at = 1}, other = {.close_at = 1};
  int fd[2], copy;

  make_pipe(fd);
  CHECK_INT(1, write(fd[1], "x", 1));
  CHECK_INT(0, watch(rt, fd[0], 0, &s));
  CHECK_INT(UV_EEXIST, watch(rt, fd[0], TENON_WATCH_READABLE, &other));
  copy = dup(fd[0]);
  CHECK_INT(0, watch(rt, copy, TENON_WATCH_READABLE, &other));
  CHECK_INT(0, tenon_watch_set(s.w, TENON_WATCH_READABLE));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_INT(1, s.told);
  CHECK_INT(1, other.told);
  s = (seen){.close_at = 1};
  CHECK_INT(0, watch(rt, fd[0], TENON_WATCH_READABLE, &s));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_INT(1, s.told);
  close(copy);
  close_both(fd);
}

TEST(two_runtimes_watch_one_descriptor)
{
  tenon_runtime *a = t_runtime(), *b = t_runtime();
  seen s = {.close_at = 1}, other = {.close_at = 1};
  int fd[2];

  make_pipe(fd);
  CHECK_INT(1, write(fd[1], "x", 1));
  CHECK_INT(0, watch(a, fd[0], TENON_WATCH_READABLE, &s));
  CHECK_INT(0, watch(b, fd[0], TENON_WATCH_READABLE, &other));
  CHECK_INT(0, tenon_runtime_run(a));
  CHECK_INT(0, tenon_runtime_run(b));
  CHECK_INT(1, s.told);
  CHECK_INT(1, other.told);
  close_both(fd);
}

TEST(a_descriptor_stays_blocking_or_not)
{
  tenon_runtime *rt = t_runtime();
  seen s = {0};
  int fd[2];

  CHECK_INT(0, pipe(fd));
  CHECK_INT(0, watch(rt, fd[0], TENON_WATCH_READABLE, &s));
  CHECK_INT(0, fcntl(fd[0], F_GETFL) & O_NONBLOCK);
  CHECK_INT(0, tenon_watch_close(s.w, NULL));
  CHECK_INT(0, fcntl(fd[0], F_SETFL, O_NONBLOCK));
  CHECK_INT(0, watch(rt, fd[0], TENON_WATCH_READABLE, &s));
  CHECK_INT(O_NONBLOCK, fcntl(fd[0], F_GETFL) & O_NONBLOCK);
  CHECK_INT(0, tenon_watch_close(s.w, NULL));
  close_both(fd);
}

TEST(wrong_arguments_are_refused)
{
  tenon_runtime *rt = t_runtime();
  seen s = {0};
  int fd[2];

  make_pipe(fd);
  CHECK_INT(TENON_EINVAL, watch(rt, fd[0], 64, &s));
  CHECK_INT(TENON_EINVAL, watch(rt, fd[0], TENON_WATCH_ERROR, &s));
  CHECK_INT(TENON_EINVAL, tenon_runtime_watch(rt, fd[0], 1, NULL, NULL, &s.w));
  CHECK_INT(TENON_EINVAL,
            tenon_runtime_watch(rt, fd[0], 1, on_ready, &s, NULL));
  CHECK_INT(TENON_EINVAL,
            tenon_runtime_watch(NULL, fd[0], 1, on_ready, &s, &s.w));
  CHECK_INT(TENON_EINVAL, tenon_watch_set(NULL, 1));
  CHECK_INT(TENON_EINVAL, tenon_watch_close(NULL, NULL));
  CHECK_INT(TENON_EINVAL, tenon_watch_hold(NULL, true));
  CHECK_INT(0, watch(rt, fd[0], 1, &s));
  CHECK_INT(TENON_EINVAL, tenon_watch_set(s.w, 64));
  t_free(rt);
  close_both(fd);
}

TEST(handles_beyond_their_limit_are_refused)
{
  tenon_runtime *rt = t_runtime();
  seen s = {0}, other = {0};
  int fd[2];

  make_pipe(fd);
  rt->loop->open.most_handles = 1;
  CHECK_INT(0, watch(rt, fd[0], 1, &s));
  CHECK_INT(TENON_EFULL, watch(rt, fd[1], 2, &other));
  CHECK_INT(0, tenon_watch_close(s.w, NULL));
  CHECK_INT(0, watch(rt, fd[1], 2, &other));
  t_free(rt);
  close_both(fd);
}

TEST(a_watch_that_gets_no_memory_is_none)
{
  tenon_runtime *rt = t_runtime();
  seen s = {.close_at = 1};
  int fd[2], r;

  make_pipe(fd);
  CHECK_INT(1, write(fd[1], "x", 1));
  tenon_p_alloc_inject(1, true);
  r = watch(rt, fd[0], 1, &s);
  tenon_p_alloc_stop();
  CHECK_INT(TENON_ENOMEM, r);
  CHECK(s.w == NULL);
  CHECK_INT(0, watch(rt, fd[0], 1, &s));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_INT(1, s.told);
  close_both(fd);
}

/* --- Descriptors that are closed -------------------------------------------------- */

TEST(a_descriptor_that_was_closed_before_the_loop_waits_is_told)
{
  tenon_runtime *rt = t_runtime();
  seen s = {.close_at = 1};
  int fd[2];

  make_pipe(fd);
  CHECK_INT(0, watch(rt, fd[0], TENON_WATCH_READABLE, &s));
  close_both(fd);
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_INT(1, s.told);
  CHECK_INT(UV_EBADF, s.status);
  CHECK_INT(1, s.closed);
}

static seen *victim;

static void close_victim(seen *s)
{
  (void)s;
  if (victim) close(tenon_watch_fd(victim->w));
  victim = NULL;
}

TEST(a_descriptor_that_is_closed_under_its_watch_is_told)
{
  tenon_runtime *rt = t_runtime();
  seen s = {.close_at = 1}, other = {.also = close_victim, .close_at = 3};
  int fd[2], more[2];

  make_pipe(fd);
  make_pipe(more);
  CHECK_INT(0, watch(rt, fd[0], TENON_WATCH_READABLE, &s));
  CHECK_INT(0, watch(rt, more[1], TENON_WATCH_WRITABLE, &other));
  victim = &s;
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_INT(UV_EBADF, s.status);
  CHECK_INT(1, s.told);
  close(fd[1]);
  close_both(more);
}

TEST(a_number_that_is_another_file_now_is_told)
{
  tenon_runtime *rt = t_runtime();
  seen s = {.close_at = 1};
  int fd[2], file;

  make_pipe(fd);
  CHECK_INT(0, watch(rt, fd[0], TENON_WATCH_READABLE, &s));
  file = open("/dev/null", O_RDONLY);
  CHECK_INT(fd[0], dup2(file, fd[0]));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_INT(UV_EBADF, s.status);
  close(file);
  close_both(fd);
}

TEST(events_of_a_descriptor_that_was_closed_cannot_be_set)
{
  tenon_runtime *rt = t_runtime();
  seen s = {0};
  int fd[2];

  make_pipe(fd);
  CHECK_INT(0, watch(rt, fd[0], 0, &s));
  close_both(fd);
  CHECK_INT(UV_EBADF, tenon_watch_set(s.w, TENON_WATCH_READABLE));
  CHECK_INT(0, tenon_watch_close(s.w, NULL));
  CHECK_INT(0, tenon_runtime_run(rt));
}

/* --- Closing ----------------------------------------------------------------------- */

TEST(a_watch_that_was_closed_is_closed_once)
{
  tenon_runtime *rt = t_runtime();
  seen s = {0};
  int fd[2];

  make_pipe(fd);
  CHECK_INT(1, write(fd[1], "x", 1));
  CHECK_INT(0, watch(rt, fd[0], TENON_WATCH_READABLE, &s));
  CHECK_INT(0, tenon_watch_close(s.w, on_closed));
  CHECK_INT(TENON_EALREADY, tenon_watch_close(s.w, on_closed));
  CHECK_INT(TENON_EALREADY, tenon_watch_set(s.w, 1));
  CHECK_INT(TENON_EALREADY, tenon_watch_hold(s.w, true));
  close_both(fd);
  CHECK_INT(0, s.closed);
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_INT(1, s.closed);
  CHECK_INT(0, s.told);
}

static void close_other(seen *s)
{
  (void)s;
  if (victim) CHECK_INT(0, tenon_watch_close(victim->w, on_closed));
  victim = NULL;
}

TEST(one_watch_closes_another_that_is_ready_too)
{
  tenon_runtime *rt = t_runtime();
  seen a = {.also = close_other, .close_at = 1};
  seen b = {.also = close_other, .close_at = 1};
  int fd[2], more[2];

  make_pipe(fd);
  make_pipe(more);
  CHECK_INT(0, watch(rt, fd[1], TENON_WATCH_WRITABLE, &a));
  CHECK_INT(0, watch(rt, more[1], TENON_WATCH_WRITABLE, &b));
  victim = &b;
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_INT(1, a.told);
  CHECK(b.told <= 1);
  CHECK_INT(1, a.closed);
  CHECK_INT(1, b.closed);
  close_both(fd);
  close_both(more);
}

TEST(a_watch_that_is_not_held_lets_the_loop_end)
{
  tenon_runtime *rt = t_runtime();
  seen s = {.close_at = 1};
  int fd[2];

  make_pipe(fd);
  CHECK_INT(0, watch(rt, fd[0], TENON_WATCH_READABLE, &s));
  CHECK_INT(0, tenon_watch_hold(s.w, false));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_INT(0, s.told);
  CHECK_INT(1, write(fd[1], "x", 1));
  CHECK_INT(0, tenon_watch_hold(s.w, true));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_INT(1, s.told);
  close_both(fd);
}

TEST(the_end_of_the_runtime_is_told_once)
{
  tenon_runtime *rt = t_runtime();
  seen s = {0};
  int fd[2];

  make_pipe(fd);
  CHECK_INT(0, watch(rt, fd[0], TENON_WATCH_READABLE, &s));
  t_free(rt);
  CHECK_INT(1, s.told);
  CHECK_INT(TENON_ECLOSING, s.status);
  CHECK_INT(0, s.closed);
  close_both(fd);
}

TEST(a_watch_is_closed_where_the_end_of_the_runtime_is_told)
{
  tenon_runtime *rt = t_runtime();
  seen s = {.close_at = 1}, other = {.close_at = 1}, third = {0};
  int fd[2];

  make_pipe(fd);
  CHECK_INT(0, watch(rt, fd[0], TENON_WATCH_READABLE, &s));
  CHECK_INT(0, watch(rt, fd[1], 0, &other));
  t_free(rt);
  CHECK_INT(1, s.closed);
  CHECK_INT(1, other.closed);
  rt = t_runtime();
  CHECK_INT(0, watch(rt, fd[0], TENON_WATCH_READABLE, &third));
  CHECK_INT(0, tenon_watch_close(third.w, on_closed));
  t_free(rt);
  CHECK_INT(1, third.closed);
  CHECK_INT(0, third.told);
  close_both(fd);
}

/* --- From functions ----------------------------------------------------------------- */

typedef struct arrival {
  tenon_deferred *deferred;
  tenon_watch *w;
  int fd;
} arrival;

static void free_arrival(void *p)
{
  free(p);
}

static void on_arrival(tenon_watch *w, int status, uint32_t events, void *p);

TENON_ASYNC(str, arrived, (i32, fd))
{
  arrival *a = calloc(1, sizeof *a);
  int r;

  if (!a) {
    tenon_fail_memory();
    return;
  }
  a->deferred = deferred;
  a->fd = fd;
  r = tenon_watch_open(fd, TENON_WATCH_READABLE, on_arrival, a, &a->w);
  if (r == 0) return;
  free(a);
  tenon_fail_system(r, "watch", NULL);
}

static void on_arrival(tenon_watch *w, int status, uint32_t events, void *p)
{
  arrival *a = p;
  char text[16];
  ssize_t len = status ? -1 : read(a->fd, text, sizeof text);
  tenon_str s = {text, len > 0 ? (size_t)len : 0};

  (void)events;
  if (status)
    (void)tenon_deferred_reject_system(a->deferred, status, "watch", NULL);
  else
    (void)TENON_RESOLVE(arrived, a->deferred, s);
  CHECK_INT(0, tenon_watch_close(w, free_arrival));
}

TENON_CALLBACK(none, hear, (str, line))
static hear *listener;
static seen of_listener;

static void tell_listener(seen *s)
{
  (void)hear_call(listener, tenon_str_of("heard"));
  if (s->told == 2) tenon_callback_release(listener);
}

TENON_FUNCTION_AS("listen", none, listen_to, (i32, fd), (hear, fn))
{
  int r;

  listener = hear_keep(fn);
  of_listener = (seen){.also = tell_listener, .close_at = 2};
  r = tenon_watch_open(fd, TENON_WATCH_WRITABLE, on_ready, &of_listener,
                       &of_listener.w);
  if (r) tenon_fail_system(r, "watch", NULL);
}

TENON_BLOCKING(i32, off_the_loop, (i32, fd))
{
  tenon_watch *w;

  return tenon_watch_open(fd, 1, on_ready, NULL, &w);
}

static tenon_runtime *runtime_with_module(void)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_add_module(rt, "watch", tenon_module_watching));
  return rt;
}

static void run_with(tenon_runtime *rt, const char *format, int a, int b)
{
  char source[512];

  snprintf(source, sizeof source, format, a, b);
  t_run(rt, source);
}

TEST(a_function_settles_its_promise_when_something_arrives)
{
  tenon_runtime *rt = runtime_with_module();
  int fd[2];

  make_pipe(fd);
  CHECK_INT(4, write(fd[1], "text", 4));
  run_with(rt,
           "import { log } from 'test'; import { arrived } from 'watch';\n"
           "log(await arrived(%d));\n"
           "await arrived(%d).catch((e) => log(e.message));",
           fd[0], -1);
  CHECK_LOG("text\nEBADF: bad file descriptor, watch\n");
  close_both(fd);
}

TEST(a_file_is_refused_in_plain_words)
{
  tenon_runtime *rt = runtime_with_module();
  FILE *f = tmpfile();

  run_with(rt,
           "import { log } from 'test'; import { arrived } from 'watch';\n"
           "await arrived(%d).catch((e) => log(e.message, %d));",
           fileno(f), 0);
  CHECK_LOG("EPERM: operation not permitted, watch\n");
  fclose(f);
}

TEST(a_watch_calls_functions_of_javascript)
{
  tenon_runtime *rt = runtime_with_module();
  int fd[2];

  make_pipe(fd);
  run_with(rt,
           "import { log } from 'test'; import { listen } from 'watch';\n"
           "listen(%d, (s) => { log(s);\n"
           "  Promise.resolve().then(() => log('then')); }, %d);",
           fd[1], 0);
  CHECK_LOG("heard\nthen\nheard\nthen\n");
  close_both(fd);
}

TEST(what_a_function_throws_in_a_watch_is_uncaught)
{
  tenon_runtime *rt = runtime_with_module();
  char source[256];
  int fd[2];

  make_pipe(fd);
  snprintf(source, sizeof source,
           "import { listen } from 'watch';\n"
           "listen(%d, (s) => { throw new RangeError(s); });",
           fd[1]);
  CHECK_THROWS(rt, "RangeError: heard", source);
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_run(rt));
  CHECK_INT(2, of_listener.told);
  CHECK_INT(0, tenon_runtime_run(rt));
  close_both(fd);
}

static void open_second(seen *s)
{
  static int fd[2];
  static seen second;

  if (s->told == 1) {
    make_pipe(fd);
    second = (seen){.close_at = 1};
    CHECK_INT(0, tenon_watch_open(fd[1], 2, on_ready, &second, &second.w));
    victim = &second;
  }
}

TEST(a_watch_opens_another)
{
  tenon_runtime *rt = runtime_with_module();
  seen s = {.also = open_second, .close_at = 2};
  int fd[2];

  make_pipe(fd);
  CHECK_INT(0, watch(rt, fd[1], 2, &s));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_INT(1, victim->told);
  CHECK_INT(1, victim->closed);
  close_both(fd);
}

static void use_elsewhere(void *p)
{
  seen *s = p;
  seen other;

  CHECK_INT(TENON_ETHREAD, tenon_watch_set(s->w, 1));
  CHECK_INT(TENON_ETHREAD, tenon_watch_hold(s->w, true));
  CHECK_INT(TENON_ETHREAD, tenon_watch_close(s->w, NULL));
  CHECK_INT(TENON_EINVAL, tenon_watch_open(0, 1, on_ready, p, &other.w));
}

TEST(watches_are_for_the_thread_of_the_loop)
{
  tenon_runtime *rt = runtime_with_module();
  seen s = {0};
  int fd[2];

  make_pipe(fd);
  CHECK_INT(0, watch(rt, fd[0], 1, &s));
  t_elsewhere(use_elsewhere, &s);
  CHECK_INT(0, tenon_watch_close(s.w, NULL));
  CHECK_INT(TENON_EINVAL, tenon_watch_open(fd[0], 1, on_ready, &s, &s.w));
  run_with(rt,
           "import { log } from 'test';\n"
           "import { off_the_loop } from 'watch';\n"
           "log(`${await off_the_loop(%d)} %d`);",
           fd[0], TENON_ETHREAD);
  CHECK_LOG("-5004 -5004\n");
  close_both(fd);
}

TEST(the_end_of_a_realm_closes_its_watches)
{
  tenon_runtime *rt = runtime_with_module();
  tenon_realm *realm;
  char text[256];
  seen s = {.close_at = 1};
  int fd[2];

  make_pipe(fd);
  CHECK_INT(0, tenon_realm_new(rt, NULL, &realm));
  snprintf(text, sizeof text,
           "globalThis.done = import('watch').then((m) => {\n"
           "  m.arrived(%d).then(() => {}, () => {}); });",
           fd[0]);
  CHECK_INT(0, tenon_realm_eval_script(realm, text, strlen(text), "r.js"));
  CHECK_INT(0, watch(rt, fd[1], 0, &s));
  CHECK_INT(2, rt->loop->open.handle_count);
  CHECK_INT(0, tenon_realm_free(realm));
  CHECK_INT(0, s.told);
  CHECK_INT(1, rt->loop->open.handle_count);
  CHECK_INT(0, tenon_runtime_run(rt));
  t_free(rt);
  close_both(fd);
}
