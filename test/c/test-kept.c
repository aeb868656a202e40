/*
 * What C keeps of a runtime: values, references of Node-API, callbacks. How it is
 * looked at, and told of where it was not released.
 */
#define TENON_MODULE kept
#include <dlfcn.h>
#include <stdlib.h>
#include <tenon/export.h>
#include <tenon/import.h>

#include "persistent.h"

#include "base/alloc.h"

static tenon_persistent *to_free;
static int free_calls;

/* Called by the engine as an object is freed. */
static void on_free(JSRuntime *rt, JSValueConst v)
{
  free_calls++;
  tenon_persistent_free(to_free);
  to_free = NULL;
}

static void make_watched(tenon_runtime *rt)
{
  to_free = NULL;
  free_calls = 0;
  t_make_watched(rt, on_free);
}

/* --- Looking at what is held ------------------------------------------------------------ */

typedef struct list {
  napi_env env;
  char text[2048];
  size_t count, most;
  tenon_persistent *at[16];
} list;

/* Kind and text, one a line. */
static bool add(const tenon_kept *kept, void *data)
{
  list *l = data;

  CHECK_INT(strlen(kept->text), kept->text_len);
  snprintf(l->text + strlen(l->text), sizeof l->text - strlen(l->text),
           "%s%s\n", kept->kind == TENON_KEPT_WEAK ? "weak " : "", kept->text);
  if (l->count < tenon_p_countof(l->at)) l->at[l->count] = kept->persistent;
  return ++l->count != l->most;
}

static const char *listed(tenon_runtime *rt)
{
  static list l;

  l = (list){.text = ""};
  CHECK_INT(0, tenon_kept_each(tenon_runtime_env(rt), add, &l));
  return l.text;
}

TEST(what_is_held_is_listed_the_oldest_first)
{
  tenon_runtime *rt = t_runtime();
  tenon_persistent *a = t_hold(rt, "'a'"),
                   *b = t_hold_weakly(rt, "globalThis.b=[]"),
                   *c = t_hold(rt, "'c'");

  CHECK_TEXT("string \"a\"\nweak Array(0)\nstring \"c\"\n", listed(rt));
  t_run(rt, "delete globalThis.b;");
  tenon_persistent_free(a);
  CHECK_TEXT("weak gone\nstring \"c\"\n", listed(rt));
  tenon_persistent_free(b);
  tenon_persistent_free(c);
  CHECK_TEXT("", listed(rt));
}

TEST(looking_ends_where_it_is_told_to)
{
  tenon_runtime *rt = t_runtime();
  tenon_persistent *a = t_hold(rt, "1"), *b = t_hold(rt, "2"),
                   *c = t_hold(rt, "3");
  list l = {.most = 2};

  CHECK_INT(0, tenon_kept_each(tenon_runtime_env(rt), add, &l));
  CHECK_TEXT("number 1\nnumber 2\n", l.text);
  CHECK(l.at[0] == a && l.at[1] == b);
  tenon_persistent_free(a);
  tenon_persistent_free(b);
  tenon_persistent_free(c);
}

static tenon_persistent *victims[4];
static tenon_persistent *made[64];
static int made_count;

static bool change(const tenon_kept *kept, void *data)
{
  list *l = data;
  list inner = {.text = ""};
  napi_value v;
  size_t i;

  add(kept, data);
  /* Itself, the one before, and the one behind. */
  for (i = 0; l->count == 2 && i < tenon_p_countof(victims); i++) {
    tenon_persistent_free(victims[i]);
    victims[i] = NULL;
  }
  OK(napi_get_undefined(l->env, &v));
  CHECK_INT(0, tenon_persistent_new(l->env, v, &made[made_count++]));
  CHECK_INT(0, tenon_kept_each(l->env, add, &inner));
  CHECK(inner.count > 0);
  return true;
}

TEST(all_may_change_while_it_is_looked_at)
{
  tenon_runtime *rt = t_runtime();
  list l = {.env = tenon_runtime_env(rt)};
  tenon_persistent *last;

  made_count = 0;
  victims[0] = t_hold(rt, "'first'");
  victims[1] = t_hold(rt, "({ itself: 1 })");
  victims[2] = t_hold(rt, "'next'");
  victims[3] = t_hold(rt, "'behind it'");
  last = t_hold(rt, "'last'");
  CHECK_INT(0, tenon_kept_each(l.env, change, &l));
  CHECK_TEXT("string \"first\"\nObject\nstring \"last\"\n", l.text);
  CHECK_INT(3, made_count);
  CHECK_TEXT("string \"last\"\nundefined\nundefined\nundefined\n", listed(rt));
  while (made_count)
    tenon_persistent_free(made[--made_count]);
  tenon_persistent_free(last);
}

