/* Links of the host's in the chain of modules. */
#define TENON_MODULE loader
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <tenon.h>
#include <tenon/export.h>
#include <tenon/loader.h>
#include <tenon/realm.h>

#include "base/path.h"
#include "harness.h"

TENON_FUNCTION(i32, add, (i32, a), (i32, b))
{
  return a + b;
}

/* --- An archive ------------------------------------------------------------------- */

typedef struct entry {
  const char *url, *text;
} entry;

static const entry archive[] = {
    {"app:main.js", "import { log } from 'test';\n"
                    "import { b } from './lib/b.js';\n"
                    "log(`${b} ${import.meta.url}`);\n"},
    {"app:lib/b.js", "import c from '../c.json' with { type: 'json' };\n"
                     "import t from './t.txt?x' with { type: 'text' };\n"
                     "export const b = c.c + t;\n"},
    {"app:c.json", "{ \"c\": \"see\" }"},
    {"app:lib/t.txt?x", " text"},
    {"app:bad.js", "let = ;"},
    {"app:cycle.js", "import './cycle.js'; import '/cycle.js';"},
};

static int resolved, loaded, released;

static tenon_said find(tenon_resolve *q, void *data)
{
  const char *s = tenon_resolve_specifier(q);

  (void)data;
  resolved++;
  if (strcmp(s, "alias") == 0) return tenon_resolve_answer(q, "app:main.js");
  if (strcmp(s, "named") == 0) return tenon_resolve_answer(q, "test");
  if (strcmp(s, "forbidden") == 0)
    return tenon_resolve_fail(q, "ERR_FORBIDDEN", "not for %s",
                              tenon_resolve_referrer(q));
  if (strncmp(s, "app:", 4) != 0)
    return tenon_resolve_pass(q, "no '%s' in the archive", s);
  return tenon_resolve_answer(q, s);
}

static tenon_said load(tenon_load *q, void *data)
{
  size_t i;

  (void)data;
  loaded++;
  if (strcmp(tenon_load_url(q), "app:native") == 0)
    return tenon_load_answer_native(q, tenon_module_loader);
  if (strcmp(tenon_load_url(q), "app:fails") == 0)
    return tenon_load_fail(q, "EIO", "the disk %d is gone", 7);
  for (i = 0; i < sizeof archive / sizeof *archive; i++)
    if (strcmp(archive[i].url, tenon_load_url(q)) == 0)
      return tenon_load_answer(q, archive[i].text, strlen(archive[i].text));
  return tenon_load_pass(q, "%zu entries, none of them is it", i);
}

static void release(void *data)
{
  CHECK(data == &archive);
  released++;
}

static const tenon_link link_of_archive = {.size = sizeof(tenon_link),
                                           .name = "archive",
                                           .resolve = find,
                                           .load = load,
                                           .release = release};

static tenon_runtime *with_archive(bool is_last)
{
  tenon_runtime *rt = t_runtime();

  resolved = loaded = released = 0;
  CHECK_INT(0, tenon_runtime_add_link(rt, &link_of_archive, (void *)&archive,
                                      is_last));
  return rt;
}

#define TOLD                                                         \
  "import { log } from 'test';\n"                                    \
  "const told = (s, o) => import(s, o).then((m) => log(Object.keys(" \
  "m).join()), (e) => log(`${e.code} ${e.message}`));\n"

TEST(what_a_link_answers_is_imported)
{
  tenon_runtime *rt = with_archive(false);

  t_run(rt, "import 'app:main.js';");
  CHECK_LOG("see text app:main.js\n");
  CHECK_INT(4, loaded);
  t_run(rt, "await import('alias');");
  CHECK_LOG("");
  CHECK_INT(4, loaded);
  t_free(rt);
  CHECK_INT(1, released);
}

TEST(a_link_that_is_last_is_asked_for_what_nobody_has_found)
{
  tenon_runtime *rt = with_archive(true);

  t_run(rt, "import { log } from 'test';\n"
            "const { b } = await import('app:lib/b.js'); log(b);");
  CHECK_LOG("see text\n");
  /* Not for `test`. */
  CHECK_INT(3, resolved);
  t_run(rt, "await import('alias');");
  CHECK_LOG("see text app:main.js\n");
}

