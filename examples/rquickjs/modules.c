/* What modules export, to scripts and to C, and where they come from. */
#define TENON_MODULE constants

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sections.h"

TENON_CONSTANT(f64, PI, 3.14159)
TENON_FUNCTION(f64, area, (f64, radius))
{
  return 3.14159 * radius * radius;
}
TENON_DEFAULT(area)

TENON_IMPORT(str, shout, (str, text))

/* A module of a file, as C sees it. */
void exports(void)
{
  tenon_runtime *rt = runtime_with("constants", tenon_module_constants);
  char path[] = "/tmp/tenon-example-XXXXXX.mjs";
  static const char source[] = "export const answer = 42;\n"
                               "export const shout = s => s.toUpperCase();\n"
                               "export default [1, 2];\n";
  tenon_array_str names;
  tenon_owner *owner;
  tenon_str said;
  shout *f;
  double answer;
  int fd = mkstemps(path, 4);

  if (fd < 0 || write(fd, source, strlen(source)) < 0) must(NULL, TENON_EINVAL);
  close(fd);
  run(rt, "import area, { PI } from 'constants'; console.log(PI, area(1));");
  must(rt, tenon_runtime_exports(rt, path, &names, &owner));
  for (size_t i = 0; i < names.len; i++)
    printf("%s\n", names.data[i].data);
  tenon_owner_free(owner);
  must(rt,
       tenon_runtime_read(rt, path, "answer", TENON_TYPE(f64), &answer, NULL));
  must(rt, shout_import(rt, path, "shout", &f));
  must(rt, shout_call(f, &said, tenon_str_of("hello")));
  printf("%g %s\n", answer, said.data);
  tenon_callback_release(f);
  unlink(path);
  tenon_runtime_free(rt);
}

/* By name and by path; what cannot be found is told with what it was asked
 * from. */
void loaders(void)
{
  tenon_runtime *rt = runtime_with("constants", tenon_module_constants);

  run(rt, "const m = await import('constants'); console.log(Object.keys(m));");
  run(rt, "try { await import('nothing') } catch (e) {"
          " console.log(e.message.split(', the builtin modules')[0]) }");
  tenon_runtime_free(rt);
}
