/* A stranger's program in C: it knows the installed headers alone. */
#include <stdio.h>
#include <string.h>
#include <tenon.h>
#include <tenon/napi.h>

TENON_FUNCTION(str, greet, (str, name))
{
  char *text = tenon_alloc(name.len + 8);

  if (!text) return tenon_fail(TENON_ERROR, "greet: out of memory");
  sprintf(text, "hello, %s", name.data);
  return tenon_str_of(text);
}

/* The same by a value that C makes. */
static int name_program(tenon_runtime *rt)
{
  napi_env env = tenon_runtime_env(rt);
  napi_handle_scope scope;
  napi_value global, name;
  int r = 1;

  if (napi_open_handle_scope(env, &scope)) return 1;
  if (napi_get_global(env, &global) == napi_ok &&
      napi_create_string_utf8(env, "tenon", NAPI_AUTO_LENGTH, &name) ==
          napi_ok &&
      napi_set_named_property(env, global, "who", name) == napi_ok)
    r = 0;
  return napi_close_handle_scope(env, scope) ? 1 : r;
}

int main(void)
{
  static const char program[] =
      "import { greet } from 'host'; console.log(greet(who));";
  tenon_runtime *rt = NULL;
  int r = tenon_runtime_new(NULL, &rt);

  if (r == 0) r = tenon_runtime_add_module(rt, "host", tenon_module_v1);
  if (r == 0 && name_program(rt)) r = TENON_ENOMEM;
  if (r == 0) r = tenon_runtime_eval_module(rt, program, strlen(program), NULL);
  if (r == 0) r = tenon_runtime_run(rt);
  if (r) fprintf(stderr, "%s\n", tenon_strerror(r));
  tenon_runtime_free(rt);
  return r ? 1 : 0;
}
