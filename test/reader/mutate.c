/*
 * mutate RUNS SEED KEEP FILE... — reads damaged copies of objects, each in a
 * process of its own that begins as a copy of this one.
 *
 * Each must end in time, by itself: with a table that is well formed, or with
 * exit code 1 and one line. That libdw crashes is counted, and is no failure: it
 * is why the reader is a process of its own. What fails is kept in KEEP.
 *
 * The last line: "N runs: N tables, N refused, N crashed, N failed; slowest N ms"
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "reader/internal.h"
#include "table.h"

#if defined __SANITIZE_ADDRESS__
enum { IS_SANITIZED = 1 };
/* The sanitizer's library asks for it by name. */
__attribute__((visibility("default"))) const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
  return "exitcode=99:detect_leaks=0:allocator_may_return_null=1";
}
#else
enum { IS_SANITIZED = 0 };
#endif

enum { CPU_SECONDS = IS_SANITIZED ? 20 : 5, SECONDS = 60, MAX_FILES = 32 };

typedef struct original {
  unsigned char *bytes;
  size_t size;
} original;

typedef struct totals {
  uint64_t runs, tables, refused, crashed, failed;
  uint64_t slowest_ms;
} totals;

static original files[MAX_FILES];
static int file_count;
static const char *keep;

static uint64_t state;

static uint64_t next_random(void)
{
  uint64_t z = state += 0x9e3779b97f4a7c15u;

  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
  z = (z ^ z >> 27) * 0x94d049bb133111ebu;
  return z ^ z >> 31;
}

static size_t below(size_t n)
{
  return n ? next_random() % n : 0;
}

