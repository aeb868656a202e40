/*
 * Import maps (HTML Standard, "import maps"): what specifiers mean, said in JSON by
 * the host, before anybody else is asked.
 *
 * Invariants
 * - All keys and addresses are URLs as this file makes them, so that comparing
 *   their text is enough; keys that are no URLs stay as they are written.
 * - Entries are sorted by their keys, and each key is there once. Of those that fit
 *   the longest one decides: it is looked for as a whole, and then by each part of
 *   it that ends with '/', the longest first.
 * - A map is made whole, or an error is thrown and the one before stays. What the
 *   standard would only warn of is such an error: the map is the host's own.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <tenon/error.h>

#include "base/alloc.h"
#include "base/path.h"
#include "module/internal.h"

typedef struct entry {
  char *key, *value; /* of an address: NULL forbids it */
  size_t order;      /* in which they were read */
} entry;

typedef struct table {
  entry *entries;
  size_t count;
} table;

struct tenon_p_import_map {
  table imports, integrity;
  char **scopes; /* prefixes, sorted as keys are */
  table *scoped; /* by the same index */
  size_t scope_count;
};

static void release(table *t)
{
  size_t i;

  for (i = 0; i < t->count; i++) {
    free(t->entries[i].key);
    free(t->entries[i].value);
  }
  free(t->entries);
  *t = (table){NULL, 0};
}

void tenon_p_import_map_free(tenon_p_import_map *map)
{
  size_t i;

  if (!map) return;
  release(&map->imports);
  release(&map->integrity);
  for (i = 0; i < map->scope_count; i++) {
    free(map->scopes[i]);
    release(&map->scoped[i]);
  }
  free(map->scopes);
  free(map->scoped);
  free(map);
}

/* --- URLs ----------------------------------------------------------------- */

static bool is_relative(const char *s)
{
  return s[0] == '/' || strncmp(s, "./", 2) == 0 || strncmp(s, "../", 3) == 0;
}

static bool ends_with_slash(const char *s, size_t len)
{
  return len && s[len - 1] == '/';
}

/* One whose path is a path: an entry that ends with '/' is for those alone. */
static bool is_special(const char *url)
{
  static const char *const schemes[] = {
      "file:", "http:", "https:", "ftp:", "ws:", "wss:"};
  size_t i;

  for (i = 0; i < tenon_p_countof(schemes); i++)
    if (strncasecmp(url, schemes[i], strlen(schemes[i])) == 0) return true;
  return false;
}

/* Writes encoded dots of a path as dots where they are parts of it by themselves;
 * in place. */
static void decode_dots(char *s)
{
  char *to = s, *part, *end = s + strcspn(s, "?#");

  while (s < end) {
    char dots[3] = "";
    size_t n = 0;
    for (part = s; n < 3 && (*part == '.' || strncasecmp(part, "%2e", 3) == 0);
         n++) {
      if (n < 2) dots[n] = '.';
      part += *part == '.' ? 1 : 3;
    }
    if (n && n < 3 && (part == end || *part == '/')) {
      memcpy(to, dots, n);
      to += n;
      s = part;
    }
    while (s < end && *s != '/')
      *to++ = *s++;
    while (s < end && *s == '/')
      *to++ = *s++;
  }
  memmove(to, end, strlen(end) + 1);
}

/* Another one with a path: without '.' and '..' in it. Consumes it. */
static char *without_dots(char *url)
{
  char *path = strchr(url, ':') + 1, *result;

  if (!is_special(url) || strncmp(path, "//", 2) != 0) return url;
  path += 2;
  path += strcspn(path, "/?#");
  if (*path != '/') return url;
  decode_dots(path);
  if (!strstr(path, "/.")) return url;
  result = tenon_p_path_join_url(url, path);
  free(url);
  return result;
}