static bool free_it(const tenon_kept *kept, void *data)
{
  if (kept->kind == TENON_KEPT_PERSISTENT)
    tenon_persistent_free(kept->persistent);
  return true;
}

TEST(what_is_freed_while_it_is_looked_at_goes_with_that)
{
  tenon_runtime *rt = t_runtime();
  tenon_persistent *weak;

  t_hold(rt, "globalThis.it = {}");
  weak = t_hold_weakly(rt, "it");
  t_run(rt, "delete globalThis.it;");
  CHECK_INT(0, tenon_kept_each(tenon_runtime_env(rt), free_it, NULL));
  CHECK_TEXT("weak gone\n", listed(rt));
  tenon_persistent_free(weak);
}

TEST(after_a_termination_nobody_is_told)
{
  tenon_runtime *rt = t_runtime();
  list l = {.text = ""};

  tenon_runtime_terminate(rt);
  CHECK_INT(TENON_ETERMINATED, tenon_kept_each(tenon_runtime_env(rt), add, &l));
  CHECK_INT(0, l.count);
}

static struct {
  napi_env env;
  int result;
} looking;

static void look_while_freed(JSRuntime *rt, JSValueConst v)
{
  looking.result = tenon_kept_each(looking.env, free_it, NULL);
}

TEST(nobody_is_told_while_values_are_freed)
{
  tenon_runtime *rt = t_runtime();
  tenon_persistent *weak;

  looking.env = tenon_runtime_env(rt);
  looking.result = 0;
  t_make_watched(rt, look_while_freed);
  /* Of a cycle, parts of which are gone when the other is asked about. */
  t_run(rt, "class Other {}; globalThis.other = new Other();"
            "it.other = other; other.it = it;");
  weak = t_hold_weakly(rt, "other");
  t_run(rt, "delete globalThis.it; delete globalThis.other;");
  tenon_runtime_collect(rt);
  CHECK_INT(TENON_EBUSY, looking.result);
  tenon_persistent_free(weak);
}

