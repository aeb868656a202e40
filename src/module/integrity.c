/*
 * Integrity of what is imported (W3C, Subresource Integrity): a list of hashes, of
 * which one of the strongest kind has to be that of the bytes that are used.
 *
 * Invariants
 * - Integrity is a condition of an import and no part of a module's identity: a
 *   module that was loaded under one has the hashes of its bytes as its attribute
 *   `integrity`, and later imports are held against these.
 * - What was loaded without is not known by its bytes any more, and so meets no
 *   condition.
 */
#include <sha2.h>
#include <stdlib.h>
#include <string.h>

#include "module/internal.h"

#define MOST_DIGEST SHA512_DIGEST_LENGTH

/* From the weakest on. */
static const struct kind {
  const char *prefix;
  size_t len;
} kinds[] = {{"sha256-", SHA256_DIGEST_LENGTH},
             {"sha384-", SHA384_DIGEST_LENGTH},
             {"sha512-", SHA512_DIGEST_LENGTH}};

static void digest(size_t kind, const void *data, size_t len, uint8_t *out)
{
  SHA2_CTX c;

  switch (kind) {
  case 0:
    SHA256Init(&c);
    SHA256Update(&c, data, len);
    SHA256Final(out, &c);
    break;
  case 1:
    SHA384Init(&c);
    SHA384Update(&c, data, len);
    SHA384Final(out, &c);
    break;
  default:
    SHA512Init(&c);
    SHA512Update(&c, data, len);
    SHA512Final(out, &c);
    break;
  }
}

/* --- Lists of hashes ------------------------------------------------------ */

static int sextet(char c)
{
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+' || c == '-') return 62;
  return c == '/' || c == '_' ? 63 : -1;
}

/* Base64, or that of URLs, with or without '=' at the end: false when it is not
 * exactly `want` bytes. */
static bool decode(const char *s, size_t len, uint8_t *out, size_t want)
{
  uint32_t bits = 0;
  size_t i, n = 0;
  int v;

  while (len && s[len - 1] == '=')
    len--;
  for (i = 0; i < len; i++) {
    v = sextet(s[i]);
    if (v < 0) return false;
    bits = bits << 6 | (uint32_t)v;
    if (i % 4 == 0) continue;
    if (n == want) return false;
    out[n++] = (uint8_t)(bits >> (6 - 2 * (i % 4)));
  }
  return n == want && len % 4 != 1;
}

/* The next hash of a list that is of a known kind and well formed; false at its
 * end. What stands behind '?' is for later versions. */
static bool next(const char **list, size_t *kind, uint8_t *hash)
{
  static const char space[] = " \t\n\f\r";
  const char *s = *list;
  size_t n, k;

  for (s += strspn(s, space); *s; s += strspn(s, space)) {
    const char *word = s;
    n = strcspn(word, space);
    s += n;
    n = strcspn(word, " \t\n\f\r?");
    for (k = 0; k < tenon_p_countof(kinds); k++) {
      size_t p = strlen(kinds[k].prefix);
      if (n <= p || strncmp(word, kinds[k].prefix, p) != 0) continue;
      if (!decode(word + p, n - p, hash, kinds[k].len)) continue;
      *list = s;
      *kind = k;
      return true;
    }
  }
  return false;
}

bool tenon_p_integrity_is_valid(const char *text)
{
  uint8_t hash[MOST_DIGEST];
  size_t kind;

  return next(&text, &kind, hash);
}

bool tenon_p_integrity_meets(const char *has, const char *asked)
{
  uint8_t wanted[MOST_DIGEST], hash[MOST_DIGEST];
  const char *at = asked, *of;
  size_t kind, strongest = 0, k;
  bool is_any = false;

  while (next(&at, &kind, wanted)) {
    is_any = true;
    if (kind > strongest) strongest = kind;
  }
  for (at = asked; is_any && next(&at, &kind, wanted);)
    for (of = has; kind == strongest && next(&of, &k, hash);)
      if (k == kind && memcmp(hash, wanted, kinds[k].len) == 0) return true;
  return false;
}