/* A URL as all others that mean the same; consumes it. NULL: no memory. */
static char *canonical(char *url)
{
  size_t n = strcspn(url, "?#");
  tenon_p_text t = TENON_P_TEXT_INIT;
  char *path = NULL, *file;

  if (strncasecmp(url, "file:", 5) != 0) return without_dots(url);
  if (tenon_p_path_from_url(url, &path)) return url;
  file = path ? tenon_p_path_to_url(path) : NULL;
  free(path);
  if (!file) {
    free(url);
    return NULL;
  }
  tenon_p_text_puts(&t, file);
  if (ends_with_slash(url, n) && !ends_with_slash(file, strlen(file)))
    tenon_p_text_puts(&t, "/");
  tenon_p_text_puts(&t, url + n);
  free(file);
  free(url);
  return tenon_p_text_take(&t);
}

/* The URL that a specifier is, relative to another, which may be none: 0, `*url`
 * NULL where it is none; or TENON_ENOMEM. */
static int url_of(const char *specifier, const char *base, char **url)
{
  *url = NULL;
  if (is_relative(specifier)) {
    if (!tenon_p_path_is_url(base) || tenon_p_modules_is_data_url(base))
      return 0;
    *url = tenon_p_path_join_url(base, specifier);
  } else if (tenon_p_path_is_url(specifier)) {
    *url = tenon_p_strndup(specifier, strlen(specifier));
  } else {
    return 0;
  }
  if (*url) *url = canonical(*url);
  return *url ? 0 : TENON_ENOMEM;
}

/* --- Making one ----------------------------------------------------------- */

typedef struct maker {
  JSContext *ctx;
  const char *base, *name; /* name: of the map, in messages */
} maker;

__attribute__((format(printf, 2, 3))) static int refuse(const maker *k,
                                                        const char *format, ...)
{
  tenon_p_text t = TENON_P_TEXT_INIT;
  va_list ap;

  va_start(ap, format);
  tenon_p_text_vprintf(&t, format, ap);
  va_end(ap);
  if (t.failed)
    JS_ThrowOutOfMemory(k->ctx);
  else
    tenon_p_modules_throw_type(k->ctx, "ERR_INVALID_IMPORT_MAP",
                               "Invalid import map %s: %s", k->name, t.data);
  tenon_p_text_release(&t);
  return -1;
}

static int no_memory(const maker *k)
{
  JS_ThrowOutOfMemory(k->ctx);
  return -1;
}

/* A string without NUL: 0, or -1 with an exception; free(3). */
static int text_of(const maker *k, JSValueConst v, const char *what, char **out)
{
  size_t len;
  const char *s = JS_ToCStringLen(k->ctx, &len, v);
  int r = 0;

  *out = NULL;
  if (!s) return -1;
  if (memchr(s, '\0', len)) {
    r = refuse(k, "%s '%s' holds a NUL", what, s);
  } else {
    *out = tenon_p_strndup(s, len);
    if (!*out) r = no_memory(k);
  }
  JS_FreeCString(k->ctx, s);
  return r;
}

/* Takes both strings. */
static int add(const maker *k, table *t, char *key, char *value)
{
  entry *p = t->entries;

  /* Room is doubled when it is full. */
  if ((t->count & (t->count - 1)) == 0)
    p = tenon_p_realloc(p, (t->count ? t->count * 2 : 1) * sizeof *p);
  if (p) {
    t->entries = p;
    p[t->count] = (entry){key, value, t->count};
    t->count++;
    return 0;
  }
  free(key);
  free(value);
  return no_memory(k);
}

static int compare(const void *a, const void *b)
{
  const entry *x = a, *y = b;
  int r = strcmp(x->key, y->key);

  return r ? r : x->order < y->order ? -1 : 1;
}

/* Sorts them; of those of one key the last one is kept. */
static void sort(table *t)
{
  size_t i, n = 0;

  if (t->count) qsort(t->entries, t->count, sizeof *t->entries, compare);
  for (i = 0; i < t->count; i++) {
    if (i + 1 < t->count &&
        strcmp(t->entries[i].key, t->entries[i + 1].key) == 0) {
      free(t->entries[i].key);
      free(t->entries[i].value);
    } else {
      t->entries[n++] = t->entries[i];
    }
  }
  t->count = n;
}

