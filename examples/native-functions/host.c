/*
 * A JavaScript host whose programs can import 'native': every function that a
 * file in export/ describes. No list of them is kept anywhere.
 */
#include <stdio.h>
#include <tenon.h>

int main(int argc, char **argv)
{
  tenon_options options = {
      .size = sizeof options,
      .args = (const char *const *)argv,
      .arg_count = (size_t)argc,
  };
  tenon_runtime *rt = NULL;
  int r;

  if (argc < 2) {
    fprintf(stderr, "usage: %s FILE\n", argv[0]);
    return 2;
  }
  r = tenon_runtime_new(&options, &rt);
  if (r == 0) r = tenon_runtime_add_module(rt, "native", tenon_module_v1);
  if (r == 0) r = tenon_runtime_run_file(rt, argv[1]);
  if (r == TENON_EEXCEPTION)
    fprintf(stderr, "Uncaught %s\n", tenon_runtime_exception(rt));
  else if (r && r != TENON_EEXIT)
    fprintf(stderr, "%s: %s\n", argv[1], tenon_strerror(r));
  r = r == 0 || r == TENON_EEXIT ? tenon_runtime_exit_code(rt) : 1;
  tenon_runtime_free(rt);
  return r;
}
