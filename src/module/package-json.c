/*
 * package.json: read once a runtime, by the folder it is in. What is kept is no
 * value of the engine, so that no realm is held by it.
 *
 * Only what was read well is kept. A file that is not there may be written
 * before the next import, and one that is malformed be mended.
 */
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <tenon/error.h>
#include <uv.h>

#include "base/alloc.h"
#include "base/path.h"
#include "module/package.h"

/* --- The table ------------------------------------------------------------ */

static uint32_t hash_of(const char *s)
{
  uint32_t h = 2166136261u; /* FNV-1a */

  for (; *s; s++)
    h = (h ^ (unsigned char)*s) * 16777619u;
  return h;
}

static tenon_p_package *find(const tenon_p_modules *m, const char *dir)
{
  tenon_p_package *p;

  if (!m->package_buckets) return NULL;
  p = m->packages[hash_of(dir) & (m->package_buckets - 1)];
  while (p && strcmp(p->dir, dir) != 0)
    p = p->chain;
  return p;
}

/* Without memory for more buckets the chains become longer. */
static void grow_table(tenon_p_modules *m)
{
  size_t count = m->package_buckets ? m->package_buckets * 4 : 16, i;
  tenon_p_heap *heap = &m->engine->heap;
  tenon_p_package **buckets, *p, *chain, **to;

  if (!tenon_p_engine_admits(m->engine, count * sizeof *buckets)) return;
  buckets = tenon_p_heap_alloc(heap, count * sizeof *buckets);
  if (!buckets) return;
  for (i = 0; i < m->package_buckets; i++)
    for (p = m->packages[i]; p; p = chain) {
      chain = p->chain;
      to = &buckets[hash_of(p->dir) & (count - 1)];
      p->chain = *to;
      *to = p;
    }
  tenon_p_heap_free(heap, m->packages);
  m->packages = buckets;
  m->package_buckets = count;
}

/* Takes it, also when it fails. */
static bool keep(tenon_p_modules *m, tenon_p_package *p)
{
  tenon_p_package **to;

  if (m->package_count >= m->package_buckets) grow_table(m);
  if (!m->package_buckets) {
    tenon_p_heap_free(&m->engine->heap, p);
    return false;
  }
  to = &m->packages[hash_of(p->dir) & (m->package_buckets - 1)];
  p->chain = *to;
  *to = p;
  m->package_count++;
  return true;
}

void tenon_p_packages_free(tenon_p_modules *m)
{
  tenon_p_heap *heap = &m->engine->heap;
  tenon_p_package *p, *chain;
  size_t i;

  for (i = 0; i < m->package_buckets; i++)
    for (p = m->packages[i]; p; p = chain) {
      chain = p->chain;
      tenon_p_heap_free(heap, p);
    }
  tenon_p_heap_free(heap, m->packages);
  m->packages = NULL;
  m->package_buckets = m->package_count = 0;
}

/* --- Values to nodes ------------------------------------------------------ */

/* Texts and nodes grow and move while they are made: they are offsets until
 * they are laid out in one block. */
typedef struct span {
  size_t at, len;
  bool is_there;
} span;

typedef struct draft_node {
  span key, text;
  uint32_t parent, next;
  enum tenon_p_package_kind kind;
} draft_node;

typedef struct draft {
  tenon_p_text texts, nodes; /* the latter of draft_node */
  span name, main;
  uint32_t exports, imports;
  enum tenon_p_source_kind type;
} draft;

/* An object or array whose members are being read. The nesting of a file is
 * bounded by the parser's stack alone, so that none of ours is used. */
typedef struct level {
  JSValue value;
  JSPropertyEnum *names;
  uint32_t count, i, node;
} level;

static uint32_t node_count(const draft *d)
{
  return (uint32_t)(d->nodes.len / sizeof(draft_node));
}

static draft_node *node_at(const draft *d, uint32_t i)
{
  return (draft_node *)d->nodes.data + i - 1;
}

/* Appends a string of the engine and a NUL. */
static int add_text(JSContext *ctx, draft *d, const char *s, size_t len,
                    span *out)
{
  if (!s) return -1;
  *out = (span){d->texts.len, len, true};
  tenon_p_text_append(&d->texts, s, len);
  tenon_p_text_append(&d->texts, "", 1);
  JS_FreeCString(ctx, s);
  if (!d->texts.failed) return 0;
  JS_ThrowOutOfMemory(ctx);
  return -1;
}

static int add_string(JSContext *ctx, draft *d, JSValueConst v, span *out)
{
  size_t len;
  const char *s = JS_ToCStringLen(ctx, &len, v);

  return add_text(ctx, d, s, len, out);
}