static void append_base64(tenon_p_text *t, const uint8_t *p, size_t len)
{
  static const char digits[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  char four[4];
  size_t i;

  for (i = 0; i < len; i += 3) {
    size_t n = len - i < 3 ? len - i : 3;
    uint32_t bits = (uint32_t)p[i] << 16;
    if (n > 1) bits |= (uint32_t)p[i + 1] << 8;
    if (n > 2) bits |= p[i + 2];
    four[0] = digits[bits >> 18];
    four[1] = digits[bits >> 12 & 63];
    four[2] = n > 1 ? digits[bits >> 6 & 63] : '=';
    four[3] = n > 2 ? digits[bits & 63] : '=';
    tenon_p_text_append(t, four, 4);
  }
}

char *tenon_p_integrity_of(const void *data, size_t len)
{
  tenon_p_text t = TENON_P_TEXT_INIT;
  uint8_t hash[MOST_DIGEST];
  size_t k;

  for (k = 0; k < tenon_p_countof(kinds); k++) {
    digest(k, data, len, hash);
    tenon_p_text_puts(&t, k ? " " : "");
    tenon_p_text_puts(&t, kinds[k].prefix);
    append_base64(&t, hash, kinds[k].len);
  }
  return tenon_p_text_take(&t);
}

/* --- Imports -------------------------------------------------------------- */

static int refuse(JSContext *ctx, const char *url, const char *asked,
                  const char *has)
{
  tenon_p_modules_throw(ctx, "ERR_INTEGRITY_MISMATCH",
                        "Cannot load %s: its content is not what its integrity "
                        "says: expected '%s', got '%s'",
                        url, asked, has);
  return -1;
}

int tenon_p_integrity_hold(JSContext *ctx, const char *url, const char *has)
{
  tenon_p_held *h = tenon_p_modules_of(tenon_p_engine_of(ctx))->held;

  if (!h || !h->asked) return 0;
  if (!tenon_p_integrity_meets(has, h->asked))
    return refuse(ctx, url, h->asked, has);
  h->has = JS_NewString(ctx, has);
  return JS_IsException(h->has) ? -1 : 0;
}

int tenon_p_integrity_check(JSContext *ctx, const char *url, const void *data,
                            size_t len)
{
  const tenon_p_held *h = tenon_p_modules_of(tenon_p_engine_of(ctx))->held;
  char *has;
  int r;

  if (!h || !h->asked) return 0;
  has = tenon_p_integrity_of(data, len);
  if (!has) {
    JS_ThrowOutOfMemory(ctx);
    return -1;
  }
  r = tenon_p_integrity_hold(ctx, url, has);
  free(has);
  return r;
}

const char *tenon_p_integrity_asked(const tenon_p_modules *m)
{
  return m->held ? m->held->asked : NULL;
}

/* The attribute as a C string, NULL where there is none: 0, or -1 with an
 * exception. */
static int integrity_of(JSContext *ctx, JSValueConst attributes,
                        const char **text)
{
  JSValue v;

  *text = NULL;
  if (!JS_IsObject(attributes)) return 0;
  v = JS_GetPropertyStr(ctx, attributes, "integrity");
  if (JS_IsUndefined(v)) return 0;
  if (!JS_IsException(v)) *text = JS_ToCString(ctx, v);
  JS_FreeValue(ctx, v);
  return *text ? 0 : -1;
}

int tenon_p_integrity_is_same(JSContext *ctx, JSValueConst a, JSValueConst b)
{
  const char *first, *second = NULL;
  int r = -1;

  if (integrity_of(ctx, a, &first) == 0 && integrity_of(ctx, b, &second) == 0)
    r = first && second ? strcmp(first, second) == 0 : first == second;
  JS_FreeCString(ctx, first);
  JS_FreeCString(ctx, second);
  return r;
}

int tenon_p_integrity_begin(JSContext *ctx, JSValueConst attributes,
                            const char *of_map, tenon_p_held *h)
{
  tenon_p_modules *m = tenon_p_modules_of(tenon_p_engine_of(ctx));

  *h = (tenon_p_held){.outer = m->held, .has = JS_UNDEFINED};
  if (integrity_of(ctx, attributes, &h->of_import)) return -1;
  h->asked = h->of_import ? h->of_import : of_map;
  m->held = h;
  return 0;
}

/* What it was loaded by, for js_find_loaded_module. */
static int keep(JSContext *ctx, JSModuleDef *def, JSValueConst attributes,
                JSValueConst has)
{
  enum tenon_p_data type;
  JSValue kept;

  if (tenon_p_modules_type_of(ctx, attributes, &type)) return -1;
  kept = JS_NewObjectProto(ctx, JS_NULL);
  if (JS_IsException(kept)) return -1;
  if (JS_DefinePropertyValueStr(ctx, kept, "integrity", JS_DupValue(ctx, has),
                                JS_PROP_C_W_E) < 0 ||
      (type && JS_DefinePropertyValueStr(
                   ctx, kept, "type",
                   JS_NewString(ctx, tenon_p_modules_type_name(type)),
                   JS_PROP_C_W_E) < 0)) {
    JS_FreeValue(ctx, kept);
    return -1;
  }
  tenon_p_module_set_attributes(ctx, def, kept);
  return 0;
}

JSModuleDef *tenon_p_integrity_end(JSContext *ctx, const char *url,
                                   JSValueConst attributes, tenon_p_held *h,
                                   JSModuleDef *def)
{
  int r = 0;

  tenon_p_modules_of(tenon_p_engine_of(ctx))->held = h->outer;
  if (def && h->asked && JS_IsUndefined(h->has)) {
    tenon_p_modules_throw(ctx, "ERR_INTEGRITY_MISMATCH",
                          "Cannot load %s: it has no bytes that integrity "
                          "could be checked of",
                          url);
    r = -1;
  } else if (def && h->asked) {
    r = keep(ctx, def, attributes, h->has);
  }
  if (r) {
    tenon_p_module_drop(ctx, def);
    def = NULL;
  }
  JS_FreeValue(ctx, h->has);
  JS_FreeCString(ctx, h->of_import);
  return def;
}

/* Throws, -1. */
static int refuse_loaded(JSContext *ctx, JSAtom atom, const char *asked,
                         const char *has)
{
  const char *name = JS_AtomToCString(ctx, atom);

  if (name && has)
    refuse(ctx, name, asked, has);
  else if (name)
    tenon_p_modules_throw(ctx, "ERR_INTEGRITY_MISMATCH",
                          "Cannot import %s with integrity '%s': it was "
                          "imported without integrity before",
                          name, asked);
  JS_FreeCString(ctx, name);
  return -1;
}

int tenon_p_integrity_match(JSContext *ctx, JSAtom name, JSValueConst has,
                            JSValueConst asked)
{
  enum tenon_p_data type, other;
  const char *wanted, *there = NULL;
  int r = 1;

  if (tenon_p_modules_type_of(ctx, has, &type) ||
      tenon_p_modules_type_of(ctx, asked, &other))
    return -1;
  if (type != other) return 0;
  r = tenon_p_modules_is_same_build(ctx, has, asked);
  if (r != 1) return r;
  if (integrity_of(ctx, asked, &wanted)) return -1;
  if (wanted && integrity_of(ctx, has, &there))
    r = -1;
  else if (wanted && (!there || !tenon_p_integrity_meets(there, wanted)))
    r = refuse_loaded(ctx, name, wanted, there);
  JS_FreeCString(ctx, there);
  JS_FreeCString(ctx, wanted);
  return r;
}
