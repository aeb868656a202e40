/*
 * Modules that are data: what `with { type: … }` asks for, and data: URLs.
 *
 * json is a value, text a string, bytes a Uint8Array; each is the module's default
 * export. One file imported as two types is two modules (the engine compares
 * attributes), each made once.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <tenon/error.h>
#include <uv.h>

#include "base/alloc.h"
#include "base/path.h"
#include "base/utf8.h"
#include "module/commonjs.h"
#include "module/internal.h"

/* A data: URL may be as long as it likes; a message has its beginning. */
#define SHOWN 80
#define SHOWN_ARGS(url)                                  \
  (int)(strlen(url) > SHOWN ? SHOWN : strlen(url)), url, \
      strlen(url) > SHOWN ? "..." : ""

/* --- Types ---------------------------------------------------------------- */

int tenon_p_modules_check_type(JSContext *ctx, const char *url,
                               enum tenon_p_data type, bool is_json)
{
  if (type == TENON_P_DATA_NONE && is_json)
    tenon_p_modules_throw_type(
        ctx, "ERR_IMPORT_ATTRIBUTE_MISSING",
        "Cannot load %.*s%s: JSON is imported with { type: 'json' }",
        SHOWN_ARGS(url));
  else if (type == TENON_P_DATA_JSON && !is_json)
    tenon_p_modules_throw_type(ctx, "ERR_IMPORT_ATTRIBUTE_TYPE_INCOMPATIBLE",
                               "Cannot load %.*s%s: it is not of type 'json'",
                               SHOWN_ARGS(url));
  else
    return 0;
  return -1;
}

/* --- Modules -------------------------------------------------------------- */

static int export_default(JSContext *ctx, JSModuleDef *def)
{
  return JS_SetModuleExport(ctx, def, "default",
                            JS_GetModulePrivateValue(ctx, def));
}

/* Takes the bytes, which have a NUL behind them, also when it fails. */
static JSValue value_of(JSContext *ctx, const char *url, enum tenon_p_data type,
                        char *data, size_t len)
{
  tenon_p_source s;
  JSValue v;

  if (type == TENON_P_DATA_BYTES) {
    v = JS_NewUint8ArrayCopy(ctx, (uint8_t *)data, len);
    free(data);
    return v;
  }
  if (tenon_p_source_take(data, len, &s)) return JS_ThrowOutOfMemory(ctx);
  v = type == TENON_P_DATA_JSON ? JS_ParseJSON(ctx, s.text, s.len, url)
                                : JS_NewStringLen(ctx, s.text, s.len);
  tenon_p_source_release(&s);
  return v;
}

/* A JSON file is one value for import and require; consumed. Not where the import
 * says which bytes it means, since what was required is not known by its own. */
static JSValue share(JSContext *ctx, const char *url, JSValue v)
{
  const tenon_p_modules *m = tenon_p_modules_of(tenon_p_engine_of(ctx));
  char *path = NULL;

  if (JS_IsException(v) || strncasecmp(url, "file:", 5) != 0 ||
      strpbrk(url, "?#") || tenon_p_integrity_asked(m) ||
      tenon_p_path_from_url(url, &path))
    return v;
  if (path) {
    v = tenon_p_commonjs_share(ctx, path, v);
  } else {
    JS_FreeValue(ctx, v);
    v = JS_ThrowOutOfMemory(ctx);
  }
  free(path);
  return v;
}

JSModuleDef *tenon_p_modules_load_data(JSContext *ctx, const char *url,
                                       enum tenon_p_data type, char *data,
                                       size_t len)
{
  JSValue v = value_of(ctx, url, type, data, len);
  JSModuleDef *def;

  if (type == TENON_P_DATA_JSON) v = share(ctx, url, v);
  if (JS_IsException(v)) return NULL;
  def = JS_NewCModule(ctx, url, export_default);
  if (def && JS_AddModuleExport(ctx, def, "default")) {
    /* It is the realm's already, which must not find half of it. */
    tenon_p_module_drop(ctx, def);
    def = NULL;
  }
  if (def)
    JS_SetModulePrivateValue(ctx, def, v);
  else
    JS_FreeValue(ctx, v);
  return def;
}

