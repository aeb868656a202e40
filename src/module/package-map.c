/*
 * "exports" and "imports" of a package.json: which target a path or name stands
 * for, by conditions and patterns, and what may be a target.
 *
 * Conditions may be nested as deep as the file likes: the walk goes from node
 * to node and not from call to call.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/path.h"
#include "base/text.h"
#include "module/package.h"

typedef struct lookup {
  JSContext *ctx;
  const tenon_p_package_request *q;
  const tenon_p_package *p;
  bool is_imports;
  const char *key;    /* of the member that was chosen, for messages */
  const char *match;  /* what stands for '*'; NULL: no pattern */
  size_t match_len;   /* not 0 */
  uint32_t invalid;   /* the last target that was refused */
  const char *reason; /* why */
  tenon_p_package_found *found;
} lookup;

enum outcome {
  IS_ABSENT,  /* no condition holds: others may */
  IS_NULL,    /* forbidden */
  IS_INVALID, /* no target; l->invalid */
  IS_FOUND,
  IS_FAILED /* an exception is pending */
};

static const tenon_p_package_node *node_of(const lookup *l, uint32_t i)
{
  return &l->p->nodes[i];
}

static const char *field_of(const lookup *l)
{
  return l->is_imports ? "imports" : "exports";
}

/* --- Refusals ------------------------------------------------------------- */

/* The beginning of each: what was asked for, and by whom. */
#define ASKED "'%s' %s %s"
#define ASKED_OF(l) \
  (l)->q->specifier, tenon_p_package_verb((l)->q), (l)->q->referrer

static int throw_config(const lookup *l, const char *what)
{
  tenon_p_modules_throw(l->ctx, "ERR_INVALID_PACKAGE_CONFIG",
                        "Cannot resolve " ASKED
                        ": invalid package config %s/package.json: \"%s\" %s",
                        ASKED_OF(l), l->p->dir, field_of(l), what);
  return -1;
}

static int throw_target(const lookup *l)
{
  const tenon_p_package_node *n = node_of(l, l->invalid);

  tenon_p_modules_throw(
      l->ctx, "ERR_INVALID_PACKAGE_TARGET",
      "Cannot resolve " ASKED
      ": invalid target %s%.*s%s of '%s' in \"%s\" of %s/package.json: %s",
      ASKED_OF(l), n->text ? "'" : "", (int)(n->text ? n->text_len : 0),
      n->text ? n->text : "(no string)", n->text ? "'" : "", l->key,
      field_of(l), l->p->dir, l->reason);
  return -1;
}

static int throw_undefined(const lookup *l, const char *key)
{
  tenon_p_text t = TENON_P_TEXT_INIT;
  size_t i;

  for (i = 0; l->q->conditions[i]; i++)
    tenon_p_text_printf(&t, "%s, ", l->q->conditions[i]);
  tenon_p_text_puts(&t, "default");
  tenon_p_modules_throw(l->ctx,
                        l->is_imports ? "ERR_PACKAGE_IMPORT_NOT_DEFINED"
                                      : "ERR_PACKAGE_PATH_NOT_EXPORTED",
                        "Cannot find module " ASKED
                        ": \"%s\" of %s/package.json %s '%s' for "
                        "the conditions %s",
                        ASKED_OF(l), field_of(l), l->p->dir,
                        l->is_imports ? "does not define" : "does not export",
                        key, t.data ? t.data : "?");
  tenon_p_text_release(&t);
  return -1;
}

/* --- Targets that are strings --------------------------------------------- */

