/* src/base/path.c: paths and the file: URLs that name modules. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/path.h"
#include "harness.h"

/* Compares and frees. */
static void check_text(const char *expected, char *actual)
{
  assert_non_null(actual);
  CHECK_TEXT(expected, actual);
  free(actual);
}

TEST(resolve_makes_absolute_and_plain)
{
  static const struct {
    const char *base, *path, *expected;
  } cases[] = {
      {"/a", "b", "/a/b"},
      {"/a", "./b", "/a/b"},
      {"/a/b", "../c", "/a/c"},
      {"/a/b", "../../c", "/c"},
      {"/a/b", "../../../../c", "/c"},
      {"/a", "b/../../c", "/c"},
      {"/a", "b/./c/.", "/a/b/c"},
      {"/a", "b//c///d/", "/a/b/c/d"},
      {"/a", "/b", "/b"},
      {"/a", "//b", "/b"},
      {"/a", "", "/a"},
      {"/a", ".", "/a"},
      {"/a", "..", "/"},
      {"/", "..", "/"},
      {"/", "", "/"},
      {"/", "a", "/a"},
      {"//a/./b/../", "c", "/a/c"},
      {"/a", "...", "/a/..."},
      {"/a", "..b/.c/d..", "/a/..b/.c/d.."},
      {"/a", "b c/%20/\xff", "/a/b c/%20/\xff"},
  };
  size_t i;

  for (i = 0; i < tenon_p_countof(cases); i++)
    check_text(cases[i].expected,
               tenon_p_path_resolve(cases[i].base, cases[i].path));
}

TEST(resolve_without_base_counts_from_the_working_directory)
{
  char cwd[4096], expected[4200];

  assert_non_null(getcwd(cwd, sizeof cwd));
  snprintf(expected, sizeof expected, "%s/x", strcmp(cwd, "/") ? cwd : "");
  check_text(expected, tenon_p_path_resolve(NULL, "x"));
  check_text("/x", tenon_p_path_resolve(NULL, "/x"));
}

TEST(resolve_in_a_working_directory_longer_than_a_buffer)
{
  char start[4096], top[] = "/tmp/tenon-path-XXXXXX", name[201], *path;
  int i, depth = 6;

  assert_non_null(getcwd(start, sizeof start));
  assert_non_null(mkdtemp(top));
  CHECK_INT(0, chdir(top));
  memset(name, 'd', 200);
  name[200] = '\0';
  for (i = 0; i < depth; i++) {
    CHECK_INT(0, mkdir(name, 0700));
    CHECK_INT(0, chdir(name));
  }
  path = tenon_p_path_resolve(NULL, "x");
  for (i = 0; i < depth; i++) {
    CHECK_INT(0, chdir(".."));
    CHECK_INT(0, rmdir(name));
  }
  CHECK_INT(0, chdir(start));
  CHECK_INT(0, rmdir(top));
  assert_non_null(path);
  CHECK_INT(strlen(top) + (size_t)depth * 201 + 2, strlen(path));
  free(path);
}

TEST(resolve_without_a_working_directory_counts_from_the_root)
{
  char start[4096], top[] = "/tmp/tenon-path-XXXXXX", *path;

  assert_non_null(getcwd(start, sizeof start));
  assert_non_null(mkdtemp(top));
  CHECK_INT(0, chdir(top));
  CHECK_INT(0, rmdir(top));
  path = tenon_p_path_resolve(NULL, "x");
  CHECK_INT(0, chdir(start));
  check_text("/x", path);
}

TEST(dirname_and_basename_split_at_the_last_slash)
{
  static const struct {
    const char *path, *dir, *base;
  } cases[] = {
      {"/a/b", "/a", "b"},   {"/a", "/", "a"}, {"/", "/", ""},
      {"/a/b/", "/a/b", ""}, {"a", ".", "a"},  {"", ".", ""},
      {"a/b", "a", "b"},
  };
  size_t i;

  for (i = 0; i < tenon_p_countof(cases); i++) {
    check_text(cases[i].dir, tenon_p_path_dirname(cases[i].path));
    CHECK_TEXT(cases[i].base, tenon_p_path_basename(cases[i].path));
  }
}

TEST(an_extension_needs_a_name_in_front)
{
  CHECK(tenon_p_path_has_extension("/a/b.js", ".js"));
  CHECK(tenon_p_path_has_extension("b.min.js", ".js"));
  CHECK(tenon_p_path_has_extension("/a/..js", ".js"));
  CHECK(!tenon_p_path_has_extension("/a/.js", ".js"));
  CHECK(!tenon_p_path_has_extension("/a.js/b", ".js"));
  CHECK(!tenon_p_path_has_extension("/a/b.mjs", ".js"));
  CHECK(!tenon_p_path_has_extension("/a/b.JS", ".js"));
  CHECK(!tenon_p_path_has_extension("", ".js"));
}

