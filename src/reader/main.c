/*
 * tenon-read FILE — prints what an object file or shared object shows to others,
 * as a table; FILE is - for standard input, which must be a file.
 *
 * Exit codes: 0 and a table, whose last line is "end"; 1 and one line on standard
 * error; 2: wrong arguments. What is damaged may also end it by a signal: libdw
 * was not written for hostile files.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reader/internal.h"

#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define IS_SANITIZED 1
#elif defined __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define IS_SANITIZED 1
#endif
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED 0
#endif

/* The clock of the wall is for a file that does not come. */
enum { MAX_CPU_SECONDS = 30, MAX_SECONDS = 120 };
/* Of memory, and so many times the size of the file. What is compressed in it
 * may say that it is larger than all memory. */
static const rlim_t least_bytes = (rlim_t)1 << 30;
enum { MAX_TIMES = 8 };

/* Never above what others have set. */
static void limit(int what, rlim_t to)
{
  struct rlimit l;

  if (getrlimit(what, &l)) return;
  if (l.rlim_cur == RLIM_INFINITY || l.rlim_cur > to) l.rlim_cur = to;
  if (l.rlim_max == RLIM_INFINITY || l.rlim_max > to) l.rlim_max = to;
  setrlimit(what, &l);
}

static void set_limits(int file)
{
  struct stat st;

  limit(RLIMIT_CPU, MAX_CPU_SECONDS);
  limit(RLIMIT_CORE, 0);
  /* The sanitizers reserve far more than is used. */
  if (!IS_SANITIZED && sizeof(rlim_t) > 4 && !fstat(file, &st))
    limit(RLIMIT_AS, least_bytes + (rlim_t)st.st_size * MAX_TIMES);
  alarm(MAX_SECONDS);
}

int main(int argc, char **argv)
{
  bool is_input;
  int file;

  if (argc != 2) {
    fprintf(stderr, "usage: tenon-read FILE\n");
    return 2;
  }
  signal(SIGPIPE, SIG_IGN);
  /* Nothing here asks for it; libraries of libraries shall not, too. */
  unsetenv("DEBUGINFOD_URLS");
  is_input = !strcmp(argv[1], "-");
  file = is_input ? STDIN_FILENO : open(argv[1], O_RDONLY | O_CLOEXEC);
  if (file < 0) tenon_p_fail("it cannot be opened: %m");
  set_limits(file);
  tenon_p_read_object(file, is_input ? NULL : argv[1], STDOUT_FILENO);
  /* Nothing is freed on the way. */
  _exit(0);
}
