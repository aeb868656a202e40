/* show [-l]: a table on standard input in the form of table.h; with -l, lines. */
#include <stdlib.h>
#include <string.h>

#include "table.h"

int main(int argc, char **argv)
{
  size_t len = 0, capacity = 1 << 16, n;
  char *text = malloc(capacity), problem[256];
  table *t;

  while (text && (n = fread(text + len, 1, capacity - len, stdin)) > 0) {
    len += n;
    if (len == capacity) text = realloc(text, capacity *= 2);
  }
  if (!text) return 2;
  t = table_parse(text, len, problem, sizeof problem);
  free(text);
  if (!t) {
    fprintf(stderr, "show: %s\n", problem);
    return 1;
  }
  table_show(t, stdout, argc > 1 && !strcmp(argv[1], "-l"));
  table_free(t);
  return 0;
}