static uint64_t now_ms(void)
{
  struct timespec t;

  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* What the reader looks at: debug information, symbols, their names, relocations;
 * code is not. */
static bool is_read(const char *name)
{
  static const char *const starts[] = {".debug_",     ".symtab", ".strtab",
                                       ".dynsym",     ".dynstr", ".gnu.version",
                                       ".rela.debug", ".group",  ".dynamic",
                                       ".shstrtab",   ".rodata"};
  size_t i;

  for (i = 0; i < tenon_p_countof(starts); i++)
    if (!strncmp(name, starts[i], strlen(starts[i]))) return true;
  return false;
}

/* A range that is worth damaging, of the original. */
static void pick_range(const original *o, size_t *from, size_t *len)
{
  const ElfW(Ehdr) *header = (const void *)o->bytes;
  const ElfW(Shdr) *sections = (const void *)(o->bytes + header->e_shoff);
  const char *names =
      (const char *)o->bytes + sections[header->e_shstrndx].sh_offset;
  int tries;

  *from = 0;
  *len = o->size;
  switch (below(8)) {
  case 0: *len = sizeof *header; return;
  case 1:
    *from = header->e_shoff;
    *len = header->e_shnum * sizeof *sections;
    return;
  case 2: return;
  }
  for (tries = 0; tries < 50; tries++) {
    const ElfW(Shdr) *s = &sections[below(header->e_shnum)];

    if (s->sh_type == SHT_NOBITS || !s->sh_size || !is_read(names + s->sh_name))
      continue;
    *from = s->sh_offset;
    *len = s->sh_size;
    return;
  }
}

static void damage(const original *o, unsigned char *bytes, size_t *size)
{
  static const uint64_t extremes[] = {
      0,          1,          UINT64_MAX, INT64_MAX, (uint64_t)1 << 63,
      0x80000000, 0x7fffffff, 0xffff,     0x8000};
  size_t from, len, at, to, n, i;
  uint64_t value;

  pick_range(o, &from, &len);
  at = from + below(len);
  switch (below(8)) {
  case 0: bytes[at] ^= (unsigned char)(1 << below(8)); break;
  case 1:
  case 2: bytes[at] = (unsigned char)next_random(); break;
  case 3:
  case 4:
    value = extremes[below(tenon_p_countof(extremes))];
    n = (size_t)1 << below(4);
    if (at + n <= o->size) memcpy(bytes + at, &value, n);
    break;
  case 5: /* A piece of it elsewhere in it. */
    n = 1 + below(32);
    to = from + below(len);
    if (at + n <= o->size && to + n <= o->size)
      memmove(bytes + to, o->bytes + at, n);
    break;
  case 6:
    n = 1 + below(16);
    for (i = 0; i < n && at + i < o->size; i++)
      bytes[at + i] = (unsigned char)next_random();
    break;
  case 7:
    if (!below(4)) *size = at; /* The file ends there. */
    break;
  }
}

static size_t read_whole(int fd, char **text)
{
  off_t end = lseek(fd, 0, SEEK_END);
  size_t len = end > 0 ? (size_t)end : 0;

  *text = malloc(len + 1);
  if (!*text || pread(fd, *text, len, 0) != (ssize_t)len) {
    fprintf(stderr, "mutate: out of memory\n");
    exit(2);
  }
  (*text)[len] = '\0';
  return len;
}

static void limit(int what, rlim_t to)
{
  struct rlimit l = {to, to};

  setrlimit(what, &l);
}

static void read_in_child(int in, int out, int err)
{
  limit(RLIMIT_CPU, CPU_SECONDS);
  limit(RLIMIT_CORE, 0);
  if (!IS_SANITIZED) limit(RLIMIT_AS, (rlim_t)1 << 30);
  alarm(SECONDS);
  dup2(err, STDERR_FILENO);
  tenon_p_read_object(in, "/nowhere/damaged", out);
  _exit(0);
}

static bool is_in_library(const char *report)
{
  const char *where = strstr(report, "SUMMARY: AddressSanitizer: ");

  return where && (strstr(where, "/libdw") || strstr(where, "/libelf"));
}

/* What is wrong with how it ended; NULL: nothing. */
static const char *judge(int status, int out, int err, totals *sum)
{
  static char problem[300];
  const char *wrong = NULL;
  char *text, *line_end;
  size_t len;
  table *t;

  if (WIFSIGNALED(status)) {
    if (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGALRM ||
        WTERMSIG(status) == SIGKILL)
      return "it did not end in time";
    sum->crashed++;
    return NULL;
  }
  switch (WEXITSTATUS(status)) {
  case 0:
    sum->tables++;
    len = read_whole(out, &text);
    t = table_parse(text, len, problem, sizeof problem);
    if (!t) wrong = problem;
    table_free(t);
    free(text);
    return wrong;
  case 1:
    sum->refused++;
    len = read_whole(err, &text);
    line_end = strchr(text, '\n');
    if (!len || !line_end || line_end[1]) wrong = "it does not say one line";
    /* So does the sanitizer of undefined behaviour. */
    if (strstr(text, "runtime error: ")) {
      wrong = "it does what is not defined";
      fprintf(stderr, "%s", text);
    }
    free(text);
    return wrong;
  case 99: /* The address sanitizer. */
    read_whole(err, &text);
    if (is_in_library(text))
      sum->crashed++;
    else
      wrong = "it used memory that is not its own";
    if (wrong) fprintf(stderr, "%s", text);
    free(text);
    return wrong;
  default: return "it ended with another exit code";
  }
}

static void save(uint64_t run, const unsigned char *bytes, size_t size)
{
  char path[4096];
  int fd;

  snprintf(path, sizeof path, "%s/mutant-%llu", keep, (unsigned long long)run);
  fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (fd < 0 || write(fd, bytes, size) != (ssize_t)size)
    fprintf(stderr, "mutate: %s: cannot be written\n", path);
  if (fd >= 0) close(fd);
}

static void run_one(uint64_t run, uint64_t seed, unsigned char *bytes, int out,
                    int err, totals *sum)
{
  int in = memfd_create("mutant", MFD_CLOEXEC), status, count;
  const char *wrong;
  uint64_t start;
  const original *o;
  size_t size;
  pid_t pid;

  state = seed * 0x9e3779b97f4a7c15u + run;
  next_random();
  o = &files[below((size_t)file_count)];
  size = o->size;
  memcpy(bytes, o->bytes, size);
  for (count = 1 + (int)below(4); count; count--)
    damage(o, bytes, &size);
  if (in < 0 || write(in, bytes, size) != (ssize_t)size || ftruncate(out, 0) ||
      ftruncate(err, 0) || lseek(out, 0, SEEK_SET) || lseek(err, 0, SEEK_SET)) {
    perror("mutate");
    exit(2);
  }
  start = now_ms();
  pid = fork();
  if (pid < 0) {
    perror("mutate");
    exit(2);
  }
  if (!pid) read_in_child(in, out, err);
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
    continue;
  start = now_ms() - start;
  if (start > sum->slowest_ms) sum->slowest_ms = start;
  sum->runs++;
  wrong = judge(status, out, err, sum);
  if (wrong) {
    sum->failed++;
    fprintf(stderr, "mutate: run %llu: %s\n", (unsigned long long)run, wrong);
    save(run, bytes, size);
  }
  close(in);
}

static void load(const char *path)
{
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  char *text;

  if (fd < 0 || file_count == MAX_FILES) {
    fprintf(stderr, "mutate: %s: cannot be read\n", path);
    exit(2);
  }
  files[file_count].size = read_whole(fd, &text);
  files[file_count++].bytes = (unsigned char *)text;
  close(fd);
}

int main(int argc, char **argv)
{
  long workers = sysconf(_SC_NPROCESSORS_ONLN), w;
  totals *all, sum = {0};
  uint64_t runs, seed, i;
  size_t most = 0;
  int k;

  if (argc < 5) {
    fprintf(stderr, "usage: mutate RUNS SEED KEEP FILE...\n");
    return 2;
  }
  runs = strtoull(argv[1], NULL, 10);
  seed = strtoull(argv[2], NULL, 10);
  keep = argv[3];
  for (k = 4; k < argc; k++)
    load(argv[k]);
  for (k = 0; k < file_count; k++)
    if (files[k].size > most) most = files[k].size;
  if (workers < 1 || runs < 1000) workers = 1;
  all = mmap(NULL, (size_t)workers * sizeof *all, PROT_READ | PROT_WRITE,
             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (all == MAP_FAILED) return 2;
  for (w = 0; w < workers; w++) {
    unsigned char *bytes;
    int out, err;

    if (fork()) continue;
    bytes = malloc(most);
    out = memfd_create("out", MFD_CLOEXEC);
    err = memfd_create("err", MFD_CLOEXEC);
    if (!bytes || out < 0 || err < 0) _exit(2);
    for (i = (uint64_t)w; i < runs; i += (uint64_t)workers)
      run_one(i, seed, bytes, out, err, &all[w]);
    _exit(0);
  }
  while (wait(NULL) > 0)
    continue;
  for (w = 0; w < workers; w++) {
    sum.runs += all[w].runs;
    sum.tables += all[w].tables;
    sum.refused += all[w].refused;
    sum.crashed += all[w].crashed;
    sum.failed += all[w].failed;
    if (all[w].slowest_ms > sum.slowest_ms) sum.slowest_ms = all[w].slowest_ms;
  }
  printf("%llu runs: %llu tables, %llu refused, %llu crashed, %llu failed; "
         "slowest %llu ms\n",
         (unsigned long long)sum.runs, (unsigned long long)sum.tables,
         (unsigned long long)sum.refused, (unsigned long long)sum.crashed,
         (unsigned long long)sum.failed, (unsigned long long)sum.slowest_ms);
  return sum.runs != runs || sum.failed;
}