/* That of a key of `len` bytes, in a table that is sorted; NULL: none. */
static const entry *find(const table *t, const char *key, size_t len)
{
  size_t low = 0, high = t->count, middle;

  while (low < high) {
    const entry *e;
    int r;
    middle = low + (high - low) / 2;
    e = &t->entries[middle];
    r = strncmp(e->key, key, len);
    if (r == 0 && !e->key[len]) return e;
    if (r < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return NULL;
}

/* Calls fn for each member. */
typedef int member_fn(const maker *k, const char *name, JSValueConst value,
                      void *data);

static int each(const maker *k, JSValueConst object, const char *what,
                member_fn *fn, void *data)
{
  JSPropertyEnum *names = NULL;
  uint32_t count = 0, i;
  int r = 0;

  if (!JS_IsObject(object) || JS_IsArray(object))
    return refuse(k, "%s is not an object", what);
  if (JS_GetOwnPropertyNames(k->ctx, &names, &count, object,
                             JS_GPN_STRING_MASK | JS_GPN_ENUM_ONLY))
    return -1;
  for (i = 0; i < count && r == 0; i++) {
    JSValue key = JS_AtomToString(k->ctx, names[i].atom);
    JSValue v = JS_GetProperty(k->ctx, object, names[i].atom);
    char *name = NULL;
    r = JS_IsException(key) || JS_IsException(v)
            ? -1
            : text_of(k, key, "the key", &name);
    if (r == 0) r = fn(k, name, v, data);
    free(name);
    JS_FreeValue(k->ctx, v);
    JS_FreeValue(k->ctx, key);
  }
  JS_FreePropertyEnum(k->ctx, names, count);
  return r;
}

/* The address of a key, NULL for null. */
static int address_of(const maker *k, const char *key, JSValueConst v,
                      char **out)
{
  char *text;
  int r;

  *out = NULL;
  if (JS_IsNull(v)) return 0;
  if (!JS_IsString(v))
    return refuse(k, "the address of '%s' is neither a string nor null", key);
  if (text_of(k, v, "the address", &text)) return -1;
  r = url_of(text, k->base, out);
  if (r)
    r = no_memory(k);
  else if (!*out)
    r = refuse(k,
               "the address '%s' of '%s' is neither a URL nor a path that "
               "begins with '/', './' or '../'",
               text, key);
  else if (ends_with_slash(key, strlen(key)) &&
           !ends_with_slash(*out, strlen(*out)))
    r = refuse(k, "the address '%s' does not end with '/', as its key '%s'",
               text, key);
  free(text);
  if (r) {
    free(*out);
    *out = NULL;
  }
  return r;
}

static int add_import(const maker *k, const char *name, JSValueConst v,
                      void *data)
{
  char *key, *address;

  if (!*name) return refuse(k, "a key is empty");
  if (url_of(name, k->base, &key)) return no_memory(k);
  if (!key) key = tenon_p_strndup(name, strlen(name));
  if (!key) return no_memory(k);
  if (address_of(k, name, v, &address)) {
    free(key);
    return -1;
  }
  return add(k, data, key, address);
}

static int add_integrity(const maker *k, const char *name, JSValueConst v,
                         void *data)
{
  char *url, *text = NULL;
  int r = url_of(name, k->base, &url);

  if (r) return no_memory(k);
  if (!url) return refuse(k, "the key '%s' of \"integrity\" is no URL", name);
  if (!JS_IsString(v))
    r = refuse(k, "the integrity of '%s' is not a string", name);
  else
    r = text_of(k, v, "the integrity", &text);
  if (r == 0 && !tenon_p_integrity_is_valid(text))
    r = refuse(k, "the integrity '%s' of '%s' has no hash", text, name);
  if (r == 0) return add(k, data, url, text);
  free(url);
  free(text);
  return r;
}

/* Where the scope is, or has to go. */
static size_t place_of(const tenon_p_import_map *map, const char *prefix)
{
  size_t i = 0;

  while (i < map->scope_count && strcmp(map->scopes[i], prefix) > 0)
    i++;
  return i;
}

static int add_scope(const maker *k, const char *name, JSValueConst v,
                     void *data)
{
  tenon_p_import_map *map = data;
  size_t count = map->scope_count, at;
  char *prefix, **scopes;
  table *scoped, t = {NULL, 0};

  if (url_of(name, k->base, &prefix)) return no_memory(k);
  /* A script's name is no URL and may be a scope all the same. */
  if (!prefix) return refuse(k, "the scope '%s' is no URL", name);
  if (each(k, v, "a scope", add_import, &t)) goto failed;
  sort(&t);
  at = place_of(map, prefix);
  if (at < count && strcmp(map->scopes[at], prefix) == 0) {
    free(prefix);
    release(&map->scoped[at]);
    map->scoped[at] = t;
    return 0;
  }
  scopes = tenon_p_realloc(map->scopes, (count + 1) * sizeof *scopes);
  if (scopes) map->scopes = scopes;
  scoped = tenon_p_realloc(map->scoped, (count + 1) * sizeof *scoped);
  if (scoped) map->scoped = scoped;
  if (!scopes || !scoped) {
    no_memory(k);
    goto failed;
  }
  memmove(scopes + at + 1, scopes + at, (count - at) * sizeof *scopes);
  memmove(scoped + at + 1, scoped + at, (count - at) * sizeof *scoped);
  scopes[at] = prefix;
  scoped[at] = t;
  map->scope_count++;
  return 0;
failed:
  release(&t);
  free(prefix);
  return -1;
}

/* Members of other names are for later versions of the standard. */
static int add_section(const maker *k, const char *name, JSValueConst v,
                       void *data)
{
  tenon_p_import_map *map = data;

  if (strcmp(name, "imports") == 0)
    return each(k, v, "\"imports\"", add_import, &map->imports);
  if (strcmp(name, "scopes") == 0)
    return each(k, v, "\"scopes\"", add_scope, map);
  if (strcmp(name, "integrity") == 0)
    return each(k, v, "\"integrity\"", add_integrity, &map->integrity);
  return 0;
}

int tenon_p_import_map_set(JSContext *ctx, const char *json, size_t len,
                           const char *name)
{
  tenon_p_modules *m = tenon_p_modules_of(tenon_p_engine_of(ctx));
  tenon_p_import_map *map = json ? tenon_p_calloc(sizeof *map) : NULL;
  maker k = {.ctx = ctx};
  tenon_p_source s;
  char *base = NULL;
  JSValue v;
  int r;

  if (!json) {
    tenon_p_import_map_free(m->import_map);
    m->import_map = NULL;
    return 0;
  }
  r = map ? tenon_p_modules_take(m->engine, json, len, name, &s, &base)
          : TENON_ENOMEM;

  if (r) {
    tenon_p_import_map_free(map);
    return r;
  }
  k.base = k.name = base;
  v = JS_ParseJSON(ctx, s.text, s.len, base);
  r = JS_IsException(v) ? -1 : each(&k, v, "it", add_section, map);
  JS_FreeValue(ctx, v);
  tenon_p_source_release(&s);
  free(base);
  if (r) {
    tenon_p_import_map_free(map);
    return TENON_EEXCEPTION;
  }
  sort(&map->imports);
  sort(&map->integrity);
  tenon_p_import_map_free(m->import_map);
  m->import_map = map;
  return 0;
}

/* --- What it says --------------------------------------------------------- */

typedef struct question {
  JSContext *ctx;
  const char *specifier, *referrer; /* as they were written */
  const char *normal;               /* the URL, or the specifier */
  bool has_prefixes;                /* no URL, or one whose path is a path */
} question;

static int forbid(const question *q, const char *key, const char *why)
{
  tenon_p_modules_throw_type(q->ctx, "ERR_IMPORT_MAP",
                             "Cannot import '%s' from %s: the import map %s by "
                             "'%s'",
                             q->specifier, q->referrer, why, key);
  return -1;
}

/* By an entry that ends with '/': 0, or -1 with an exception. */
static int expand(const question *q, const entry *e, char **url)
{
  const char *rest = q->normal + strlen(e->key);
  tenon_p_text t = TENON_P_TEXT_INIT;

  if (!e->value) return forbid(q, e->key, "forbids it");
  /* What is a URL by itself is nothing behind an address. */
  if (tenon_p_path_is_url(rest) || strncmp(rest, "//", 2) == 0)
    return forbid(q, e->key, "lets nothing leave the address");
  tenon_p_text_puts(&t, *rest && *rest != '/' ? "./" : "");
  tenon_p_text_puts(&t, rest);
  if (!t.failed && *rest) decode_dots(t.data);
  if (!t.failed && *rest)
    *url = tenon_p_path_join_url(e->value, t.data);
  else if (!t.failed)
    *url = tenon_p_strndup(e->value, strlen(e->value));
  tenon_p_text_release(&t);
  if (*url) *url = canonical(*url);
  if (!*url) {
    JS_ThrowOutOfMemory(q->ctx);
    return -1;
  }
  /* "../" may not lead out of the address. */
  if (strncmp(*url, e->value, strlen(e->value)) == 0) return 0;
  free(*url);
  *url = NULL;
  return forbid(q, e->key, "lets nothing leave the address");
}

/* By the entry of just this key. */
static int use(const question *q, const entry *e, char **url)
{
  if (!e->value) return forbid(q, e->key, "forbids it");
  *url = tenon_p_strndup(e->value, strlen(e->value));
  if (*url) return 0;
  JS_ThrowOutOfMemory(q->ctx);
  return -1;
}

/* 0, `*url` NULL where the table does not speak of it; or -1 with an exception. */
static int match(const question *q, const table *t, char **url)
{
  size_t n = strlen(q->normal);
  const entry *e = t->count ? find(t, q->normal, n) : NULL;

  *url = NULL;
  if (e) return use(q, e, url);
  if (!t->count || !q->has_prefixes) return 0;
  for (; n; n--) {
    if (q->normal[n - 1] != '/') continue;
    e = find(t, q->normal, n);
    if (e) return expand(q, e, url);
  }
  return 0;
}

static bool is_in_scope(const char *referrer, const char *prefix)
{
  size_t n = strlen(prefix);

  return strcmp(referrer, prefix) == 0 ||
         (ends_with_slash(prefix, n) && strncmp(referrer, prefix, n) == 0);
}

int tenon_p_import_map_resolve(JSContext *ctx, const char *referrer,
                               const char *specifier, char **url)
{
  const tenon_p_import_map *map =
      tenon_p_modules_of(tenon_p_engine_of(ctx))->import_map;
  question q = {.ctx = ctx, .specifier = specifier, .referrer = referrer};
  char *as_url = NULL, *base;
  size_t i;
  int r = 0;

  *url = NULL;
  if (!map) return 0;
  /* A script that is no file is in the working directory. */
  base = tenon_p_path_is_url(referrer)
             ? tenon_p_strndup(referrer, strlen(referrer))
             : tenon_p_modules_url_of("./[script]");
  if (!base || url_of(specifier, base, &as_url)) {
    free(base);
    JS_ThrowOutOfMemory(ctx);
    return -1;
  }
  q.normal = as_url ? as_url : specifier;
  q.has_prefixes = !as_url || is_special(as_url);
  for (i = 0; r == 0 && !*url && i < map->scope_count; i++)
    if (is_in_scope(base, map->scopes[i])) r = match(&q, &map->scoped[i], url);
  if (r == 0 && !*url) r = match(&q, &map->imports, url);
  free(as_url);
  free(base);
  return r;
}

const char *tenon_p_import_map_integrity(const tenon_p_modules *m,
                                         const char *url)
{
  const table *t = m->import_map ? &m->import_map->integrity : NULL;
  const entry *e = t ? find(t, url, strlen(url)) : NULL;

  return e ? e->value : NULL;
}