/* Appends the node of a value; of a container without its members. */
static int add_node(JSContext *ctx, draft *d, JSValueConst v, uint32_t parent,
                    const span *key)
{
  draft_node n = {*key, {0, 0, false}, parent, 0, TENON_P_PACKAGE_OTHER};

  if (JS_IsString(v)) {
    n.kind = TENON_P_PACKAGE_STRING;
    if (add_string(ctx, d, v, &n.text)) return -1;
  } else if (JS_IsArray(v)) {
    n.kind = TENON_P_PACKAGE_ARRAY;
  } else if (JS_IsObject(v)) {
    n.kind = TENON_P_PACKAGE_OBJECT;
  } else if (JS_IsNull(v)) {
    n.kind = TENON_P_PACKAGE_NULL;
  }
  tenon_p_text_append(&d->nodes, (const char *)&n, sizeof n);
  if (!d->nodes.failed && node_count(d) < UINT32_MAX - 1) {
    node_at(d, node_count(d))->next = node_count(d) + 1;
    return 0;
  }
  JS_ThrowOutOfMemory(ctx);
  return -1;
}

/* Goes into a container, whose node is the last one; consumes the value. */
static int enter(JSContext *ctx, draft *d, tenon_p_text *levels, JSValue v)
{
  level l = {v, NULL, 0, 0, node_count(d)};

  if (JS_GetOwnPropertyNames(ctx, &l.names, &l.count, v,
                             JS_GPN_STRING_MASK | JS_GPN_ENUM_ONLY)) {
    JS_FreeValue(ctx, v);
    return -1;
  }
  tenon_p_text_append(levels, (const char *)&l, sizeof l);
  if (!levels->failed) return 0;
  JS_FreePropertyEnum(ctx, l.names, l.count);
  JS_FreeValue(ctx, v);
  JS_ThrowOutOfMemory(ctx);
  return -1;
}

static void leave(JSContext *ctx, draft *d, tenon_p_text *levels)
{
  level l;

  levels->len -= sizeof l;
  memcpy(&l, levels->data + levels->len, sizeof l);
  if (!d->nodes.failed) node_at(d, l.node)->next = node_count(d) + 1;
  JS_FreePropertyEnum(ctx, l.names, l.count);
  JS_FreeValue(ctx, l.value);
}

/* The next member of the innermost container. */
static int add_member(JSContext *ctx, draft *d, tenon_p_text *levels)
{
  level *l = (level *)(levels->data + levels->len) - 1;
  JSAtom atom = l->names[l->i++].atom;
  span key = {0, 0, false};
  JSValue v = JS_GetProperty(ctx, l->value, atom);
  size_t len;
  const char *s;
  int r = JS_IsException(v) ? -1 : 0;

  if (r == 0 && node_at(d, l->node)->kind == TENON_P_PACKAGE_OBJECT) {
    s = JS_AtomToCStringLen(ctx, &len, atom);
    r = add_text(ctx, d, s, len, &key);
  }
  if (r == 0) r = add_node(ctx, d, v, l->node, &key);
  if (r == 0 && JS_IsObject(v)) return enter(ctx, d, levels, v);
  JS_FreeValue(ctx, v);
  return r;
}

/* Appends a value with all that is in it; consumes the value. */
static int add_tree(JSContext *ctx, draft *d, JSValue v, uint32_t *node)
{
  tenon_p_text levels = TENON_P_TEXT_INIT;
  const level *l;
  span none = {0, 0, false};
  int r;

  if (JS_IsUndefined(v) || JS_IsNull(v)) return 0;
  r = add_node(ctx, d, v, 0, &none);
  if (r == 0) *node = node_count(d);
  if (r == 0 && JS_IsObject(v))
    r = enter(ctx, d, &levels, v);
  else
    JS_FreeValue(ctx, v);
  while (levels.len) {
    l = (const level *)(levels.data + levels.len) - 1;
    if (r || l->i == l->count)
      leave(ctx, d, &levels);
    else
      r = add_member(ctx, d, &levels);
  }
  tenon_p_text_release(&levels);
  return r;
}

/* --- The file ------------------------------------------------------------- */

/* The package's own, not one that a program gave to all objects. */
static JSValue own(JSContext *ctx, JSValueConst package, const char *name)
{
  JSPropertyDescriptor d;
  JSAtom atom;
  int r;

  if (!JS_IsObject(package)) return JS_UNDEFINED;
  atom = JS_NewAtom(ctx, name);
  r = atom == JS_ATOM_NULL ? -1 : JS_GetOwnProperty(ctx, &d, package, atom);
  JS_FreeAtom(ctx, atom);
  if (r <= 0) return r ? JS_EXCEPTION : JS_UNDEFINED;
  JS_FreeValue(ctx, d.getter);
  JS_FreeValue(ctx, d.setter);
  return d.value;
}

