/*
 * Text that is handed on piece by piece and needs no memory: for what is told
 * while a heap is being looked at, or has none left. All of it is in here, since
 * the engine is also linked without the rest of this layer.
 */
#ifndef TENON_BASE_OUT_H
#define TENON_BASE_OUT_H

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"

typedef struct tenon_p_writer {
  void (*write)(void *data, const char *text, size_t len);
  void *data;
} tenon_p_writer;

/* On the stack; ends with tenon_p_out_flush. */
typedef struct tenon_p_out {
  const tenon_p_writer *to;
  size_t len;
  char data[1024];
} tenon_p_out;

static inline void tenon_p_out_init(tenon_p_out *o, const tenon_p_writer *to)
{
  o->to = to;
  o->len = 0;
}

static inline void tenon_p_out_flush(tenon_p_out *o)
{
  size_t len = o->len;

  o->len = 0;
  if (len) o->to->write(o->to->data, o->data, len);
}

/* At most a kilobyte at once. */
static inline void tenon_p_out_write(tenon_p_out *o, const char *text,
                                     size_t len)
{
  if (len > sizeof o->data) len = sizeof o->data;
  if (len > sizeof o->data - o->len) tenon_p_out_flush(o);
  memcpy(o->data + o->len, text, len);
  o->len += len;
}

static inline void tenon_p_out_puts(tenon_p_out *o, const char *text)
{
  tenon_p_out_write(o, text, strlen(text));
}

/* What is longer than 255 bytes is cut. */
__attribute__((format(printf, 2, 3))) static inline void tenon_p_out_printf(
    tenon_p_out *o, const char *format, ...)
{
  char text[256];
  va_list ap;
  int n;

  va_start(ap, format);
  n = vsnprintf(text, sizeof text, format, ap);
  va_end(ap);
  if (n > 0)
    tenon_p_out_write(o, text,
                      n < (int)sizeof text ? (size_t)n : sizeof text - 1);
}

/* Pieces end with a line as far as they can. */
static inline void tenon_p_out_end_line(tenon_p_out *o)
{
  tenon_p_out_write(o, "\n", 1);
  if (o->len > sizeof o->data / 2) tenon_p_out_flush(o);
}

#endif
