// A stranger's program in C++17: it knows the installed headers alone.
#include <cstdio>
#include <string>
#include <tenon.h>

TENON_FUNCTION(str, greet, (str, name))
{
  std::string text = "hello, " + std::string(name.data, name.len);
  char *copy = static_cast<char *>(tenon_alloc(text.size()));

  if (!copy) return tenon_fail(TENON_ERROR, "greet: out of memory");
  text.copy(copy, text.size());
  return tenon_str{copy, text.size()};
}

int main()
{
  const std::string program =
      "import { greet } from 'host'; console.log(greet('tenon'));";
  tenon_runtime *rt = nullptr;
  int r = tenon_runtime_new(nullptr, &rt);

  if (r == 0) r = tenon_runtime_add_module(rt, "host", tenon_module_v1);
  if (r == 0)
    r = tenon_runtime_eval_module(rt, program.data(), program.size(), nullptr);
  if (r == 0) r = tenon_runtime_run(rt);
  if (r) std::fprintf(stderr, "%s\n", tenon_strerror(r));
  tenon_runtime_free(rt);
  return r ? 1 : 0;
}