TEST(a_value_is_described_in_one_line_without_running_anything)
{
  static const char *const pairs[][2] = {
      {"undefined", "undefined"},
      {"null", "null"},
      {"true", "boolean true"},
      {"-0", "number -0"},
      {"0.1", "number 0.1"},
      {"1e300", "number 1e+300"},
      {"NaN", "number NaN"},
      {"-Infinity", "number -Infinity"},
      {"-5n", "bigint -5n"},
      {"2n ** 99n", "bigint"},
      {"''", "string \"\""},
      {"'caf\\xe9 \\u20ac \\u{1f600}'", "string \"caf\xc3\xa9 \xe2\x82\xac "
                                        "\xf0\x9f\x98\x80\""},
      {"'a\\n\\0\"\\\\\\x7f'", "string \"a\\n\\x00\\\"\\\\\\x7f\""},
      {"'\\ud800'", "string \"\xef\xbf\xbd\""},
      {"'x'.repeat(24)", "string \"xxxxxxxxxxxxxxxxxxxxxxxx\""},
      {"'x'.repeat(25)", "string \"xxxxxxxxxxxxxxxxxxxxxxxx\xe2\x80\xa6\""},
      {"'y'.repeat(9000) + 'x'.repeat(9000)",
       "string \"yyyyyyyyyyyyyyyyyyyyyyyy\xe2\x80\xa6\""},
      {"Symbol()", "Symbol()"},
      {"Symbol('s')", "Symbol(s)"},
      {"Symbol.iterator", "Symbol(Symbol.iterator)"},
      {"({})", "Object"},
      {"Object.create(null)", "Object"},
      {"[1, , 3]", "Array(3)"},
      {"new (class List extends Array {})(2)", "List(2)"},
      {"new Uint8Array(4)", "Uint8Array(4)"},
      {"new ArrayBuffer(4)", "ArrayBuffer"},
      {"new Map([[1, 2]])", "Map(1)"},
      {"new Set()", "Set(0)"},
      {"new WeakMap()", "WeakMap"},
      {"Promise.resolve()", "Promise"},
      {"/x/", "RegExp"},
      {"new Date()", "Date"},
      {"new (class Foo {})", "Foo"},
      {"new TypeError('no\\nway')", "TypeError: no\\nway"},
      {"new Error()", "Error"},
      {"function onData() {}", "function onData"},
      {"(() => {})", "function"},
      {"class Bar {}", "function Bar"},
      {"Math.max", "function max"},
      {"(function () {}).bind()", "function bound "},
      {"async function* all() {}", "function all"},
      {"new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 2 } })",
       "Proxy"},
      {"new Proxy(function f() {}, {})", "Proxy"},
      {"Object.defineProperty(() => 1, 'name', { get() { throw 1 } })",
       "function"},
      {"({ __proto__: { get constructor() { throw 1 } } })", "Object"},
      {"({ __proto__: { constructor: { get name() { throw 1 } } } })",
       "Object"},
      {"({ __proto__: { constructor: { name: 5 } } })", "Object"},
      {"({ __proto__: { constructor: new Proxy({}, { get() { throw 1 } }) } })",
       "Object"},
      {"({ __proto__: new Proxy({}, { get() { throw 1 } }) })", "Object"},
      {"({ __proto__: { constructor: { name: '\\u20ac'.repeat(30) } } })",
       "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82"
       "\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2"
       "\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac"
       "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82"
       "\xac\xe2\x82\xac\xe2\x80\xa6"},
  };
  tenon_runtime *rt = t_runtime();
  size_t i;

  for (i = 0; i < tenon_p_countof(pairs); i++) {
    tenon_persistent *p = t_hold(rt, pairs[i][0]);
    char want[512];
    snprintf(want, sizeof want, "%s\n", pairs[i][1]);
    if (strcmp(want, listed(rt)) != 0) print_error("%s\n", pairs[i][0]);
    CHECK_TEXT(want, listed(rt));
    tenon_persistent_free(p);
  }
}

TEST(the_longest_description_fits)
{
  tenon_runtime *rt = t_runtime();
  tenon_persistent
      *p = t_hold(
          rt,
          "Object.assign(Object.create({ constructor: { name: '\\x01'.repeat("
          "99) } }), {})"),
      *q;

  CHECK(strlen(listed(rt)) > 90);
  tenon_persistent_free(p);
  q = t_hold(rt, "(() => { const e = new Error('\\x02'.repeat(99));"
                 "Object.setPrototypeOf(e, { constructor: { name: "
                 "'\\x01'.repeat(99) } }); return e })()");
  CHECK_INT(24 * 4 + 3 + 2 + 24 * 4 + 3 + 1, strlen(listed(rt)));
  tenon_persistent_free(q);
}

/* --- What was not released --------------------------------------------------------------- */

static bool name_place(const tenon_kept *kept, void *data)
{
  list *l = data;
  const char *slash = kept->file ? strrchr(kept->file, '/') : NULL;

  snprintf(l->text + strlen(l->text), sizeof l->text - strlen(l->text),
           "%s:%d: %s%s\n",
           slash        ? slash + 1
           : kept->file ? kept->file
                        : "?",
           kept->line, kept->kind == TENON_KEPT_WEAK ? "weak " : "",
           kept->text);
  l->at[l->count++] = kept->persistent;
  return l->count != l->most;
}

TEST(what_was_not_freed_is_named_with_its_place)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_value v = t_eval(rt, "globalThis.it = function onData() {}");
  tenon_persistent *p[4];
  list l = {.text = ""};
  char want[256];
  int line;

  CHECK_INT(0, tenon_kept_report(env, name_place, &l));
  line = __LINE__ + 1;
  CHECK_INT(0, tenon_persistent_new(env, v, &p[0]));
  CHECK_INT(0, tenon_persistent_new(env, v, &p[1]));
  CHECK_INT(0, tenon_persistent_new_weak(env, v, &p[2]));
  CHECK_INT(0, tenon_persistent_new_at(env, t_text(env, "x"), NULL, 0, &p[3]));
  tenon_persistent_free(p[1]);
  t_free(rt);
  snprintf(want, sizeof want,
           "test-kept.c:%d: function onData\n"
           "test-kept.c:%d: weak function onData\n"
           "?:0: string \"x\"\n",
           line, line + 2);
  CHECK_TEXT(want, l.text);
  CHECK(l.at[0] == p[0] && l.at[1] == p[2] && l.at[2] == p[3]);
  tenon_persistent_free(p[0]);
  tenon_persistent_free(p[2]);
  tenon_persistent_free(p[3]);
}

