/* The host that Tenon itself makes of the same functions. */
#include <stdio.h>
#include <tenon.h>

int main(int argc, char **argv)
{
  tenon_runtime *rt = NULL;
  int r = argc == 2 ? tenon_runtime_new(NULL, &rt) : TENON_EINVAL;

  if (r == 0) r = tenon_runtime_add_module(rt, "rust", tenon_module_v1);
  if (r == 0) r = tenon_runtime_run_file(rt, argv[1]);
  if (r == TENON_EEXCEPTION)
    fprintf(stderr, "%s\n", tenon_runtime_exception(rt));
  else if (r)
    fprintf(stderr, "%s: %s\n", argv[0], tenon_strerror(r));
  tenon_runtime_free(rt);
  return r != 0;
}