TEST(an_answer_may_name_what_another_link_loads)
{
  tenon_runtime *rt = with_archive(false);

  t_run(rt, "import { log } from 'named'; log('here');");
  CHECK_LOG("here\n");
}

TEST(native_functions_are_imported_by_a_url)
{
  tenon_runtime *rt = with_archive(false);
  static const char source[] = "import { add } from 'app:native';\n"
                               "if (add(1, 2) !== 3) throw 'wrong';";
  tenon_realm *realm;

  t_run(rt, TOLD "import { add } from 'app:native'; log(`${add(1, 2)}`);\n"
                 "await told('app:native', { with: { type: 'json' } });");
  CHECK_LOG("3\nERR_IMPORT_ATTRIBUTE_TYPE_INCOMPATIBLE Cannot load app:native: "
            "archive: native functions are not of type 'json'\n");
  CHECK_INT(0, tenon_realm_new(rt, NULL, &realm));
  CHECK_INT(0,
            tenon_realm_eval_module(realm, source, sizeof source - 1, "r.js"));
}

TEST(who_fails_ends_the_search)
{
  tenon_runtime *rt = with_archive(false);

  t_run(rt, TOLD "await told('forbidden'); await told('app:fails');\n"
                 "await told('app:bad.js');");
  CHECK_LOG(
      "ERR_FORBIDDEN Cannot find module 'forbidden' imported from test.js:"
      " archive: not for test.js\n"
      "EIO Cannot load app:fails: archive: the disk 7 is gone\n"
      "undefined variable name expected\n");
}

TEST(the_error_tells_what_each_link_has_tried)
{
  tenon_runtime *rt = with_archive(false);

  CHECK_INT(
      0, tenon_runtime_add_link(rt, &link_of_archive, (void *)&archive, true));
  t_run(rt, TOLD "await told('app:gone');\n"
                 "await told('/gone'); await told('xx:gone');\n"
                 "await told('tenon:gone');\n");
  CHECK_LOG(
      "ERR_MODULE_NOT_FOUND Cannot load app:gone: nobody has it; archive: 6 "
      "entries, none of them is it; archive: 6 entries, none of them is it\n"
      "ERR_MODULE_NOT_FOUND Cannot find module '/gone' imported from test.js: "
      "tried /gone (no such file or directory); archive: no '/gone' in the "
      "archive; archive: no '/gone' in the archive\n"
      "ERR_UNSUPPORTED_ESM_URL_SCHEME Cannot load 'xx:gone' imported from "
      "test.js: only file: and data: URLs are supported; archive: no 'xx:gone' "
      "in the archive; archive: no 'xx:gone' in the archive\n"
      "ERR_UNKNOWN_BUILTIN_MODULE Cannot find module 'tenon:gone' imported from "
      "test.js: tried the builtin modules (there are 'tenon:process'); archive: "
      "no 'tenon:gone' in the archive; archive: no 'tenon:gone' in the "
      "archive\n");
}

TEST(import_meta_resolve_asks_links)
{
  tenon_runtime *rt = with_archive(true);

  t_run(rt, "import { log } from 'test';\n"
            "log(import.meta.resolve('alias'));\n"
            "log(import.meta.resolve('xx:y'));");
  CHECK_LOG("app:main.js\nxx:y\n");
  CHECK_INT(0, loaded);
}

/* --- Links that are wrong ------------------------------------------------------------ */

static tenon_said say(tenon_resolve *q, void *data)
{
  const char *s = tenon_resolve_specifier(q);
  tenon_said said;

  (void)data;
  if (strcmp(s, "silent") == 0) return TENON_SAID_ANSWER;
  if (strcmp(s, "failed") == 0) return TENON_SAID_FAIL;
  if (strcmp(s, "empty") == 0) return tenon_resolve_answer(q, "");
  if (strcmp(s, "none") == 0) return tenon_resolve_answer(q, NULL);
  if (strcmp(s, "strange") == 0) return (tenon_said)99;
  if (strcmp(s, "twice") == 0) {
    said = tenon_resolve_answer(q, "app:gone");
    return said ? tenon_resolve_answer(q, "app:main.js") : said;
  }
  if (strcmp(s, "xx:undone") == 0) {
    said = tenon_resolve_answer(q, "app:gone");
    return said ? tenon_resolve_pass(q, NULL) : said;
  }
  return tenon_resolve_pass(q, NULL);
}