TEST(nothing_is_reported_where_all_was_freed)
{
  tenon_runtime *rt = t_runtime();
  list l = {.text = ""};

  CHECK_INT(0, tenon_kept_report(tenon_runtime_env(rt), name_place, &l));
  tenon_persistent_free(t_hold(rt, "({})"));
  t_free(rt);
  CHECK_TEXT("", l.text);
}

TEST(a_report_that_was_taken_back_is_none)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  tenon_persistent *p = t_hold(rt, "({})");
  list l = {.text = ""};

  CHECK_INT(0, tenon_kept_report(env, name_place, &l));
  CHECK_INT(0, tenon_kept_report(env, NULL, NULL));
  t_free(rt);
  CHECK_TEXT("", l.text);
  tenon_persistent_free(p);
}

TEST(a_report_ends_where_it_is_told_to)
{
  tenon_runtime *rt = t_runtime();
  tenon_persistent *p = t_hold(rt, "1"), *q = t_hold(rt, "2");
  list l = {.most = 1};

  CHECK_INT(0, tenon_kept_report(tenon_runtime_env(rt), name_place, &l));
  t_free(rt);
  CHECK_INT(1, l.count);
  tenon_persistent_free(p);
  tenon_persistent_free(q);
}

/* Frees two at once, of which one was not told yet. */
static bool free_all(const tenon_kept *kept, void *data)
{
  list *l = data;

  l->count++;
  while (l->most)
    tenon_persistent_free(l->at[--l->most]);
  return true;
}

TEST(a_report_may_free_what_it_is_told_and_others)
{
  tenon_runtime *rt = t_runtime();
  list l = {.most = 3};

  l.at[0] = t_hold(rt, "({})");
  l.at[1] = t_hold(rt, "[]");
  l.at[2] = t_hold_weakly(rt, "globalThis");
  CHECK_INT(0, tenon_kept_report(tenon_runtime_env(rt), free_all, &l));
  t_free(rt);
  CHECK_INT(1, l.count);
}

TEST(what_a_destructor_frees_while_the_runtime_ends_is_not_reported)
{
  tenon_runtime *rt = t_runtime();
  list l = {.text = ""};

  /* The object goes with the heap, behind all that is held. */
  make_watched(rt);
  to_free = t_hold(rt, "({ a: 1 })");
  CHECK_INT(0, tenon_kept_report(tenon_runtime_env(rt), name_place, &l));
  t_free(rt);
  CHECK_INT(1, free_calls);
  CHECK(to_free == NULL);
  CHECK_TEXT("", l.text);
}

TEST(what_a_destructor_that_is_held_itself_frees_is_not_reported)
{
  tenon_runtime *rt = t_runtime();
  list l = {.text = ""};
  tenon_persistent *p;

  make_watched(rt);
  p = t_hold(rt, "it");
  t_run(rt, "delete globalThis.it;");
  to_free = t_hold(rt, "({ a: 1 })");
  CHECK_INT(0, tenon_kept_report(tenon_runtime_env(rt), name_place, &l));
  t_free(rt);
  CHECK_INT(1, free_calls);
  CHECK_INT(1, l.count);
  CHECK(strstr(l.text, "Watched"));
  tenon_persistent_free(p);
}

/* --- References and callbacks ------------------------------------------------------------ */

TENON_CALLBACK(f64, binary, (f64, a), (f64, b))
TENON_CALLBACK(none, plain)
TENON_IMPORT(f64, imported, (f64, x))

static binary *kept_callback;
static const char *seen_in_call;

TENON_FUNCTION(none, keep, (binary, f))
{
  kept_callback = binary_keep(f);
}

static tenon_runtime *looked_at;

/* What is listed while an argument is a callback that nobody keeps, and that
 * was called. */
