/*
 * Each allocation fails in turn while shared objects are imported.
 *
 * TENON_OOM_SAMPLE=N tries N points spread over all of them; 0 or unset: all.
 */
#define TENON_P_INSIDE
#include <tenon/quickjs.h>

#include <stdlib.h>
#include <string.h>
#include <tenon.h>
#include <unistd.h>

#include "base/alloc.h"
#include "harness.h"

/* By import(): a module whose evaluation has failed fails for ever. */
static const char source[] =
    "const said = [];\n"
    "for (const s of ['plain.so', 'plain.so?x', 'raw.so', 'raw.so?fails',\n"
    "    'tables.so#version', 'tables.so#good', 'tables.so',\n"
    "    'needs_symbol.so'])\n"
    "  try {\n"
    "    const m = await import('./' + s);\n"
    "    said.push((m.loaded ?? m.one ?? m.count)() > 0);\n"
    "  } catch (e) { if (!e.code) throw e; said.push(e.code); }\n"
    "said.push((await import('named')).answer);\n"
    "if (said.join() !== 'true,true,true,ERR_MODULE_INIT_FAILED,TENON_EABI,'\n"
    "    + 'true,ERR_DLOPEN_FAILED,ERR_DLOPEN_FAILED,42')\n"
    "  throw new Error(`wrong: ${said.join()}`);\n";

static int set_answer(JSContext *ctx, JSModuleDef *m)
{
  return JS_SetModuleExport(ctx, m, "answer", JS_NewInt32(ctx, 42));
}

static JSModuleDef *make_answer(JSContext *ctx, const char *name)
{
  JSModuleDef *m = JS_NewCModule(ctx, name, set_answer);

  if (m && JS_AddModuleExport(ctx, m, "answer")) m = NULL;
  return m;
}

static int live(void)
{
  tenon_runtime *rt;
  int r = tenon_runtime_new(NULL, &rt);

  if (r) return r;
  r = tenon_runtime_add_quickjs_module(rt, "named", make_answer);
  if (r == 0)
    r = tenon_runtime_eval_module(rt, source, sizeof source - 1, "./p.mjs");
  if (r == 0) r = tenon_runtime_run(rt);
  if (r && tenon_runtime_exception(rt) &&
      strstr(tenon_runtime_exception(rt), "wrong")) {
    print_error("%s\n", tenon_runtime_exception(rt));
    fail();
  }
  tenon_runtime_free(rt);
  return r;
}

static const t_oom oom = {.live = live};

TEST(each_allocation_fails_once)
{
  CHECK_INT(0, chdir(SHARED));
  CHECK_INT(0, live());
  CHECK(t_fail_each(&oom, false) > 200);
}

TEST(every_allocation_fails_from_some_point_on)
{
  CHECK_INT(0, chdir(SHARED));
  CHECK(t_fail_each(&oom, true) > 200);
}
