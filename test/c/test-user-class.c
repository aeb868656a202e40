/* Classes as their authors write them: strict C11 and C++17 in one module, which
 * share some by a header. */
#include "harness.h"

#include "user-class.h"

static tenon_runtime *start(void)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_v1));
  t_run(rt, "import { log } from 'test'; import * as native from 'native';\n"
            "Object.assign(globalThis, native);\n"
            "globalThis.log = (...a) => log(a.map(String).join(' '));\n"
            "globalThis.error = f => { try { return f() }"
            " catch (e) { return `${e.name}: ${e.message}` } }");
  return rt;
}

TEST(all_macros_of_classes_are_of_use_in_strict_c11)
{
  tenon_runtime *rt = start();

  t_run(rt, "const a = new all(6, undefined, 2.5);\n"
            "log(a.own, a.n, a.itself() === a, a.twice(a).n, a.same().n);\n"
            "a['in place'](1, '', [a, a], null); log(a.n);\n"
            "log(await a.later(1), await a.soon(), all.make(3).n);\n"
            "log(await a['later on'](), await a['quite soon']());\n"
            "a.half = 6; log(a.n, a.half, a['a third']);\n"
            "a['a third'] = 2; log(a.n, all.MOST, all.ZERO.n, +a);\n"
            "all.made = 4; log(all.made, all['make none']());\n"
            "a.large = 2 ** 40; a.on = true; log(a.large, a.on, a.name);\n"
            "log(a.most(...Array(23).fill(2)), all.prototype.most.length);\n"
            "log(a instanceof Shared, a.get(), a.doubled());\n"
            "log(error(() => new all(-1)));\n"
            "a.close(); log(error(() => a.n), c11_released());");
  CHECK_LOG(
      "2.5 6 true 12 6\n9\n10 9 3\nundefined undefined\n12 6 4\n6 24 0 6\n"
      "4 undefined\n1099511627776 true all\n46 23\ntrue 2.5 5\n"
      "RangeError: n is -1\n"
      "TypeError: all.n: this: expected all, got one that was disposed of 3\n");
}

TEST(two_files_share_classes)
{
  tenon_runtime *rt = start();

  t_run(rt,
        "const s = new Shared(2), o = new Opaque(3);\n"
        "log(s.get(), s.doubled(), cxx_sum(s).value, cxx_sum(s, s).value);\n"
        "log(c11_size(o), c11_size(o, [o, o]), o.self() === o);\n"
        "log(error(() => c11_size(s)), cxx_alive());");
  CHECK_LOG("2 4 2 4\n3 5 true\n"
            "TypeError: c11_size: argument 1 'o': expected Opaque, got Shared "
            "1\n");
}

TEST(objects_of_cxx_are_constructed_and_destroyed)
{
  tenon_runtime *rt = start();

  t_run(rt, "let t = new Text('hello');\n"
            "log(t.size, t.add('a'), t.add('b'), t.at(1), cxx_alive());\n"
            "t.size = 2; log(t.size); t.close();\n"
            "log(cxx_alive(), error(() => t.size)); t = null;\n"
            "for (let i = 0; i < 100; i++) new Text('x'.repeat(i)).add('y');");
  CHECK_LOG(
      "5 1 2 b 1\n2\n"
      "0 TypeError: Text.size: this: expected Text, got one that was disposed of\n");
  tenon_runtime_collect(rt);
  t_run(rt, "log(cxx_alive())");
  CHECK_LOG("0\n");
}

TEST(what_members_throw_is_an_error_of_its_text)
{
  tenon_runtime *rt = start();

  t_run(rt, "log(error(() => new Text('throw')), cxx_alive());\n"
            "const t = new Text('');\n"
            "log(error(() => t.at(5)).startsWith('RangeError'));\n"
            "log(error(() => t.size)); log(error(() => t.size = 200));\n"
            "log(error(() => Text.refuse()));\n"
            "log(error(() => new Opaque(-1)));\n"
            "log(await t.fail_later().catch(e => e), t.add('still'));");
  CHECK_LOG("TypeError: not this text 0\ntrue\nRangeError: empty\n"
            "InternalError: out of memory\nRangeError: refused\n"
            "RangeError: no size\nError: later:  1\n");
}

TEST(a_release_that_throws_is_of_no_harm)
{
  tenon_runtime *rt = start();

  t_run(rt, "for (let i = 0; i < 10; i++) new Loud();");
  tenon_runtime_collect(rt);
  t_run(rt, "log(new Loud() instanceof Loud)");
  CHECK_LOG("true\n");
}

TEST(classes_may_stand_in_namespaces)
{
  tenon_runtime *rt = start();

  t_run(rt, "log(new InnerPart(3).n, InnerPart.of(4).n)");
  CHECK_LOG("3 4\n");
}