TENON_FUNCTION(none, look, (plain, f))
{
  if (plain_call(f) == 0) seen_in_call = listed(looked_at);
}

static tenon_runtime *runtime(void)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_add_module(rt, "m", tenon_module_kept));
  kept_callback = NULL;
  return rt;
}

/* Kind and text, and whether the address is one of this program. */
static bool name_address(const tenon_kept *kept, void *data)
{
  list *l = data;
  Dl_info here, there;
  bool is_ours = kept->address && dladdr(kept->address, &there) &&
                 dladdr((void *)(uintptr_t)name_address, &here) &&
                 strcmp(here.dli_fname, there.dli_fname) == 0;

  CHECK(!kept->persistent && !kept->file && !kept->line);
  snprintf(l->text + strlen(l->text), sizeof l->text - strlen(l->text),
           "%s %s%s\n",
           kept->kind == TENON_KEPT_REFERENCE  ? "reference"
           : kept->kind == TENON_KEPT_CALLBACK ? "callback"
                                               : "?",
           kept->text, is_ours ? "" : " from elsewhere");
  return ++l->count != l->most;
}

TEST(a_reference_that_holds_its_value_is_listed_and_reported)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_ref strong, weak, ended, deleted;
  list l = {.text = ""};

  OK(napi_create_reference(env, t_eval(rt, "[1, 2]"), 1, &strong));
  OK(napi_create_reference(env, t_eval(rt, "globalThis"), 0, &weak));
  OK(napi_create_reference(env, t_eval(rt, "'ended'"), 1, &ended));
  OK(napi_create_reference(env, t_eval(rt, "'deleted'"), 1, &deleted));
  OK(napi_reference_unref(env, ended, NULL));
  OK(napi_delete_reference(env, deleted));
  CHECK_INT(0, tenon_kept_each(env, name_address, &l));
  CHECK_TEXT("reference Array(2)\n", l.text);
  l = (list){.text = ""};
  CHECK_INT(0, tenon_kept_report(env, name_address, &l));
  t_free(rt);
  CHECK_TEXT("reference Array(2)\n", l.text);
}

static void no_finalizer(napi_env env, void *data, void *hint)
{}

TEST(a_reference_of_a_wrap_is_reported_too)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  list l = {.text = ""};
  napi_ref ref;

  OK(napi_wrap(env, t_eval(rt, "new (class Wrapped {})"), &l, no_finalizer,
               NULL, &ref));
  CHECK_INT(0, tenon_kept_each(env, name_address, &l));
  CHECK_TEXT("", l.text);
  OK(napi_reference_ref(env, ref, NULL));
  CHECK_INT(0, tenon_kept_report(env, name_address, &l));
  t_free(rt);
  CHECK(strstr(l.text, "reference Wrapped"));
}

static napi_ref references[3];

static bool delete_references(const tenon_kept *kept, void *data)
{
  list *l = data;
  size_t i;

  name_address(kept, data);
  for (i = 0; i < tenon_p_countof(references); i++) {
    if (references[i]) OK(napi_delete_reference(l->env, references[i]));
    references[i] = NULL;
  }
  OK(napi_create_reference(l->env, t_text(l->env, "new"), 1, &references[0]));
  return true;
}

TEST(references_may_be_deleted_and_made_while_they_are_looked_at)
{
  tenon_runtime *rt = t_runtime();
  list l = {.env = tenon_runtime_env(rt)};
  size_t i;

  for (i = 0; i < tenon_p_countof(references); i++)
    OK(napi_create_reference(l.env, t_text(l.env, "r"), 1, &references[i]));
  CHECK_INT(0, tenon_kept_each(l.env, delete_references, &l));
  CHECK_TEXT("reference string \"r\"\n", l.text);
  l.text[0] = '\0';
  CHECK_INT(0, tenon_kept_each(l.env, name_address, &l));
  CHECK_TEXT("reference string \"new\"\n", l.text);
  OK(napi_delete_reference(l.env, references[0]));
}

TEST(a_callback_that_is_kept_is_listed_and_reported)
{
  tenon_runtime *rt = runtime();
  napi_env env = tenon_runtime_env(rt);
  list l = {.text = ""};

  t_run(rt, "import { keep } from 'm'; keep(function onData() {});");
  CHECK_INT(0, tenon_kept_each(env, name_address, &l));
  CHECK_TEXT("callback function onData\n", l.text);
  l = (list){.text = ""};
  CHECK_INT(0, tenon_kept_report(env, name_address, &l));
  t_free(rt);
  CHECK_TEXT("callback function onData\n", l.text);
  tenon_callback_release(kept_callback);
}

