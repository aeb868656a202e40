#include "base/path.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/text.h"

/* The path percent-encode set, and '%' itself: what a path may hold that a URL
 * must not show. */
static bool is_plain(unsigned char c)
{
  return c > 0x20 && c < 0x7f && !strchr("\"#<>?`{}%^\\|[]", c);
}

static char *working_directory(void)
{
  size_t size = 256;

  for (;;) {
    char *p = tenon_p_malloc(size);
    if (!p) return NULL;
    if (getcwd(p, size)) return p;
    free(p);
    /* Without a working directory (it was removed) the root has to do. */
    if (size > 1 << 20) return tenon_p_strndup("/", 1);
    size *= 2;
  }
}

char *tenon_p_path_resolve(const char *base, const char *path)
{
  tenon_p_text t = TENON_P_TEXT_INIT;
  char *cwd = NULL, *p, *from, *to;

  if (path[0] != '/') {
    if (!base) base = cwd = working_directory();
    if (!base) return NULL;
    tenon_p_text_puts(&t, base);
  }
  tenon_p_text_puts(&t, "/");
  tenon_p_text_puts(&t, path);
  free(cwd);
  p = tenon_p_text_take(&t);
  if (!p) return NULL;
  /* In place: `to` never overtakes `from`. */
  for (from = to = p; *from;) {
    size_t n;
    while (*from == '/')
      from++;
    n = strcspn(from, "/");
    if (n == 2 && from[0] == '.' && from[1] == '.') {
      while (to > p && *--to != '/')
        ;
    } else if (n && !(n == 1 && from[0] == '.')) {
      *to++ = '/';
      memmove(to, from, n);
      to += n;
    }
    from += n;
  }
  if (to == p) *to++ = '/';
  *to = '\0';
  return p;
}

char *tenon_p_path_dirname(const char *path)
{
  const char *slash = strrchr(path, '/');

  if (!slash) return tenon_p_strndup(".", 1);
  if (slash == path) return tenon_p_strndup("/", 1);
  return tenon_p_strndup(path, (size_t)(slash - path));
}

const char *tenon_p_path_basename(const char *path)
{
  const char *slash = strrchr(path, '/');

  return slash ? slash + 1 : path;
}

bool tenon_p_path_has_extension(const char *path, const char *extension)
{
  const char *name = tenon_p_path_basename(path);
  size_t n = strlen(name), e = strlen(extension);

  return n > e && memcmp(name + n - e, extension, e) == 0;
}

char *tenon_p_path_to_url(const char *path)
{
  tenon_p_text t = TENON_P_TEXT_INIT;
  const char *p;

  tenon_p_text_puts(&t, "file://");
  for (p = path; *p; p++) {
    if (is_plain((unsigned char)*p))
      tenon_p_text_append(&t, p, 1);
    else
      tenon_p_text_printf(&t, "%%%02X", (unsigned char)*p);
  }
  return tenon_p_text_take(&t);
}

static int hex(char c)
{
  if (c >= '0' && c <= '9') return c - '0';
  c |= 0x20;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

const char *tenon_p_path_decode(const char *s, size_t len, char **out)
{
  char *to = tenon_p_malloc(len + 1);

  *out = to;
  while (to && len) {
    if (len >= 3 && *s == '%' && hex(s[1]) >= 0 && hex(s[2]) >= 0) {
      char c = (char)(hex(s[1]) << 4 | hex(s[2]));
      if (c == '\0' || c == '/') {
        free(*out);
        *out = NULL;
        return "an encoded / or NUL";
      }
      *to++ = c;
      s += 3;
      len -= 3;
    } else {
      *to++ = *s++;
      len--;
    }
  }
  if (to) *to = '\0';
  return NULL;
}

const char *tenon_p_path_from_url(const char *url, char **out)
{
  const char *p = url, *problem;
  char *path;

  *out = NULL;
  if (strncasecmp(p, "file:", 5) != 0) return "not a file: URL";
  p += 5;
  if (p[0] == '/' && p[1] == '/') {
    p += 2;
    if (strncasecmp(p, "localhost/", 10) == 0) p += 9;
    if (p[0] != '/') return "a file: URL with a host";
  }
  if (p[0] != '/') return "a file: URL without a path";
  problem = tenon_p_path_decode(p, strcspn(p, "?#"), &path);
  if (!path) return problem;
  *out = tenon_p_path_resolve("/", path);
  free(path);
  return NULL;
}

bool tenon_p_path_is_url(const char *specifier)
{
  const char *p = specifier;

  while ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
         (p > specifier &&
          ((*p >= '0' && *p <= '9') || *p == '+' || *p == '-' || *p == '.')))
    p++;
  return *p == ':' && p - specifier >= 2;
}

char *tenon_p_path_join_url(const char *url, const char *reference)
{
  const char *path = strchr(url, ':') + 1, *end;
  size_t n = strcspn(reference, "?#");
  bool has_root, is_whole;
  char *dir, *name, *joined = NULL;
  tenon_p_text t = TENON_P_TEXT_INIT;

  if (strncmp(path, "//", 2) == 0) path += 2 + strcspn(path + 2, "/?#");
  has_root = *path == '/' || (path > url && path[-1] != ':');
  end = path + strcspn(path, "?#");
  while (end > path && end[-1] != '/')
    end--;
  dir = tenon_p_strndup(path, (size_t)(end - path));
  name = tenon_p_strndup(reference, n);
  tenon_p_text_puts(&t, "/");
  if (dir) tenon_p_text_puts(&t, dir);
  if (dir && name && !t.failed) joined = tenon_p_path_resolve(t.data, name);
  tenon_p_text_clear(&t);
  if (joined) {
    tenon_p_text_append(&t, url, (size_t)(path - url));
    tenon_p_text_puts(&t,
                      has_root || reference[0] == '/' ? joined : joined + 1);
    if (n && reference[n - 1] == '/' && joined[1]) tenon_p_text_puts(&t, "/");
    tenon_p_text_puts(&t, reference + n);
  }
  is_whole = joined && !t.failed;
  free(dir);
  free(name);
  free(joined);
  if (is_whole) return tenon_p_text_take(&t);
  tenon_p_text_release(&t);
  return NULL;
}
