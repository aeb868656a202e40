/* A stranger's program in C: it knows the installed headers alone. */
#include <stdio.h>
#include <string.h>
#include <tenon.h>

TENON_FUNCTION(str, greet, (str, name))
{
  char *text = tenon_alloc(name.len + 8);

  if (!text) return tenon_fail(TENON_ERROR, "greet: out of memory");
  sprintf(text, "hello, %s", name.data);
  return tenon_str_of(text);
}

int main(void)
{
  static const char program[] =
      "import { greet } from 'host'; console.log(greet('tenon'));";
  tenon_runtime *rt = NULL;
  int r = tenon_runtime_new(NULL, &rt);

  if (r == 0) r = tenon_runtime_add_module(rt, "host", tenon_module_v1);
  if (r == 0) r = tenon_runtime_eval_module(rt, program, strlen(program), NULL);
  if (r == 0) r = tenon_runtime_run(rt);
  if (r) fprintf(stderr, "%s\n", tenon_strerror(r));
  tenon_runtime_free(rt);
  return r ? 1 : 0;
}
