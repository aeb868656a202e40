/* Runs a file of JavaScript that may import `native`. */
#include <stdio.h>
#include <tenon.h>

int main(int argc, char **argv)
{
  tenon_runtime *rt = NULL;
  int r = TENON_EINVAL;

  if (argc == 2) r = tenon_runtime_new(NULL, &rt);
  if (r == 0) r = tenon_runtime_add_module(rt, "native", tenon_module_v1);
  if (r == 0) r = tenon_runtime_run_file(rt, argv[1]);
  if (r)
    fprintf(stderr, "%s\n",
            rt ? tenon_runtime_explain(rt, r, TENON_FORM_TEXT)
               : tenon_strerror(r));
  tenon_runtime_free(rt);
  return r != 0;
}