static int add_own_string(JSContext *ctx, draft *d, JSValueConst package,
                          const char *name, span *out)
{
  JSValue v = own(ctx, package, name);
  int r = JS_IsException(v) ? -1 : 0;

  if (JS_IsString(v)) r = add_string(ctx, d, v, out);
  JS_FreeValue(ctx, v);
  return r;
}

static int read_type(JSContext *ctx, draft *d, JSValueConst package)
{
  span type = {0, 0, false};
  int r = add_own_string(ctx, d, package, "type", &type);
  const char *s = r == 0 && type.is_there ? d->texts.data + type.at : "";

  d->type = TENON_P_SOURCE_UNKNOWN;
  if (strcmp(s, "module") == 0) d->type = TENON_P_SOURCE_MODULE;
  if (strcmp(s, "commonjs") == 0) d->type = TENON_P_SOURCE_COMMONJS;
  return r;
}

static int read_fields(JSContext *ctx, draft *d, JSValueConst package)
{
  JSValue v;

  if (read_type(ctx, d, package) ||
      add_own_string(ctx, d, package, "name", &d->name) ||
      add_own_string(ctx, d, package, "main", &d->main))
    return -1;
  v = own(ctx, package, "exports");
  if (JS_IsException(v) || add_tree(ctx, d, v, &d->exports)) return -1;
  v = own(ctx, package, "imports");
  if (JS_IsException(v) || add_tree(ctx, d, v, &d->imports)) return -1;
  return 0;
}

/* Lays it out in one block: the package, its nodes, its texts, its folder. */
static tenon_p_package *lay_out(tenon_p_engine *e, const draft *d,
                                const char *dir)
{
  size_t count = node_count(d), i, dir_size = strlen(dir) + 1;
  size_t size = sizeof(tenon_p_package) + d->texts.len + dir_size +
                (count + 1) * sizeof(tenon_p_package_node);
  tenon_p_package *p = tenon_p_engine_admits(e, size)
                           ? tenon_p_heap_alloc(&e->heap, size)
                           : NULL;
  tenon_p_package_node *nodes;
  char *texts;

  if (!p) return NULL;
  nodes = (tenon_p_package_node *)(p + 1);
  texts = (char *)(nodes + count + 1);
  if (d->texts.len) memcpy(texts, d->texts.data, d->texts.len);
  memcpy(texts + d->texts.len, dir, dir_size);
  for (i = 0; i < count; i++) {
    const draft_node *from = node_at(d, (uint32_t)i + 1);
    nodes[i + 1] = (tenon_p_package_node){.key = texts + from->key.at,
                                          .text = texts + from->text.at,
                                          .key_len = from->key.len,
                                          .text_len = from->text.len,
                                          .parent = from->parent,
                                          .next = from->next,
                                          .kind = from->kind};
  }
  p->dir = texts + d->texts.len;
  p->name = d->name.is_there ? texts + d->name.at : NULL;
  p->main = d->main.is_there ? texts + d->main.at : NULL;
  p->name_len = d->name.len;
  p->main_len = d->main.len;
  p->exports = d->exports;
  p->imports = d->imports;
  p->type = d->type;
  p->nodes = nodes;
  return p;
}

static void throw_config(JSContext *ctx, const tenon_p_package_request *q,
                         const char *what, const char *path, const char *why)
{
  if (q)
    tenon_p_modules_throw(ctx, "ERR_INVALID_PACKAGE_CONFIG",
                          "Cannot resolve '%s' %s %s: %s package config %s: %s",
                          q->specifier, tenon_p_package_verb(q), q->referrer,
                          what, path, why);
  else
    tenon_p_modules_throw(ctx, "ERR_INVALID_PACKAGE_CONFIG",
                          "%s package config %s: %s", what, path, why);
}

/* Throws for a package.json that is not JSON, in the parser's place. */
static void throw_not_json(JSContext *ctx, const tenon_p_package_request *q,
                           const char *path)
{
  JSValue error = JS_GetException(ctx);
  JSValue message = JS_IsError(error) ? JS_GetPropertyStr(ctx, error, "message")
                                      : JS_UNDEFINED;
  const char *text = JS_IsString(message) ? JS_ToCString(ctx, message) : NULL;

  if (JS_HasException(ctx)) JS_FreeValue(ctx, JS_GetException(ctx));
  if (!text || JS_IsUncatchableError(error) ||
      strcmp(text, "out of memory") == 0)
    JS_Throw(ctx, JS_DupValue(ctx, error));
  else
    throw_config(ctx, q, q ? "invalid" : "Invalid", path, text);
  JS_FreeCString(ctx, text);
  JS_FreeValue(ctx, message);
  JS_FreeValue(ctx, error);
}

