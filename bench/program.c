/*
 * Whole programs, from fork to exit: a "hello" of one line, by tenon, by the
 * engine's own command as its authors build it (the limit), and by whatever
 * other runtime is installed.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

static const char hello_row[] = "hello, wall time";
static const char hello[] = "console.log('hello');\n";

int bench_run(const bench_command *c, const char *file, bench_outcome *out)
{
  const char *argv[] = {c->path, c->option ? c->option : file,
                        c->option ? file : NULL, NULL};
  double start = bench_now_ns();
  struct rusage usage;
  int pipes[2], status;
  ssize_t n;
  pid_t pid;

  if (pipe(pipes)) return -1;
  pid = fork();
  if (pid == 0) {
    dup2(pipes[1], 1);
    close(pipes[0]);
    close(pipes[1]);
    execv(c->path, (char *const *)argv);
    _exit(127);
  }
  close(pipes[1]);
  n = pid < 0 ? -1 : read(pipes[0], out->output, sizeof out->output - 1);
  out->output[n < 0 ? 0 : n] = '\0';
  close(pipes[0]);
  if (pid < 0 || wait4(pid, &status, 0, &usage) < 0) return -1;
  out->wall_ms = (bench_now_ns() - start) / 1e6;
  out->peak_mib = (double)usage.ru_maxrss / 1024;
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

/* The first of these that can be executed. */
static int find(bench_command *c, const char *name, const char *option,
                const char *folder, const char *file)
{
  const char *path = getenv("PATH");

  *c = (bench_command){.name = name, .option = option};
  if (folder) {
    snprintf(c->path, sizeof c->path, "%s/%s", folder, file);
    return access(c->path, X_OK) == 0;
  }
  while (path && *path) {
    size_t n = strcspn(path, ":");
    snprintf(c->path, sizeof c->path, "%.*s/%s", (int)n, path, file);
    if (access(c->path, X_OK) == 0) return 1;
    path += n + (path[n] == ':');
  }
  return 0;
}

size_t bench_find_peers(bench_command *commands, const char *peers)
{
  char folder[4096];
  size_t count = (size_t)find(&commands[0], "node", NULL, NULL, "node");

  if (!peers) return count;
  snprintf(folder, sizeof folder, "%s/node_modules", peers);
  count += (size_t)find(&commands[count], "bun", NULL, folder,
                        "@oven/bun-linux-x64/bin/bun");
  count += (size_t)find(&commands[count], "deno", "run", folder,
                        "@deno/linux-x64-glibc/deno");
  return count;
}

static void add_row(bench_report *r, const char *name, const char *unit,
                    double aim, const bench_command *commands, size_t count,
                    double (*values)[BENCH_ROUNDS])
{
  bench_row *row = bench_add(r, name, unit);
  size_t i;

  row->aim = aim;
  row->way_count = count;
  for (i = 0; i < count; i++) {
    row->ways[i].name = commands[i].name;
    row->ways[i].median = bench_median(values[i], BENCH_ROUNDS);
  }
}

static int measure(bench_report *r, const bench_command *commands, size_t count,
                   const char *file)
{
  static double wall[BENCH_MOST_WAYS][BENCH_ROUNDS],
      peak[BENCH_MOST_WAYS][BENCH_ROUNDS];
  bench_outcome o;
  int round, failed = 0;
  size_t i;

  for (i = 0; i < count; i++) {
    int is_right = bench_run(&commands[i], file, &o) == 0 &&
                   strcmp(o.output, "hello\n") == 0;
    if (!is_right)
      fprintf(stderr, "bench: %s does not say hello\n", commands[i].path);
    failed |= !is_right;
  }
  if (failed) return failed;
  for (round = 0; round < BENCH_ROUNDS; round++) {
    for (i = 0; i < count; i++) {
      if (bench_run(&commands[i], file, &o)) return 1;
      wall[i][round] = o.wall_ms;
      peak[i][round] = o.peak_mib;
    }
  }
  add_row(r, hello_row, "ms", 1.15, commands, count, wall);
  add_row(r, "hello, peak memory", "MiB", 0, commands, count, peak);
  return 0;
}

int bench_programs(bench_report *r, const char *build, const char *peers)
{
  bench_command commands[BENCH_MOST_WAYS];
  char file[] = "/tmp/tenon-bench-XXXXXX.js", folder[4096];
  size_t count = 0;
  int fd, failed = 1;

  if (r->is_check || !bench_wants(r, hello_row)) return 0;
  snprintf(folder, sizeof folder, "%s/bench", build);
  count += (size_t)find(&commands[count], "bare qjs", NULL, folder, "qjs");
  count += (size_t)find(&commands[count], "tenon", NULL, build, "tenon");
  if (count != 2) {
    fprintf(stderr, "bench: no tenon or qjs in %s\n", build);
    return 1;
  }
  count += bench_find_peers(&commands[count], peers);
  fd = mkstemps(file, 3);
  if (fd >= 0 && write(fd, hello, sizeof hello - 1) == sizeof hello - 1)
    failed = measure(r, commands, count, file);
  else
    perror(file);
  if (fd >= 0) {
    close(fd);
    unlink(file);
  }
  return failed;
}
