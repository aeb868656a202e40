/* Places in sources, as stacks have them, and the lines that are there. */
#ifndef TENON_STD_REPORT_PLACE_H
#define TENON_STD_REPORT_PLACE_H

#include "base/text.h"
#include "engine/engine.h"

/* One line of a stack; points into it. */
typedef struct tenon_p_frame {
  const char *function; /* NULL: none, as for a syntax error */
  size_t function_len;
  const char *url; /* NULL: native */
  size_t url_len;
  int line, column;
} tenon_p_frame;

/* The frame at `*stack`, which moves to the next line; false at the end and for
 * what is no frame. */
bool tenon_p_frame_next(const char **stack, tenon_p_frame *f);

/* The file of a file: URL, the URL of others. */
void tenon_p_place_append_file(const tenon_p_frame *f, tenon_p_text *out);

/* The source line of a frame; false when it is not there. */
bool tenon_p_place_line(tenon_p_engine *e, const tenon_p_frame *f,
                        tenon_p_text *out);

/*
 * The line as it can be shown: a part of it, when it is long, without control
 * characters, and below it a caret under the column. Two lines, with line
 * ends.
 */
void tenon_p_place_show(const char *line, size_t len, int column,
                        bool has_color, tenon_p_text *out);

#endif
