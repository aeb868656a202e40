#include "base/json.h"

#include <inttypes.h>
#include <string.h>

void tenon_p_json_string(tenon_p_text *out, const char *s, size_t len)
{
  static const char escapes[] = {
      ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f',
      ['\r'] = 'r', ['"'] = '"',  ['\\'] = '\\'};
  size_t i, from = 0;

  tenon_p_text_puts(out, "\"");
  for (i = 0; i < len; i++) {
    unsigned char c = (unsigned char)s[i];
    char escape = c < sizeof escapes ? escapes[c] : 0;
    if (!escape && c >= 0x20) continue;
    tenon_p_text_append(out, s + from, i - from);
    if (escape)
      tenon_p_text_printf(out, "\\%c", escape);
    else
      tenon_p_text_printf(out, "\\u%04x", c);
    from = i + 1;
  }
  tenon_p_text_append(out, s + from, len - from);
  tenon_p_text_puts(out, "\"");
}

void tenon_p_json_key(tenon_p_text *out, const char *name)
{
  bool is_first = out->len && out->data[out->len - 1] == '{';

  if (!is_first) tenon_p_text_puts(out, ",");
  tenon_p_json_string(out, name, strlen(name));
  tenon_p_text_puts(out, ":");
}

void tenon_p_json_member(tenon_p_text *out, const char *name, const char *s,
                         size_t len)
{
  tenon_p_json_key(out, name);
  tenon_p_json_string(out, s ? s : "", len);
}

void tenon_p_json_number(tenon_p_text *out, const char *name, int64_t n)
{
  tenon_p_json_key(out, name);
  tenon_p_text_printf(out, "%" PRId64, n);
}
