/*
 * Import attributes: `type`, which says what a module is made of; `integrity`, a
 * condition; and those that say how native source is compiled, which are a part of
 * what the module is.
 */
#include <string.h>

#include "base/path.h"
#include "module/chain.h"

static const char *const words[] = {[TENON_P_DATA_NONE] = "",
                                    [TENON_P_DATA_JSON] = "json",
                                    [TENON_P_DATA_TEXT] = "text",
                                    [TENON_P_DATA_BYTES] = "bytes"};

/* Of native source: strings that the layer above reads. */
static const char *const build_names[] = {"cflags", "link", "pkg", "sources",
                                          "std"};

static bool is_of_build(const char *name)
{
  size_t i;

  for (i = 0; i < tenon_p_countof(build_names); i++)
    if (strcmp(name, build_names[i]) == 0) return true;
  return false;
}

const char *tenon_p_modules_type_name(enum tenon_p_data type)
{
  return words[type];
}

static enum tenon_p_data type_named(const char *word)
{
  enum tenon_p_data t = TENON_P_DATA_BYTES;

  while (t && strcmp(words[t], word) != 0)
    t--;
  return t;
}

int tenon_p_modules_check_attributes(JSContext *ctx, void *opaque,
                                     JSValueConst attributes)
{
  JSPropertyEnum *names = NULL;
  uint32_t count = 0, i;
  const char *name, *text;
  JSValue v;
  int r = 0;

  (void)opaque;
  if (!JS_IsObject(attributes)) return 0;
  if (JS_GetOwnPropertyNames(ctx, &names, &count, attributes,
                             JS_GPN_STRING_MASK | JS_GPN_ENUM_ONLY))
    return -1;
  for (i = 0; i < count && r == 0; i++) {
    name = JS_AtomToCString(ctx, names[i].atom);
    v = JS_GetProperty(ctx, attributes, names[i].atom);
    text = JS_IsException(v) ? NULL : JS_ToCString(ctx, v);
    if (!name || !text) {
      r = -1;
    } else if (strcmp(name, "integrity") == 0) {
      if (!tenon_p_integrity_is_valid(text)) {
        tenon_p_modules_throw_type(
            ctx, "ERR_IMPORT_ATTRIBUTE_UNSUPPORTED",
            "import attribute 'integrity' with value '%s' has no hash; one is "
            "'sha256-', 'sha384-' or 'sha512-' and base64",
            text);
        r = -1;
      }
    } else if (!is_of_build(name) &&
               (strcmp(name, "type") != 0 || !type_named(text))) {
      tenon_p_modules_throw_type(
          ctx, "ERR_IMPORT_ATTRIBUTE_UNSUPPORTED",
          "import attribute '%s' with value '%s' is not supported%s", name,
          text,
          strcmp(name, "type") == 0 ? "; a type is 'json', 'text' or 'bytes'"
                                    : "");
      r = -1;
    }
    JS_FreeCString(ctx, text);
    JS_FreeValue(ctx, v);
    JS_FreeCString(ctx, name);
  }
  JS_FreePropertyEnum(ctx, names, count);
  return r;
}

int tenon_p_modules_type_of(JSContext *ctx, JSValueConst attributes,
                            enum tenon_p_data *type)
{
  const char *text;
  JSValue v;

  *type = TENON_P_DATA_NONE;
  if (!JS_IsObject(attributes)) return 0;
  v = JS_GetPropertyStr(ctx, attributes, "type");
  if (JS_IsUndefined(v)) return 0;
  text = JS_IsException(v) ? NULL : JS_ToCString(ctx, v);
  if (text) *type = type_named(text);
  JS_FreeCString(ctx, text);
  JS_FreeValue(ctx, v);
  return text ? 0 : -1;
}

/* --- Of native source ------------------------------------------------------ */

int tenon_p_modules_attribute(JSContext *ctx, JSValueConst attributes,
                              const char *name, const char **text)
{
  JSValue v;

  *text = NULL;
  if (!JS_IsObject(attributes)) return 0;
  v = JS_GetPropertyStr(ctx, attributes, name);
  if (JS_IsUndefined(v)) return 0;
  *text = JS_IsException(v) ? NULL : JS_ToCString(ctx, v);
  JS_FreeValue(ctx, v);
  return *text ? 0 : -1;
}

int tenon_p_modules_is_same_build(JSContext *ctx, JSValueConst a,
                                  JSValueConst b)
{
  const char *x, *y = NULL;
  int is_same = 1;
  size_t i;

  for (i = 0; i < tenon_p_countof(build_names) && is_same == 1; i++) {
    if (tenon_p_modules_attribute(ctx, a, build_names[i], &x)) return -1;
    if (tenon_p_modules_attribute(ctx, b, build_names[i], &y))
      is_same = -1;
    else
      is_same = x && y ? strcmp(x, y) == 0 : x == y;
    JS_FreeCString(ctx, x);
    JS_FreeCString(ctx, y);
  }
  return is_same;
}

int tenon_p_modules_check_build(JSContext *ctx, const char *url,
                                JSValueConst attributes)
{
  const char *text;
  size_t i;

  for (i = 0; i < tenon_p_countof(build_names); i++) {
    if (tenon_p_modules_attribute(ctx, attributes, build_names[i], &text))
      return -1;
    if (!text) continue;
    JS_FreeCString(ctx, text);
    tenon_p_modules_throw_type(
        ctx, "ERR_IMPORT_ATTRIBUTE_UNSUPPORTED",
        "Cannot load %s: the import attribute '%s' is for native source", url,
        build_names[i]);
    return -1;
  }
  return 0;
}
