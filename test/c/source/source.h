/* What the tests of native source share. */
#ifndef TEST_C_SOURCE_SOURCE_H
#define TEST_C_SOURCE_SOURCE_H

#include "harness.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/path.h"
#include "source/build.h"
#include "source/cache.h"

/* The stand-in for the reader, as bytes. */
static inline void t_read_reader(const void **bytes, size_t *size)
{
  static char *data;
  static size_t len;
  FILE *f;

  if (!data) {
    f = fopen(STAND_IN_READER, "rb");
    assert_non_null(f);
    data = malloc(4 << 20);
    len = fread(data, 1, 4 << 20, f);
    fclose(f);
    assert_true(len > 100);
  }
  *bytes = data;
  *size = len;
}

/* An empty folder for one test, which is the working one; its cache is `cache`. */
static inline void t_enter_test(void)
{
  static int number;
  char name[64];

  t_enter_folder();
  assert_int_equal(
      0, chdir(getenv("SOURCE_TEST_ROOT") ? getenv("SOURCE_TEST_ROOT") : "."));
  if (!getenv("SOURCE_TEST_ROOT")) {
    char *cwd = getcwd(NULL, 0);
    setenv("SOURCE_TEST_ROOT", cwd, 1);
    free(cwd);
  }
  snprintf(name, sizeof name, "t%d", number++);
  mkdir(name, 0700);
  assert_int_equal(0, chdir(name));
  {
    char *cwd = getcwd(NULL, 0);
    char path[4096];
    snprintf(path, sizeof path, "%s/cache", cwd);
    setenv("TENON_CACHE_DIR", path, 1);
    free(cwd);
  }
}

/* Files in a folder whose names end so. */
static inline int t_count_files(const char *folder, const char *end)
{
  DIR *dir = opendir(folder);
  struct dirent *e;
  int n = 0;

  if (!dir) return 0;
  while ((e = readdir(dir))) {
    size_t len = strlen(e->d_name), k = strlen(end);
    n += len >= k && strcmp(e->d_name + len - k, end) == 0 &&
         e->d_name[0] != '.';
  }
  closedir(dir);
  return n;
}

static inline int t_count_begins(const char *folder, const char *begin)
{
  DIR *dir = opendir(folder);
  struct dirent *e;
  int n = 0;

  if (!dir) return 0;
  while ((e = readdir(dir)))
    n += strncmp(e->d_name, begin, strlen(begin)) == 0;
  closedir(dir);
  return n;
}

#endif