static int hex(char c)
{
  if (c >= '0' && c <= '9') return c - '0';
  c |= 0x20;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The next letter of a segment, small, encoded or not; 0 at its end. */
static char letter(const char **s, const char *end)
{
  const char *p = *s;
  char c;

  if (p == end || *p == '/' || *p == '\\') return 0;
  c = *p++;
  if (c == '%' && end - p >= 2 && hex(p[0]) >= 0 && hex(p[1]) >= 0) {
    c = (char)(hex(p[0]) << 4 | hex(p[1]));
    p += 2;
  }
  *s = p;
  return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool segment_is(const char *s, const char *end, const char *word)
{
  char c;

  do {
    c = letter(&s, end);
    if (c != *word++) return false;
  } while (c);
  return true;
}

/* Does a path hold '.', '..' or node_modules? */
static bool leads_astray(const char *s, size_t len)
{
  const char *end = s + len;

  for (;;) {
    if (segment_is(s, end, ".") || segment_is(s, end, "..") ||
        segment_is(s, end, "node_modules"))
      return true;
    while (s < end && *s != '/' && *s != '\\')
      s++;
    if (s == end) return false;
    s++;
  }
}

/* As new URL() would accept it: one letter is a scheme, too. */
static bool is_url(const char *s)
{
  const char *p = s;

  while ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
         (p > s && ((*p >= '0' && *p <= '9') || strchr("+-.", *p))))
    if (!*p++) return false;
  return p > s && *p == ':';
}

static enum outcome refuse(lookup *l, uint32_t node, const char *reason)
{
  l->invalid = node;
  l->reason = reason;
  return IS_INVALID;
}

/* A target with each '*' replaced by what the pattern has matched; NULL with an
 * exception. */
static char *expand(const lookup *l, const tenon_p_package_node *n)
{
  tenon_p_text t = TENON_P_TEXT_INIT;
  const char *s;
  char *r;

  tenon_p_text_puts(&t, "");
  for (s = n->text; *s; s++) {
    if (*s == '*' && l->match)
      tenon_p_text_append(&t, l->match, l->match_len);
    else
      tenon_p_text_append(&t, s, 1);
  }
  r = tenon_p_text_take(&t);
  if (!r) JS_ThrowOutOfMemory(l->ctx);
  return r;
}

static void throw_no_builtin(const lookup *l, const char *name)
{
  tenon_p_text t = TENON_P_TEXT_INIT;

  tenon_p_modules_list_builtins(l->ctx, name, &t);
  tenon_p_modules_throw(l->ctx, "ERR_UNKNOWN_BUILTIN_MODULE",
                        "Cannot find module '%s', which stands for '%s', %s "
                        "%s: tried the builtin modules (%s)",
                        l->q->specifier, name, tenon_p_package_verb(l->q),
                        l->q->referrer, t.data ? t.data : "?");
  tenon_p_text_release(&t);
}

/* Of "imports": a module that has a name, or another package. */
static enum outcome resolve_foreign(lookup *l, uint32_t node)
{
  char *name = expand(l, node_of(l, node));
  tenon_p_modules *m = tenon_p_modules_of(tenon_p_engine_of(l->ctx));
  const tenon_p_builtin_module *b = NULL;
  enum outcome r = IS_FAILED;
  bool is_native;

  if (!name) return IS_FAILED;
  is_native = tenon_p_modules_find_native(m, name) ||
              tenon_p_modules_has_engine_module(m, name);
  if (!is_native) b = tenon_p_builtin_find(l->ctx, name);
  if (b) {
    free(name);
    name = tenon_p_strndup(b->name, strlen(b->name));
    if (!name) {
      JS_ThrowOutOfMemory(l->ctx);
      return IS_FAILED;
    }
  }
  if (b || is_native) {
    l->found->name = name;
    return IS_FOUND;
  }
  /* One of node's that is not there is refused as any URL, as in node. */
  if (tenon_p_modules_is_builtin_name(l->ctx, name) &&
      strncmp(name, "node:", 5) != 0)
    throw_no_builtin(l, name);
  else if (is_url(node_of(l, node)->text))
    r = refuse(l, node, "a URL");
  else if (tenon_p_package_resolve_name(l->ctx, l->q, name, l->p->dir,
                                        l->found) == 0)
    r = IS_FOUND;
  free(name);
  return r;
}

static enum outcome throw_match(const lookup *l)
{
  tenon_p_modules_throw(l->ctx, "ERR_INVALID_MODULE_SPECIFIER",
                        "Invalid module specifier " ASKED
                        ": '%.*s', which stands for '*' in '%s' of "
                        "%s/package.json, holds '.', '..' or node_modules",
                        ASKED_OF(l), (int)l->match_len, l->match, l->key,
                        l->p->dir);
  return IS_FAILED;
}

static bool is_within(const char *path, const char *dir)
{
  size_t n = strlen(dir);

  if (strcmp(dir, "/") == 0) return true;
  return strncmp(path, dir, n) == 0 && (path[n] == '/' || path[n] == '\0');
}

static enum outcome resolve_string(lookup *l, uint32_t node)
{
  const tenon_p_package_node *n = node_of(l, node);
  char *reference;
  int r;

  TENON_P_TRACE(l->ctx, "\"%s\" has '%s': the target '%s'", field_of(l), l->key,
                n->text);
  if (memchr(n->text, '\0', n->text_len)) return refuse(l, node, "a NUL");
  if (strncmp(n->text, "./", 2) != 0) {
    if (l->is_imports && n->text[0] != '/' && strncmp(n->text, "../", 3) != 0)
      return resolve_foreign(l, node);
    return refuse(l, node, "it must begin with './'");
  }
  if (leads_astray(n->text + 2, n->text_len - 2))
    return refuse(l, node, "it holds '.', '..' or node_modules");
  if (l->match && leads_astray(l->match, l->match_len)) return throw_match(l);
  reference = expand(l, n);
  if (!reference) return IS_FAILED;
  r = tenon_p_package_at(l->ctx, l->q, l->p->dir, reference, l->found);
  free(reference);
  if (r) return IS_FAILED;
  if (is_within(l->found->path, l->p->dir)) return IS_FOUND;
  tenon_p_package_found_release(l->found);
  return refuse(l, node, "it leads out of the package");
}

/* --- Conditions and alternatives ------------------------------------------ */

static bool is_key(const tenon_p_package_node *n, const char *s)
{
  return strlen(s) == n->key_len && memcmp(n->key, s, n->key_len) == 0;
}

static bool holds(const lookup *l, const tenon_p_package_node *n)
{
  size_t i;

  if (is_key(n, "default")) return true;
  for (i = 0; l->q->conditions[i]; i++)
    if (is_key(n, l->q->conditions[i])) return true;
  return false;
}

/* As JavaScript writes one below 2^32 - 1. */
static bool is_array_index(const tenon_p_package_node *n)
{
  uint64_t value = 0;
  size_t i;

  if (n->key_len == 0 || n->key_len > 10) return false;
  if (n->key[0] == '0' && n->key_len > 1) return false;
  for (i = 0; i < n->key_len; i++) {
    if (n->key[i] < '0' || n->key[i] > '9') return false;
    value = value * 10 + (uint64_t)(n->key[i] - '0');
  }
  return value < UINT32_MAX;
}

/* The member of an object, from `at` on, whose condition holds; or 0. */
static uint32_t next_choice(const lookup *l, uint32_t object, uint32_t at)
{
  while (at < node_of(l, object)->next) {
    const tenon_p_package_node *n = node_of(l, at);
    bool is_held = holds(l, n);
    TENON_P_TRACE(l->ctx, "condition '%.*s': %s", (int)n->key_len, n->key,
                  is_held ? "holds" : "does not hold");
    if (is_held) return at;
    at = node_of(l, at)->next;
  }
  return 0;
}

static bool has_index(const lookup *l, uint32_t object)
{
  uint32_t at;

  for (at = object + 1; at < node_of(l, object)->next;
       at = node_of(l, at)->next)
    if (is_array_index(node_of(l, at))) return true;
  return false;
}

/* Where an array has been so far, in its node: an alternative that was invalid
 * or null is kept, since the last one decides when there is no other. */
#define NOTHING_YET 0
#define NULL_SO_FAR UINT32_MAX

static enum outcome ended_array(lookup *l, const tenon_p_package_node *n)
{
  if (n->last == NOTHING_YET) return IS_ABSENT;
  if (n->last == NULL_SO_FAR) return IS_NULL;
  l->invalid = n->last;
  return IS_INVALID;
}

/* Begins with a node: its outcome, or `*into` the member to go on with. */
static enum outcome begin(lookup *l, uint32_t at, uint32_t *into)
{
  tenon_p_package_node *n = &l->p->nodes[at];

  *into = 0;
  switch (n->kind) {
  case TENON_P_PACKAGE_STRING: return resolve_string(l, at);
  case TENON_P_PACKAGE_NULL: return IS_NULL;
  case TENON_P_PACKAGE_ARRAY:
    n->last = NOTHING_YET;
    if (n->next == at + 1) return IS_NULL;
    *into = at + 1;
    return IS_ABSENT;
  case TENON_P_PACKAGE_OBJECT:
    if (has_index(l, at)) {
      throw_config(l, "holds a number as a condition");
      return IS_FAILED;
    }
    *into = next_choice(l, at, at + 1);
    return IS_ABSENT;
  default: return refuse(l, at, "neither a string nor an object");
  }
}

/* A member of `parent`, which ends before `after`, has ended so: the outcome of
 * the parent, or `*into` the member to go on with. */
static enum outcome go_on(lookup *l, uint32_t parent, uint32_t after,
                          enum outcome r, uint32_t *into)
{
  tenon_p_package_node *n = &l->p->nodes[parent];

  *into = 0;
  if (r == IS_FOUND || r == IS_FAILED) return r;
  if (n->kind == TENON_P_PACKAGE_OBJECT) {
    if (r == IS_ABSENT) *into = next_choice(l, parent, after);
    return r;
  }
  if (r == IS_NULL) n->last = NULL_SO_FAR;
  if (r == IS_INVALID) n->last = l->invalid;
  if (after < n->next) {
    *into = after;
    return IS_ABSENT;
  }
  return ended_array(l, n);
}

static enum outcome resolve_target(lookup *l, uint32_t root)
{
  uint32_t at = root, into;
  enum outcome r = begin(l, at, &into);

  for (;;) {
    if (into) {
      at = into;
      r = begin(l, at, &into);
    } else if (at == root) {
      return r;
    } else {
      uint32_t parent = node_of(l, at)->parent;
      r = go_on(l, parent, node_of(l, at)->next, r, &into);
      at = parent;
    }
  }
}

/* --- Keys ----------------------------------------------------------------- */

/* Does the pattern of a key match, and better than `best` (or 0)? */
static bool matches(const lookup *l, const tenon_p_package_node *n,
                    uint32_t best, const char *subpath, size_t len)
{
  const char *star = memchr(n->key, '*', n->key_len);
  const tenon_p_package_node *b = node_of(l, best);
  size_t base, trailer, best_base;

  if (!star) return false;
  base = (size_t)(star - n->key);
  trailer = n->key_len - base - 1;
  if (memchr(star + 1, '*', trailer) || len < n->key_len ||
      memcmp(n->key, subpath, base) != 0 ||
      memcmp(star + 1, subpath + len - trailer, trailer) != 0)
    return false;
  if (!best) return true;
  best_base = (size_t)((const char *)memchr(b->key, '*', b->key_len) - b->key);
  return base != best_base ? base > best_base : n->key_len > b->key_len;
}

/* The member of an object that is meant; 0: none. */
static uint32_t find_member(lookup *l, uint32_t object, const char *subpath)
{
  size_t len = strlen(subpath), base;
  bool is_exact = !strchr(subpath, '*') && subpath[len - 1] != '/';
  uint32_t at, best = 0;
  const tenon_p_package_node *n;

  for (at = object + 1; at < node_of(l, object)->next; at = n->next) {
    n = node_of(l, at);
    if (is_exact && is_key(n, subpath)) {
      l->key = n->key;
      l->match = NULL;
      return at;
    }
    if (matches(l, n, best, subpath, len)) best = at;
  }
  if (!best) return 0;
  n = node_of(l, best);
  base = (size_t)((const char *)memchr(n->key, '*', n->key_len) - n->key);
  l->key = n->key;
  l->match = subpath + base;
  l->match_len = len - n->key_len + 1;
  return best;
}

/* What the target of `subpath` is, 0 or -1 with an exception. */
static int resolve_member(lookup *l, uint32_t target, const char *subpath)
{
  switch (target ? resolve_target(l, target) : IS_ABSENT) {
  case IS_FOUND: return 0;
  case IS_INVALID: return throw_target(l);
  case IS_FAILED: return -1;
  default: return throw_undefined(l, subpath);
  }
}

/* Are its keys conditions, and not paths? Throws for a mixture. */
static int has_conditions(const lookup *l, uint32_t object, bool *has)
{
  uint32_t at, first = object + 1;

  *has = false;
  for (at = first; at < node_of(l, object)->next; at = node_of(l, at)->next) {
    const tenon_p_package_node *n = node_of(l, at);
    bool is_condition = n->key_len == 0 || n->key[0] != '.';
    if (at == first) *has = is_condition;
    if (*has != is_condition)
      return throw_config(l, "holds both paths, which begin with '.', and "
                             "conditions, which do not");
  }
  return 0;
}

int tenon_p_package_export(JSContext *ctx, const tenon_p_package_request *q,
                           const tenon_p_package *p, const char *subpath,
                           tenon_p_package_found *found)
{
  lookup l = {.ctx = ctx, .q = q, .p = p, .key = ".", .found = found};
  enum tenon_p_package_kind kind = p->nodes[p->exports].kind;
  bool is_for_all =
      kind == TENON_P_PACKAGE_STRING || kind == TENON_P_PACKAGE_ARRAY;
  uint32_t target = 0;

  if (kind == TENON_P_PACKAGE_OBJECT) {
    if (has_conditions(&l, p->exports, &is_for_all)) return -1;
    if (!is_for_all) target = find_member(&l, p->exports, subpath);
  }
  if (is_for_all && strcmp(subpath, ".") == 0) target = p->exports;
  return resolve_member(&l, target, subpath);
}

int tenon_p_package_import(JSContext *ctx, const tenon_p_package_request *q,
                           tenon_p_package_found *found)
{
  lookup l = {.ctx = ctx, .q = q, .is_imports = true, .found = found};
  const char *s = q->specifier;
  uint32_t target = 0;

  if (s[1] == '\0' || s[1] == '/' || s[strlen(s) - 1] == '/') {
    tenon_p_modules_throw(ctx, "ERR_INVALID_MODULE_SPECIFIER",
                          "Invalid module specifier " ASKED
                          ": no name that \"imports\" could define",
                          ASKED_OF(&l));
    return -1;
  }
  if (tenon_p_package_scope(ctx, q, q->dir, &l.p)) return -1;
  if (!l.p) {
    tenon_p_modules_throw(ctx, "ERR_PACKAGE_IMPORT_NOT_DEFINED",
                          "Cannot find module " ASKED
                          ": no package.json in or above %s, which could "
                          "define it in \"imports\"",
                          ASKED_OF(&l), q->dir);
    return -1;
  }
  if (l.p->imports && l.p->nodes[l.p->imports].kind == TENON_P_PACKAGE_OBJECT)
    target = find_member(&l, l.p->imports, s);
  return resolve_member(&l, target, s);
}
