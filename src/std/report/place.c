#include "std/report/place.h"

#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "base/utf8.h"
#include "module/module.h"
#include "std/inspect/width.h"

/* --- Frames ------------------------------------------------------------------ */

/* The digits that end at `*end`, behind a colon, which `*end` moves to; -1 when
 * there are none. */
static int number_before(const char *start, const char **end)
{
  const char *p = *end;
  long n;

  while (p > start && p[-1] >= '0' && p[-1] <= '9')
    p--;
  if (p == *end || p == start || p[-1] != ':' || *end - p > 9) return -1;
  n = strtol(p, NULL, 10);
  *end = p - 1;
  return (int)n;
}

/* URL:LINE:COLUMN */
static bool read_place(const char *start, const char *end, tenon_p_frame *f)
{
  f->column = number_before(start, &end);
  f->line = number_before(start, &end);
  if (f->column < 0 || f->line < 0 || end == start) return false;
  f->url = start;
  f->url_len = (size_t)(end - start);
  return true;
}

/* The last " (" of a line. */
static const char *last_parenthesis(const char *start, const char *end)
{
  const char *p;

  for (p = end - 1; p > start; p--)
    if (p[0] == '(' && p[-1] == ' ') return p;
  return NULL;
}

bool tenon_p_frame_next(const char **stack, tenon_p_frame *f)
{
  static const char at[] = "    at ";
  const char *start = *stack, *end = strchrnul(start, '\n'), *open;

  *f = (tenon_p_frame){NULL, 0, NULL, 0, 0, 0};
  if (strncmp(start, at, sizeof at - 1) != 0) return false;
  *stack = *end ? end + 1 : end;
  start += sizeof at - 1;
  if (end > start && end[-1] == ')') {
    open = last_parenthesis(start, end);
    if (!open) return false;
    f->function = start;
    f->function_len = (size_t)(open - 1 - start);
    read_place(open + 1, end - 1, f);
    return true;
  }
  return read_place(start, end, f);
}

void tenon_p_place_append_file(const tenon_p_frame *f, tenon_p_text *out)
{
  char *url = strndup(f->url, f->url_len), *path = NULL;

  if (!url) {
    out->failed = true;
    return;
  }
  if (strncmp(url, "file:", 5) == 0 && !tenon_p_path_from_url(url, &path) &&
      path)
    tenon_p_text_puts(out, path);
  else
    tenon_p_text_puts(out, url);
  free(path);
  free(url);
}

bool tenon_p_place_line(tenon_p_engine *e, const tenon_p_frame *f,
                        tenon_p_text *out)
{
  char *url = f->url ? strndup(f->url, f->url_len) : NULL;
  bool is_found = url && tenon_p_modules_line(e, url, f->line, out);

  free(url);
  return is_found;
}

/* --- Lines ------------------------------------------------------------------- */

/* Columns of a terminal that a line may take. */
#define WIDEST 100

static bool is_control(uint32_t c)
{
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029;
}

/* Where to begin so that the caret is in sight. */
static const uint8_t *first_shown(const uint8_t *line, const uint8_t *caret)
{
  const uint8_t *p = caret;
  int width = 0;

  if (caret - line <= WIDEST * 3 / 4) return line;
  while (p > line && width < WIDEST / 2) {
    p--;
    if ((*p & 0xc0) != 0x80) width++;
  }
  return p;
}

void tenon_p_place_show(const char *text, size_t len, int column,
                        bool has_color, tenon_p_text *out)
{
  const uint8_t *line = (const uint8_t *)text, *end = line + len, *caret, *p;
  tenon_p_text pad = TENON_P_TEXT_INIT;
  size_t width = 0, columns;

  caret = column < 1                   ? line
          : (size_t)(column - 1) > len ? end
                                       : line + column - 1;
  p = first_shown(line, caret);
  if (p > line) {
    tenon_p_text_puts(out, "…");
    tenon_p_text_puts(&pad, " ");
  }
  while (p < end && width < WIDEST) {
    const uint8_t *from = p;
    bool is_before = p < caret;
    uint32_t c = tenon_p_utf8_decode(&p, end);
    if (c == '\t' || !is_control(c))
      tenon_p_text_append(out, (const char *)from, (size_t)(p - from));
    else
      tenon_p_text_puts(out, "\xef\xbf\xbd");
    columns = is_control(c) ? 1
                            : tenon_p_width((const char *)from,
                                            (size_t)(p - from), false);
    width += columns;
    if (is_before) tenon_p_text_append(&pad, c == '\t' ? "\t" : "  ", columns);
  }
  tenon_p_text_puts(out, p < end ? "…\n" : "\n");
  if (pad.len) tenon_p_text_append(out, pad.data, pad.len);
  tenon_p_text_puts(out, has_color ? "\x1b[1;31m^\x1b[0m\n" : "^\n");
  if (pad.failed) out->failed = true;
  tenon_p_text_release(&pad);
}
