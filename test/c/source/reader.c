/* Takes the place of the program that reads debug information: a table without
 * anything in it, or what READER says. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
  const char *what = getenv("READER");

  if (!what) what = "";
  if (argc != 2 || access(argv[1], R_OK)) {
    fprintf(stderr, "cannot read %s\n", argc > 1 ? argv[1] : "nothing");
    return 1;
  }
  if (strcmp(what, "crash") == 0) raise(SIGSEGV);
  if (strcmp(what, "hang") == 0) sleep(60);
  if (strcmp(what, "fail") == 0) {
    fprintf(stderr, "no debug information\n");
    return 1;
  }
  printf("tenon-table 1\nread %s\n", argv[1]);
  if (strcmp(what, "cut") != 0) puts("end");
  return 0;
}