TEST(every_byte_survives_the_way_through_a_url)
{
  int c;

  for (c = 1; c < 256; c++) {
    char path[] = {'/', 'a', (char)c, 'b', '\0'}, *url, *back;
    const char *p;

    url = tenon_p_path_to_url(path);
    assert_non_null(url);
    for (p = url; *p; p++)
      CHECK(*p > 0x20 && *p < 0x7f && !strchr("\"#<>?`{}\\^|[]", *p));
    assert_null(tenon_p_path_from_url(url, &back));
    check_text(path, back);
    free(url);
  }
}

TEST(a_url_names_a_path)
{
  static const struct {
    const char *url, *path;
  } cases[] = {
      {"file:///a/b", "/a/b"},       {"file:/a/b", "/a/b"},
      {"file://localhost/a", "/a"},  {"file://LOCALHOST/a", "/a"},
      {"FILE:///a", "/a"},           {"file:///", "/"},
      {"file:////a", "/a"},          {"file:///a/../../b/./c//d", "/b/c/d"},
      {"file:///a/%2e%2E/b", "/b"},  {"file:///a%20b", "/a b"},
      {"file:///a b", "/a b"},       {"file:///%C3%a9", "/\xc3\xa9"},
      {"file:///%ff", "/\xff"},      {"file:///a%2", "/a%2"},
      {"file:///a%", "/a%"},         {"file:///a%zz", "/a%zz"},
      {"file:///%25%32%30", "/%20"}, {"file:///a?b#c", "/a"},
      {"file:///a#b?c", "/a"},       {"file:///a%3Fb%23c", "/a?b#c"},
      {"file:///a?%2F%00", "/a"},
  };
  size_t i;

  for (i = 0; i < tenon_p_countof(cases); i++) {
    char *path;
    assert_null(tenon_p_path_from_url(cases[i].url, &path));
    check_text(cases[i].path, path);
  }
}

TEST(a_url_that_names_no_path_is_refused_with_the_reason)
{
  static const struct {
    const char *url, *reason;
  } cases[] = {
      {"http://a/b", "not a file: URL"},
      {"", "not a file: URL"},
      {"file", "not a file: URL"},
      {"file:", "a file: URL without a path"},
      {"file:a", "a file: URL without a path"},
      {"file:?a", "a file: URL without a path"},
      {"file://", "a file: URL with a host"},
      {"file://host/a", "a file: URL with a host"},
      {"file://localhost", "a file: URL with a host"},
      {"file://localhosts/a", "a file: URL with a host"},
      {"file:///a%2Fb", "an encoded / or NUL"},
      {"file:///a%2fb", "an encoded / or NUL"},
      {"file:///a%00b", "an encoded / or NUL"},
  };
  size_t i;

  for (i = 0; i < tenon_p_countof(cases); i++) {
    char *path = (char *)"untouched";
    const char *reason = tenon_p_path_from_url(cases[i].url, &path);
    assert_non_null(reason);
    CHECK_TEXT(cases[i].reason, reason);
    assert_null(path);
  }
}

TEST(decoding_keeps_dots_for_who_resolves_them)
{
  char *text;

  assert_null(tenon_p_path_decode("./a/%2e./b%20c?", 14, &text));
  check_text("./a/../b c", text);
  assert_null(tenon_p_path_decode("", 0, &text));
  check_text("", text);
  /* What stands behind the length is not looked at. */
  assert_null(tenon_p_path_decode("a%20", 3, &text));
  check_text("a%2", text);
}

TEST(a_scheme_has_two_letters_or_more)
{
  CHECK(tenon_p_path_is_url("file:///a"));
  CHECK(tenon_p_path_is_url("data:"));
  CHECK(tenon_p_path_is_url("a+b-c.d1:x"));
  CHECK(!tenon_p_path_is_url("c:/windows"));
  CHECK(!tenon_p_path_is_url("./a:b"));
  CHECK(!tenon_p_path_is_url("1a:b"));
  CHECK(!tenon_p_path_is_url(":a"));
  CHECK(!tenon_p_path_is_url("name"));
  CHECK(!tenon_p_path_is_url(""));
}

TEST(without_memory_every_function_returns_null)
{
  uint64_t at;

  for (at = 1; at < 50; at++) {
    char *resolved, *url, *path = NULL, *dir;
    const char *reason;
    uint64_t count;

    tenon_p_alloc_inject(at, true);
    resolved = tenon_p_path_resolve(NULL, "a/b");
    dir = tenon_p_path_dirname("/a/b");
    url = tenon_p_path_to_url("/a b");
    reason = tenon_p_path_from_url("file:///a%20b", &path);
    count = tenon_p_alloc_stop();
    assert_null(reason);
    if (count >= at) assert_null(path);
    free(resolved);
    free(dir);
    free(url);
    free(path);
    if (count < at) return;
  }
  fail_msg("there are more allocations than expected");
}
