#include <string.h>

#include "reader/internal.h"

void tenon_p_put_name(tenon_p_text *t, const char *name)
{
  size_t len = name ? strnlen(name, TENON_P_MAX_NAME) : 0, i, plain = 0;

  tenon_p_text_puts(t, " ");
  if (!len) {
    tenon_p_text_puts(t, "-");
    return;
  }
  if (len == 1 && *name == '-') {
    tenon_p_text_puts(t, "%2d");
    return;
  }
  for (i = 0; i < len; i++) {
    unsigned char c = (unsigned char)name[i];

    if (c > 0x20 && c < 0x7f && c != '%') continue;
    tenon_p_text_append(t, name + plain, i - plain);
    tenon_p_text_printf(t, "%%%02x", c);
    plain = i + 1;
  }
  tenon_p_text_append(t, name + plain, len - plain);
}

void tenon_p_put_place(tenon_p_text *t, Dwarf_Die *die,
                       const tenon_p_unit *unit)
{
  tenon_p_put_name(t, tenon_p_die_file(die, unit));
  tenon_p_text_printf(t, " %d", tenon_p_die_line(die));
}

void tenon_p_check_text(const tenon_p_text *t)
{
  if (t->failed) tenon_p_fail("out of memory");
  if (t->len > TENON_P_MAX_TABLE)
    tenon_p_fail("its table would be larger than %d MiB",
                 TENON_P_MAX_TABLE >> 20);
}