/* --- data: URLs (Fetch Standard, data: URL processor) ---------------------- */

static int hex(char c)
{
  if (c >= '0' && c <= '9') return c - '0';
  c |= 0x20;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* In place; what is no percent-encoding stays. */
static size_t percent_decode(char *s, size_t len)
{
  size_t from, to = 0;

  for (from = 0; from < len; from++) {
    if (s[from] == '%' && from + 2 < len && hex(s[from + 1]) >= 0 &&
        hex(s[from + 2]) >= 0) {
      s[to++] = (char)(hex(s[from + 1]) << 4 | hex(s[from + 2]));
      from += 2;
    } else {
      s[to++] = s[from];
    }
  }
  return to;
}

static int sextet(char c)
{
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* In place (Infra Standard, forgiving-base64 decode); false: it is none. */
static bool base64_decode(char *s, size_t *len)
{
  size_t n = 0, i, to = 0;
  uint32_t bits = 0;
  int v;

  for (i = 0; i < *len; i++)
    if (!strchr("\t\n\f\r ", s[i]) || !s[i]) s[n++] = s[i];
  if (n % 4 == 0 && n && s[n - 1] == '=') n -= s[n - 2] == '=' ? 2 : 1;
  if (n % 4 == 1) return false;
  for (i = 0; i < n; i++) {
    v = sextet(s[i]);
    if (v < 0) return false;
    bits = bits << 6 | (uint32_t)v;
    if (i % 4) s[to++] = (char)(bits >> (6 - 2 * (i % 4)));
  }
  *len = to;
  return true;
}

/* Is the text, which may go on with parameters, this type? */
static bool is_mime(const char *text, size_t len, const char *mime)
{
  size_t n = strlen(mime);

  while (len && strchr(" \t", text[len - 1]))
    len--;
  return len == n && strncasecmp(text, mime, n) == 0;
}

/* Takes the bytes behind the comma. */
static JSModuleDef *load_decoded(JSContext *ctx, const char *url,
                                 enum tenon_p_data type, char *data, size_t len)
{
  const char *mime = url + strlen("data:");
  size_t n = strcspn(mime, ";,");
  bool is_json = is_mime(mime, n, "application/json");
  bool is_code = is_mime(mime, n, "text/javascript") ||
                 is_mime(mime, n, "application/javascript");

  if (type == TENON_P_DATA_TEXT || type == TENON_P_DATA_BYTES ||
      (type == TENON_P_DATA_JSON && is_json) ||
      (type == TENON_P_DATA_NONE && is_code))
    return tenon_p_modules_load_source(ctx, url, type, data, len);
  free(data);
  if (is_json || is_code)
    (void)tenon_p_modules_check_type(ctx, url, type, is_json);
  else
    tenon_p_modules_throw(ctx, "ERR_UNKNOWN_MODULE_FORMAT",
                          "Cannot load %.*s%s: no module is of type '%.*s'",
                          SHOWN_ARGS(url), (int)n, mime);
  return NULL;
}

JSModuleDef *tenon_p_modules_load_data_url(JSContext *ctx, const char *url,
                                           enum tenon_p_data type)
{
  const char *comma = strchr(url, ','), *end = url + strcspn(url, "#");
  const char *mark;
  bool is_valid = comma && comma < end;
  size_t len;
  char *data;

  if (!is_valid) goto invalid;
  len = (size_t)(end - comma) - 1;
  data = tenon_p_strndup(comma + 1, len);
  if (!data) {
    JS_ThrowOutOfMemory(ctx);
    return NULL;
  }
  len = percent_decode(data, len);
  for (mark = comma; mark[-1] == ' '; mark--)
    ;
  if (mark - url >= (ptrdiff_t)strlen("data:;base64") &&
      strncasecmp(mark - 7, ";base64", 7) == 0 && !base64_decode(data, &len)) {
    free(data);
    goto invalid;
  }
  data[len] = '\0';
  return load_decoded(ctx, url, type, data, len);
invalid:
  tenon_p_modules_throw_type(
      ctx, "ERR_INVALID_URL", "Cannot load %.*s%s: %s", SHOWN_ARGS(url),
      is_valid ? "it is not base64" : "there is no comma before the data");
  return NULL;
}
