/*
 * Import maps and package.json files that somebody has damaged: each is refused or
 * taken, and what is asked of it then is answered or refused; the sanitizers see to
 * the rest. The damage is the same in every run.
 *
 * TENON_FUZZ=N tries N of each kind; 2000 without.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <tenon.h>
#include <unistd.h>

#include "harness.h"

static uint64_t state = 88172645463325252u;

static uint32_t below(uint32_t n)
{
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (uint32_t)(state >> 32) % n;
}

static uint32_t most(void)
{
  const char *text = getenv("TENON_FUZZ");

  return text ? (uint32_t)strtoul(text, NULL, 10) : 2000;
}

static const char *const maps[] = {
    "{\"imports\": {\"a\": \"./a.mjs\", \"b/\": \"./b/\", \"/x\": null,"
    " \"c\": \"file:///tmp/c.mjs\", \"d/e/\": \"https://x.org/e/\"},"
    " \"scopes\": {\"./s/\": {\"a\": \"./s/a.mjs\"}, \"/\": {\"q\": \"/q\"}},"
    " \"integrity\": {\"./a.mjs\": \"sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJ"
    "WZG3hSuFU=\"}}",
    "{\"imports\": {\"%61\": \"./%41?q#f\", \"../..\": \"/\", \"a:b\": \"c:d\","
    " \"file:\": \"file:///\", \"\\u0061\": \"./\\ud800\"}, \"scopes\": {}}"};

static const char *const packages[] = {
    "{\"name\": \"p\", \"type\": \"module\", \"main\": \"./lib/main\","
    " \"exports\": {\".\": {\"tenon\": \"./t.js\", \"default\": [\"./d.js\","
    " null]}, \"./f/*\": \"./src/*.js\", \"./f/x/*\": null, \"./g/\": \"./g/\"},"
    " \"imports\": {\"#a\": \"p\", \"#b/*\": {\"import\": \"./b/*\"}}}",
    "{\"name\": \"p\", \"exports\": [{\"import\": {\"node\": \"./x\"}}, \"./y\"],"
    " \"imports\": {\"#\": 1, \"#a\": {\"1\": \"./\"}, \"#c\": [[[[\"./c\"]]]]}}",
    "{\"name\": \"p\", \"main\": \"..\", \"exports\": \"./%2e%2e/a\"}"};

static const char *const pieces[] = {
    "{",           "}",     "[",      "]",       "\"",     ":",
    ",",           "null",  "/",      "./",      "../",    "*",
    "%2f",         "%",     "\\",     "\\u0000", "#",      "?",
    "\x00",        "\xff",  "1e999",  "true",    "\"\"",   "sha512-",
    "//",          "file:", "tenon:", "default", "import", "node_modules",
    "\xed\xa0\x80"};

/* One of the seeds with some pieces changed, put in, left out or doubled. */
static char *damage(const char *seed, size_t *len)
{
  size_t size = strlen(seed), room = size * 4 + 4096, at, n, k;
  char *p = malloc(room);
  uint32_t times = 1 + below(6);

  assert_non_null(p);
  memcpy(p, seed, size);
  while (times--) {
    at = below((uint32_t)size + 1);
    switch (below(5)) {
    case 0:
      if (at < size) p[at] = (char)below(256);
      break;
    case 1:
      n = below(20);
      if (n > size - at) n = size - at;
      memmove(p + at, p + at + n, size - at - n);
      size -= n;
      break;
    case 2:
      k = below(sizeof pieces / sizeof *pieces);
      n = strlen(pieces[k]) ? strlen(pieces[k]) : 1;
      if (size + n > room) break;
      memmove(p + at + n, p + at, size - at);
      memcpy(p + at, pieces[k], n);
      size += n;
      break;
    case 3:
      n = below(60);
      if (n > size - at) n = size - at;
      if (size + n > room) break;
      memmove(p + at + n, p + at, size - at);
      size += n;
      break;
    default: size = at; break;
    }
  }
  *len = size;
  return p;
}

/* Of a map or a package that may say anything. */
static const char asking[] =
    "for (const s of ['a', 'b/c', 'b/../c', '/x', 'd/e/f', '%61', './q', 'q',\n"
    "    '../..', 'a:b', 'p', 'p/f/a', 'p/f/x/y', 'p/g/h', '#a', '#b/c', '#c',\n"
    "    '#', 'p/../x', 'sha512-'])\n"
    "  try { import.meta.resolve(s); }\n"
    "  catch (e) { if (!(e instanceof Error)) throw e; }\n";

static void ask(tenon_runtime *rt)
{
  CHECK_INT(
      0, tenon_runtime_eval_module(rt, asking, sizeof asking - 1, "./s/m.mjs"));
  CHECK_INT(0, tenon_runtime_run(rt));
}

TEST(import_maps_that_are_damaged)
{
  tenon_runtime *rt = t_runtime();
  uint32_t i, taken = 0, count = most();
  size_t len;
  char *json;
  int r;

  for (i = 0; i < count; i++) {
    json = damage(maps[below(2)], &len);
    r = tenon_runtime_set_import_map(rt, json, len, "./map.json");
    free(json);
    if (r == 0) taken++;
    if (r) CHECK_INT(TENON_EEXCEPTION, r);
    tenon_runtime_clear_exception(rt);
    if (r == 0 && i % 8 == 0) ask(rt);
    /* What modules leave behind would fill the memory. */
    if (i % 2000 == 1999) {
      t_free(rt);
      rt = t_runtime();
    }
  }
  CHECK(taken > count / 50);
}

TEST(package_json_that_is_damaged)
{
  static char folder[] = "/tmp/tenon-fuzz-XXXXXX";
  uint32_t i, count = most();
  char command[100], *json;
  tenon_runtime *rt;
  size_t len;
  FILE *f;

  assert_non_null(mkdtemp(folder));
  CHECK_INT(0, chdir(folder));
  CHECK_INT(0, mkdir("s", 0700));
  CHECK_INT(0, mkdir("s/node_modules", 0700));
  CHECK_INT(0, mkdir("s/node_modules/p", 0700));
  for (i = 0; i < count; i++) {
    /* What was read well is kept. */
    rt = t_runtime();
    json = damage(packages[below(3)], &len);
    f = fopen(i % 2 ? "s/package.json" : "s/node_modules/p/package.json", "wb");
    assert_non_null(f);
    CHECK(fwrite(json, 1, len, f) == len);
    fclose(f);
    free(json);
    ask(rt);
    t_free(rt);
  }
  CHECK_INT(0, chdir("/"));
  snprintf(command, sizeof command, "rm -rf '%s'", folder);
  CHECK_INT(0, system(command));
}