TEST(a_callback_that_was_released_is_not_told)
{
  tenon_runtime *rt = runtime();
  napi_env env = tenon_runtime_env(rt);
  list l = {.text = ""};

  t_run(rt, "import { keep } from 'm'; keep(function onData() {});");
  CHECK_INT(0, tenon_kept_report(env, name_address, &l));
  tenon_callback_release(kept_callback);
  CHECK_TEXT("", listed(rt));
  t_free(rt);
  CHECK_TEXT("", l.text);
}

TEST(a_callback_that_is_an_argument_only_is_not_listed)
{
  tenon_runtime *rt = looked_at = runtime();

  seen_in_call = "not called";
  t_run(rt, "import { look } from 'm'; look(() => {});");
  CHECK_TEXT("", seen_in_call);
}

TEST(a_callback_that_was_imported_is_kept_by_its_host)
{
  tenon_runtime *rt = runtime();
  napi_env env = tenon_runtime_env(rt);
  list l = {.text = ""};
  imported *f;

  CHECK_INT(0, imported_import(rt, NULL, "Math.sqrt", &f));
  CHECK_INT(0, tenon_kept_report(env, name_address, &l));
  t_free(rt);
  CHECK_TEXT("callback function sqrt\n", l.text);
  tenon_callback_release(f);
}

static void release_elsewhere(void *cb)
{
  tenon_callback_release(cb);
}

static bool release_it(const tenon_kept *kept, void *data)
{
  name_address(kept, data);
  t_elsewhere(release_elsewhere, kept_callback);
  return true;
}

TEST(a_callback_may_be_released_while_it_is_told)
{
  tenon_runtime *rt = runtime();
  napi_env env = tenon_runtime_env(rt);
  list l = {.text = ""};

  t_run(rt, "import { keep } from 'm'; keep(Math.max);");
  CHECK_INT(0, tenon_kept_each(env, release_it, &l));
  CHECK_TEXT("callback function max\n", l.text);
  CHECK_TEXT("", listed(rt));
  t_run(rt, "import { keep } from 'm'; keep(Math.min);");
  CHECK_INT(0, tenon_kept_report(env, release_it, &l));
  t_free(rt);
  CHECK_TEXT("callback function max\ncallback function min\n", l.text);
}

static void on_free_callback(JSRuntime *rt, JSValueConst v)
{
  free_calls++;
  tenon_callback_release(kept_callback);
}

TEST(a_callback_that_a_destructor_releases_is_not_reported)
{
  tenon_runtime *rt = runtime();
  list l = {.text = ""};

  free_calls = 0;
  t_make_watched(rt, on_free_callback);
  t_run(rt, "import { keep } from 'm'; keep(Math.max);");
  CHECK_INT(0, tenon_kept_report(tenon_runtime_env(rt), name_address, &l));
  t_free(rt);
  CHECK_INT(1, free_calls);
  CHECK_TEXT("", l.text);
}

static bool any(const tenon_kept *kept, void *data)
{
  list *l = data;

  snprintf(l->text + strlen(l->text), sizeof l->text - strlen(l->text), "%d ",
           (int)kept->kind);
  return ++l->count != l->most;
}

TEST(persistents_references_and_callbacks_are_told_of_together)
{
  tenon_runtime *rt = runtime();
  napi_env env = tenon_runtime_env(rt);
  tenon_persistent *p = t_hold(rt, "1"), *weak = t_hold_weakly(rt, "[]");
  list l = {.text = ""}, reported = {.text = ""};
  napi_ref ref;

  OK(napi_create_reference(env, t_eval(rt, "2"), 1, &ref));
  t_run(rt, "import { keep } from 'm'; keep(Math.max);");
  CHECK_INT(0, tenon_kept_each(env, any, &l));
  CHECK_TEXT("0 1 2 3 ", l.text);
  for (l.most = 1; l.most < 4; l.most++) {
    l.count = 0;
    CHECK_INT(0, tenon_kept_each(env, any, &l));
    CHECK_INT(l.most, l.count);
  }
  CHECK_INT(0, tenon_kept_report(env, any, &reported));
  t_free(rt);
  CHECK_INT(4, reported.count);
  tenon_persistent_free(p);
  tenon_persistent_free(weak);
  tenon_callback_release(kept_callback);
}