static int parse(JSContext *ctx, const tenon_p_package_request *q,
                 const char *dir, const char *path, const tenon_p_source *s,
                 const tenon_p_package **out)
{
  tenon_p_modules *m = tenon_p_modules_of(tenon_p_engine_of(ctx));
  JSValue package = JS_ParseJSON(ctx, s->text, s->len, path);
  draft d = {.texts = TENON_P_TEXT_INIT, .nodes = TENON_P_TEXT_INIT};
  tenon_p_package *p = NULL;
  int r = -1;

  if (JS_IsException(package)) {
    throw_not_json(ctx, q, path);
    return -1;
  }
  if (read_fields(ctx, &d, package) == 0) {
    p = lay_out(m->engine, &d, dir);
    if (p && keep(m, p)) {
      *out = p;
      r = 0;
    } else {
      JS_ThrowOutOfMemory(ctx);
    }
  }
  tenon_p_text_release(&d.texts);
  tenon_p_text_release(&d.nodes);
  JS_FreeValue(ctx, package);
  return r;
}

/* Nothing but a file is a package.json: a pipe would be waited for. */
static int read_file(const tenon_p_modules *m, const char *path,
                     tenon_p_source *s)
{
  uv_fs_t req;
  int r = uv_fs_stat(NULL, &req, path, NULL);
  size_t len = 0;
  char *data;

  if (r == 0 && (req.statbuf.st_mode & S_IFMT) != S_IFREG) r = UV_ENOENT;
  uv_fs_req_cleanup(&req);
  if (r == 0) r = tenon_p_file_import(m, path, &data, &len);
  return r ? r : tenon_p_source_take(data, len, s);
}

/* One that lies outside of what may be imported is none; one that a link leads
 * out of it to may forbid something, so it is no answer that there is none. */
static int read_inside(JSContext *ctx, const tenon_p_package_request *q,
                       const char *path, tenon_p_source *s)
{
  const tenon_p_modules *m = tenon_p_modules_of(tenon_p_engine_of(ctx));
  char *real;
  int r;

  if (!tenon_p_rules_have_roots(m)) return read_file(m, path, s);
  switch (tenon_p_rules_reach(m, path, &real)) {
  case TENON_P_REACH_UNKNOWN: return TENON_ENOMEM;
  case TENON_P_REACH_OUTSIDE: return UV_ENOENT;
  case TENON_P_REACH_ESCAPES:
    (void)tenon_p_import_check(ctx, path, q ? q->specifier : path,
                               q ? q->referrer : path);
    return JS_HasException(ctx) ? TENON_EEXCEPTION : UV_EACCES;
  default: break;
  }
  r = read_file(m, real, s);
  free(real);
  return r;
}

int tenon_p_package_read(JSContext *ctx, const tenon_p_package_request *q,
                         const char *dir, const tenon_p_package **p)
{
  char *path;
  tenon_p_source s;
  int r;

  *p = find(tenon_p_modules_of(tenon_p_engine_of(ctx)), dir);
  if (*p) {
    TENON_P_TRACE(ctx, "%s%spackage.json: read before", dir, dir[1] ? "/" : "");
    return 0;
  }
  path = tenon_p_path_resolve(dir, "package.json");
  r = path ? read_inside(ctx, q, path, &s) : TENON_ENOMEM;
  if (path)
    TENON_P_TRACE(ctx, "%s: %s", path,
                  r == 0                              ? "read"
                  : r == UV_ENOENT || r == UV_ENOTDIR ? "not there"
                                                      : "cannot be read");
  if (r == 0) {
    r = parse(ctx, q, dir, path, &s, p);
    tenon_p_source_release(&s);
  } else if (r == UV_ENOENT || r == UV_ENOTDIR) {
    r = 0;
  } else if (r == TENON_EEXCEPTION) {
    r = -1;
  } else {
    if (r == TENON_ENOMEM || r == UV_ENOMEM)
      JS_ThrowOutOfMemory(ctx);
    else /* It may forbid what would be allowed without it. */
      throw_config(ctx, q, q ? "unreadable" : "Unreadable", path,
                   uv_strerror(r));
    r = -1;
  }
  free(path);
  return r;
}

int tenon_p_package_scope(JSContext *ctx, const tenon_p_package_request *q,
                          const char *dir, const tenon_p_package **p)
{
  char *at = tenon_p_strndup(dir, strlen(dir)), *up;
  int r = 0;

  *p = NULL;
  while (at && strcmp(tenon_p_path_basename(at), "node_modules") != 0) {
    r = tenon_p_package_read(ctx, q, at, p);
    if (r || *p || strcmp(at, "/") == 0) break;
    up = tenon_p_path_dirname(at);
    free(at);
    at = up;
  }
  if (!at) {
    JS_ThrowOutOfMemory(ctx);
    r = -1;
  }
  free(at);
  return r;
}