static tenon_said load_wrong(tenon_load *q, void *data)
{
  const char *url = tenon_load_url(q);
  tenon_said said;

  (void)data;
  if (strcmp(url, "app:silent") == 0) return TENON_SAID_ANSWER;
  if (strcmp(url, "app:failed") == 0) return TENON_SAID_FAIL;
  if (strcmp(url, "app:null") == 0) return tenon_load_answer(q, NULL, 0);
  if (strcmp(url, "app:huge") == 0) return tenon_load_answer(q, "", SIZE_MAX);
  if (strcmp(url, "app:no") == 0) return tenon_load_answer_native(q, NULL);
  if (strcmp(url, "app:twice") == 0) {
    said = tenon_load_answer(q, "export const a = 1", 18);
    return said ? tenon_load_answer(q, "export const b = 1", 18) : said;
  }
  if (strcmp(url, "app:undone") == 0) {
    said = tenon_load_answer(q, "export const a = 1", 18);
    return said ? tenon_load_pass(q, NULL) : said;
  }
  return tenon_load_pass(q, NULL);
}

TEST(what_a_link_says_wrongly_is_an_error_of_the_import)
{
  static const tenon_link wrong = {.size = sizeof wrong,
                                   .name = "wrong",
                                   .resolve = say,
                                   .load = load_wrong};
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_add_link(rt, &wrong, NULL, false));
  CHECK_INT(
      0, tenon_runtime_add_link(rt, &link_of_archive, (void *)&archive, false));
  t_run(rt, TOLD
        "for (const s of ['silent', 'failed', 'empty', 'none', 'strange',\n"
        "  'twice', 'xx:undone', 'app:silent', 'app:failed', 'app:null',\n"
        "  'app:huge', 'app:no', 'app:twice', 'app:undone'])\n"
        "  await told(s);");
  CHECK_LOG(
      "ERR_MODULE_NOT_FOUND Cannot find module 'silent' imported from test.js: "
      "wrong: it has said neither yes nor why not\n"
      "ERR_MODULE_NOT_FOUND Cannot find module 'failed' imported from test.js: "
      "wrong: it has said neither yes nor why not\n"
      "ERR_MODULE_NOT_FOUND Cannot find module 'empty' imported from test.js: "
      "wrong: it has answered without a URL\n"
      "ERR_MODULE_NOT_FOUND Cannot find module 'none' imported from test.js: "
      "wrong: it has answered without a URL\n"
      "ERR_MODULE_NOT_FOUND Cannot find module 'strange' imported from test.js: "
      "wrong: it has said neither yes nor why not\n"
      "see text app:main.js\n"
      "\n"
      "ERR_UNSUPPORTED_ESM_URL_SCHEME Cannot load 'xx:undone' imported from "
      "test.js: only file: and data: URLs are supported; archive: no 'xx:undone' "
      "in the archive\n"
      "ERR_MODULE_NOT_FOUND Cannot load app:silent: wrong: it has said neither "
      "yes nor why not\n"
      "ERR_MODULE_NOT_FOUND Cannot load app:failed: wrong: it has said neither "
      "yes nor why not\n"
      "\n"
      "undefined out of memory\n"
      "EINVAL Cannot load app:no: wrong: invalid argument\n"
      "b\n"
      "ERR_MODULE_NOT_FOUND Cannot load app:undone: nobody has it; archive: 6 "
      "entries, none of them is it\n");
}

static void *add_elsewhere(void *p)
{
  return (void *)(intptr_t)tenon_runtime_add_link(p, &link_of_archive, NULL,
                                                  false);
}