/* --- Instances ------------------------------------------------------------------------ */

typedef struct box {
  tenon_persistent *value;
} box;

static int boxes_freed;

static void free_box(box *b)
{
  boxes_freed++;
  tenon_persistent_free(b->value);
  free(b);
}

TENON_CLASS_POINTER(box, free_box)
TENON_CONSTRUCTOR_POINTER(box, (any, v))
{
  box *b = calloc(1, sizeof *b);

  if (!b || tenon_persistent_new(tenon_env(), v, &b->value)) {
    free(b);
    return tenon_fail(TENON_ERROR, "box: out of memory");
  }
  return b;
}

TEST(what_instances_hold_goes_with_them)
{
  tenon_runtime *rt = runtime();
  list l = {.text = ""};

  boxes_freed = 0;
  t_run(rt, "import { box } from 'm'; globalThis.kept = new box({ live: 1 });\n"
            "new box('gone'); let a = new box([]); a.self = a; a = null;");
  CHECK_INT(0, tenon_kept_report(tenon_runtime_env(rt), add, &l));
  tenon_runtime_collect(rt);
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_INT(2, boxes_freed);
  CHECK_TEXT("Object\n", listed(rt));
  t_free(rt);
  CHECK_INT(3, boxes_freed);
  CHECK_TEXT("", l.text);
}

TEST(instances_in_a_cycle_through_what_they_hold_end_with_the_runtime)
{
  tenon_runtime *rt = runtime();
  list l = {.text = ""};

  boxes_freed = 0;
  t_run(rt, "import { box } from 'm'; const o = {}; o.box = new box(o);\n"
            "const p = []; p.push(new box(p));");
  CHECK_INT(0, tenon_kept_report(tenon_runtime_env(rt), add, &l));
  t_free(rt);
  CHECK_INT(2, boxes_freed);
  CHECK_TEXT("", l.text);
}

/* --- Memory -------------------------------------------------------------------------- */

TEST(what_there_is_no_memory_to_describe_is_reported_all_the_same)
{
  tenon_runtime *rt = runtime();
  napi_env env = tenon_runtime_env(rt);
  tenon_persistent *p = t_hold(rt, "1");
  list l = {.text = ""};
  napi_ref ref;

  OK(napi_create_reference(env, t_eval(rt, "2"), 1, &ref));
  t_run(rt, "import { keep } from 'm'; keep(Math.max);");
  CHECK_INT(0, tenon_kept_report(env, add, &l));
  tenon_p_alloc_inject(1, true);
  t_free(rt);
  tenon_p_alloc_stop();
  CHECK_TEXT("value\nfunction\nvalue\n", l.text);
  tenon_persistent_free(p);
  tenon_callback_release(kept_callback);
}

static size_t host_blocks;

static void *host_alloc(void *data, size_t size)
{
  void *p = malloc(size);

  host_blocks += p != NULL;
  return p;
}

static void *host_realloc(void *data, void *p, size_t old_size, size_t size)
{
  return realloc(p, size);
}

static void host_free(void *data, void *p, size_t size)
{
  host_blocks--;
  free(p);
}

TEST(what_outlives_its_runtime_is_none_of_the_hosts_memory)
{
  tenon_allocator a = {.size = sizeof a,
                       .alloc = host_alloc,
                       .realloc = host_realloc,
                       .free = host_free};
  tenon_options o = {.size = sizeof o, .allocator = &a};
  list l = {.text = ""};
  tenon_persistent *p;
  tenon_runtime *rt;
  napi_env env;

  host_blocks = 0;
  CHECK_INT(0, tenon_runtime_new(&o, &rt));
  env = tenon_runtime_env(rt);
  p = t_hold(rt, "({})");
  CHECK(t_is_there(env, p));
  CHECK_INT(0, tenon_kept_report(env, add, &l));
  tenon_runtime_free(rt);
  CHECK_TEXT("Object\n", l.text);
  CHECK_INT(0, host_blocks);
  tenon_persistent_free(p);
}
