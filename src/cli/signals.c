#include "cli/signals.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

static tenon_runtime *volatile running;
static volatile sig_atomic_t interrupted;

static void on_interrupt(int number)
{
  if (interrupted || !running) {
    signal(number, SIG_DFL);
    raise(number);
    return;
  }
  interrupted = number;
  tenon_runtime_terminate(running);
}

void signals_watch(tenon_runtime *rt)
{
  struct sigaction action = {.sa_handler = on_interrupt}, before;

  running = rt;
  /* Whoever started the command with it ignored wants it so. */
  if (sigaction(SIGINT, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
    sigaction(SIGINT, &action, NULL);
}

void signals_forget(void)
{
  running = NULL;
}

bool signals_was_interrupted(void)
{
  return interrupted != 0;
}

void signals_die(void)
{
  sigset_t set;

  signal(interrupted, SIG_DFL);
  raise(interrupted);
  sigemptyset(&set);
  sigaddset(&set, interrupted);
  sigprocmask(SIG_UNBLOCK, &set, NULL);
}

/* --- Time -------------------------------------------------------------------- */

/* How long a builtin is waited for after the limit. */
#define GRACE_MS 1000

static const char *last_words;
static int last_code;

static void on_alarm(int number)
{
  ssize_t n = write(2, last_words, strlen(last_words));

  (void)number;
  (void)n;
  _exit(last_code);
}

void signals_watch_time(uint64_t limit_ms, const char *text, int exit_code)
{
  struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
  struct itimerval timer = {{0, 0}, {0, 0}};
  uint64_t ms = limit_ms + GRACE_MS;

  last_words = text;
  last_code = exit_code;
  timer.it_value.tv_sec = (time_t)(ms / 1000);
  timer.it_value.tv_usec = (suseconds_t)(ms % 1000 * 1000);
  if (sigaction(SIGALRM, &action, NULL) == 0)
    setitimer(ITIMER_REAL, &timer, NULL);
}