TEST(links_that_are_wrong_are_refused)
{
  tenon_runtime *rt = t_runtime();
  tenon_link l = link_of_archive;
  pthread_t thread;
  void *r;

  released = 0;
  CHECK_INT(TENON_EINVAL, tenon_runtime_add_link(NULL, &l, NULL, false));
  CHECK_INT(TENON_EINVAL, tenon_runtime_add_link(rt, NULL, NULL, false));
  l.name = NULL;
  CHECK_INT(TENON_EINVAL, tenon_runtime_add_link(rt, &l, NULL, false));
  l = link_of_archive;
  l.resolve = NULL;
  l.load = NULL;
  CHECK_INT(TENON_EINVAL, tenon_runtime_add_link(rt, &l, NULL, false));
  l = link_of_archive;
  l.size++;
  CHECK_INT(TENON_EABI, tenon_runtime_add_link(rt, &l, NULL, false));
  CHECK_INT(0, pthread_create(&thread, NULL, add_elsewhere, rt));
  pthread_join(thread, &r);
  CHECK_INT(TENON_ETHREAD, (intptr_t)r);
  t_free(rt);
  CHECK_INT(0, released);
}

/* --- Without memory ------------------------------------------------------------------- */

static const char program[] =
    "import { add } from 'app:native';\n"
    "import c from 'app:c.json' with { type: 'json' };\n"
    "if (add(1, 2) !== 3 || c.c !== 'see') throw 'wrong';\n"
    "if (import.meta.resolve('alias') !== 'app:main.js') throw 'wrong';\n"
    "for (const [s, code] of [['forbidden', 'ERR_FORBIDDEN'],\n"
    "  ['app:fails', 'EIO'], ['app:gone', 'ERR_MODULE_NOT_FOUND'],\n"
    "  ['gone', 'ERR_MODULE_NOT_FOUND']])\n"
    "  await import(s).then(() => { throw 'wrong'; }, (e) => {\n"
    "    if (e.code !== code) throw e;\n"
    "  });\n"
    "await import('app:cycle.js').then(() => { throw 'wrong'; }, (e) => {\n"
    "  if (!/cycle.js: nobody/.test(e.message)) throw e; });\n";

static int live(void)
{
  tenon_runtime *rt = NULL;
  int r = tenon_runtime_new(NULL, &rt);

  released = 0;
  if (r == 0)
    r = tenon_runtime_add_link(rt, &link_of_archive, (void *)&archive, false);
  if (r == 0)
    r = tenon_runtime_eval_module(rt, program, sizeof program - 1, "oom.js");
  if (r == 0) r = tenon_runtime_run(rt);
  tenon_runtime_free(rt);
  return r;
}

static const t_oom oom = {.live = live};

TEST(every_allocation_fails_once)
{
  CHECK(t_fail_each(&oom, false) > 500);
}

TEST(every_allocation_fails_from_some_point_on)
{
  CHECK(t_fail_each(&oom, true) > 500);
}

/* --- URLs ------------------------------------------------------------------------------ */

static void check_join(const char *expected, const char *url, const char *ref)
{
  char *joined = tenon_p_path_join_url(url, ref);

  CHECK_TEXT(expected, joined);
  free(joined);
}

TEST(a_relative_specifier_is_joined_with_a_url)
{
  check_join("app:b.js", "app:a.js", "./b.js");
  check_join("app:b.js", "app:x/a.js", "../b.js");
  check_join("app:x/b.js", "app:x/a.js", "./b.js");
  check_join("app:/b.js", "app:x/a.js", "/b.js");
  check_join("app:/x/b.js", "app:/x/a.js", "./b.js");
  check_join("zip://h/b.js", "zip://h", "./b.js");
  check_join("zip://h/b.js", "zip://h/a.js", "./b.js");
  check_join("zip://h/b.js", "zip://h/a.js", "../../b.js");
  check_join("zip://h/x/b.js?q#f", "zip://h/x/a.js?y/z#/", "./b.js?q#f");
  check_join("zip:///x/y/", "zip:///x/a.js", "./y/");
  check_join("zip:///", "zip:///x/a.js", "..");
}
