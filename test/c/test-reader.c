/* The reader as the library has it: bytes, run as a process. What it reads is
 * tested by test/reader. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"
#include "reader/reader.h"

static char said[65536];

/* Runs it on a file, from memory that nobody can write. Its exit code; what it
 * printed, on both, is in `said`. */
static int run_reader(const char *file)
{
  int program = memfd_create("tenon-read", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  int ends[2], status;
  size_t len = 0;
  ssize_t n;
  pid_t pid;

  CHECK(program >= 0);
  CHECK_INT(tenon_p_reader_size,
            write(program, tenon_p_reader, tenon_p_reader_size));
  CHECK_INT(0, fcntl(program, F_ADD_SEALS,
                     F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL));
  CHECK_INT(0, pipe(ends));
  pid = fork();
  CHECK(pid >= 0);
  if (!pid) {
    char *argv[] = {"tenon-read", (char *)file, NULL};
    char *env[] = {NULL};

    dup2(ends[1], STDOUT_FILENO);
    dup2(ends[1], STDERR_FILENO);
    close(ends[0]);
    close(ends[1]);
    fexecve(program, argv, env);
    _exit(126);
  }
  close(ends[1]);
  while (len < sizeof said - 1 &&
         (n = read(ends[0], said + len, sizeof said - 1 - len)) > 0)
    len += (size_t)n;
  said[len] = '\0';
  close(ends[0]);
  close(program);
  CHECK_INT(pid, waitpid(pid, &status, 0));
  CHECK(WIFEXITED(status));
  return WEXITSTATUS(status);
}

TEST(the_embedded_reader_prints_the_table_of_an_object)
{
  if (!tenon_p_reader_size) skip();
  t_enter_folder();
  t_write_file("twice.c", "double twice(double x) { return x * 2; }\n");
  if (system("cc -g -c twice.c")) skip();
  CHECK_INT(0, run_reader("twice.o"));
  CHECK(!strncmp(said, "tenon-table 1\nunit c /", 22));
  CHECK(strstr(said, "\nfunction twice twice 1 "));
  CHECK(strstr(said, "\n  param x 1\n"));
  CHECK_TEXT("end\n", said + strlen(said) - 4);
}

TEST(what_cannot_be_read_is_one_line_and_an_exit_code)
{
  if (!tenon_p_reader_size) skip();
  t_enter_folder();
  t_write_file("text.o", "int x;\n");
  CHECK_INT(1, run_reader("text.o"));
  CHECK_TEXT("it is not an ELF object\n", said);
  CHECK_INT(1, run_reader("missing.o"));
  CHECK_TEXT("it cannot be opened: No such file or directory\n", said);
}

TEST(the_reader_is_no_library_of_the_library)
{
  char line[512];
  FILE *maps = fopen("/proc/self/maps", "r");

  CHECK(maps != NULL);
  while (fgets(line, sizeof line, maps))
    CHECK(!strstr(line, "/libdw"));
  fclose(maps);
}
