/* The functions of the benchmark, as a C author describes them. */
#include <string.h>
#include <tenon/export.h>

#include "types.h"

TENON_FUNCTION(none, noop)
{}

TENON_FUNCTION(f64, add, (f64, a), (f64, b))
{
  return a + b;
}

TENON_FUNCTION(i64, fib1, (i64, n))
{
  return n <= 1 ? n == 1 : n + fib1(n - 1);
}

TENON_FUNCTION(i64, text_length, (str, s))
{
  return (int64_t)s.len;
}

TENON_FUNCTION(i64, bytes_length, (bytes, b))
{
  return (int64_t)b.len;
}

/* --- One value in --------------------------------------------------------- */

#define IN(w)                             \
  TENON_FUNCTION(i32, in_##w, (w, value)) \
  {                                       \
    return (int32_t)value;                \
  }
IN(bool)
IN(i8)
IN(u8)
IN(i16)
IN(u16)
IN(i32)
IN(u32)
IN(f32)
IN(f64)
IN(color)

#define IN_LARGE(w)                       \
  TENON_FUNCTION(i32, in_##w, (w, value)) \
  {                                       \
    return (int32_t)(value >> 20);        \
  }
IN_LARGE(i64)
IN_LARGE(u64)
IN_LARGE(big_i64)
IN_LARGE(big_u64)

TENON_FUNCTION(i32, in_cstr, (cstr, text))
{
  return text[0];
}

TENON_FUNCTION(f64, in_opt, (opt(f64), value))
{
  return value ? *value : -1;
}

TENON_FUNCTION(f64, in_nullable, (nullable(f64), value))
{
  return value ? *value : -1;
}

TENON_FUNCTION(f64, in_default, (f64, value, 4))
{
  return value;
}

/* --- One value out -------------------------------------------------------- */

#define OUT(w, value)        \
  TENON_FUNCTION(w, out_##w) \
  {                          \
    return value;            \
  }
OUT(bool, 1)
OUT(i8, -7)
OUT(u8, 7)
OUT(i16, -700)
OUT(u16, 700)
OUT(i32, -70000)
OUT(u32, 4000000000u)
OUT(i64, INT64_C(-70000000000))
OUT(u64, UINT64_C(70000000000))
OUT(big_i64, INT64_C(-70000000000))
OUT(big_u64, UINT64_C(70000000000))
OUT(f32, 0.5f)
OUT(f64, 0.1)
OUT(cstr, "abcdefghijklmno")
OUT(color, color_blue)

TENON_FUNCTION(str, out_str, (i32, which))
{
  return bench_texts[which];
}

TENON_FUNCTION(bytes, out_bytes, (i32, size_bytes))
{
  return (tenon_bytes){(const uint8_t *)bench_texts[BENCH_TEXT_64K].data,
                       (size_t)size_bytes};
}

/* --- Parts ---------------------------------------------------------------- */

TENON_FUNCTION(f64, in_point, (point, p))
{
  return p.x + p.y;
}

TENON_FUNCTION(f64, in_line, (line, l))
{
  return l.a.x + l.a.y + l.b.x + l.b.y;
}

TENON_FUNCTION(f64, in_many, (many, m))
{
  return m.a + m.b + m.c + m.d + m.x + m.y + m.active + m.score;
}

TENON_FUNCTION(f64, in_named, (named, n))
{
  return n.id + (double)n.name.len + n.active;
}

TENON_FUNCTION(f64, in_partial, (partial, p))
{
  return p.x + p.y + (p.score ? *p.score : 0);
}

TENON_FUNCTION(point, out_point)
{
  return bench_points[1];
}

TENON_FUNCTION(line, out_line)
{
  return (line){bench_points[1], bench_points[2]};
}

TENON_FUNCTION(many, out_many)
{
  return bench_many;
}

TENON_FUNCTION(named, out_named)
{
  return (named){7, {"abcdefghijklmno", 15}, 1};
}

#define SUM(w)                                         \
  TENON_FUNCTION(f64, in_array_##w, (array(w), array)) \
  {                                                    \
    double sum = 0;                                    \
    size_t i;                                          \
                                                       \
    for (i = 0; i < array.len; i++)                    \
      sum += (double)array.data[i];                    \
    return sum;                                        \
  }
SUM(i32)
SUM(f64)
SUM(u8)

TENON_FUNCTION(f64, in_array_str, (array(str), array))
{
  size_t i, sum = 0;

  for (i = 0; i < array.len; i++)
    sum += array.data[i].len;
  return (double)sum;
}

TENON_FUNCTION(f64, in_array_point, (array(point), array))
{
  double sum = 0;
  size_t i;

  for (i = 0; i < array.len; i++)
    sum += array.data[i].x + array.data[i].y;
  return sum;
}

#define OUT_ARRAY(w)                                            \
  TENON_FUNCTION(array(w), out_array_##w)                       \
  {                                                             \
    return (tenon_c_array(w)){bench_array_##w, BENCH_ELEMENTS}; \
  }
OUT_ARRAY(i32)
OUT_ARRAY(f64)
OUT_ARRAY(str)

TENON_FUNCTION(array(point), out_array_point)
{
  return (tenon_array_point){bench_points, BENCH_ELEMENTS};
}

/* --- Nested --------------------------------------------------------------- */

TENON_FUNCTION(f64, in_document, (document, d))
{
  return bench_sum(&d);
}

TENON_FUNCTION(document, out_document)
{
  return *bench_document;
}

TENON_FUNCTION(document, echo_document, (document, d))
{
  return d;
}

/* --- Dates, flags, choices, tuples, records, memory, any ------------------- */

TENON_FUNCTION(f64, in_date, (date, ms))
{
  return (double)ms;
}

static double sum_of(const double *data, size_t len)
{
  double sum = 0;
  size_t i;

  for (i = 0; i < len; i++)
    sum += data[i];
  return sum;
}

TENON_FUNCTION(f64, in_view, (view(f64), v))
{
  return sum_of(v.data, v.len);
}

TENON_FUNCTION(f64, in_inout, (inout(f64), v))
{
  return sum_of(v.data, v.len);
}

TENON_FUNCTION(i32, in_rights, (rights, r))
{
  return (int32_t)r;
}

TENON_FUNCTION(f64, in_choice, (choice, c))
{
  return c.which == choice_number ? c.number : (double)c.text.len;
}

TENON_FUNCTION(f64, in_pair, (pair, p))
{
  return p.x + p.y;
}

TENON_FUNCTION(f64, in_record, (record(f64), r))
{
  double sum = 0;
  size_t i;

  for (i = 0; i < r.len; i++)
    sum += r.data[i].value + (double)r.data[i].key.len;
  return sum;
}

TENON_FUNCTION(any, echo_any, (any, v))
{
  return v;
}

TENON_FUNCTION(date, out_date)
{
  return 1700000000000;
}

TENON_FUNCTION(view(f64), out_view)
{
  return (tenon_view_f64){bench_array_f64, BENCH_ELEMENTS};
}

TENON_FUNCTION(rights, out_rights)
{
  return rights_read | rights_run;
}

TENON_FUNCTION(pair, out_pair)
{
  return (pair){1.5, 1.25};
}

TENON_FUNCTION(record(f64), out_record)
{
  static const tenon_pair_f64 pairs[] = {{{"k0", 2}, 0.5},
                                         {{"k1", 2}, 1.5},
                                         {{"k2", 2}, 2.5},
                                         {{"k3", 2}, 3.5},
                                         {{"k4", 2}, 4.5}};

  return (tenon_record_f64){pairs, 5};
}

/* --- Calls of JavaScript ---------------------------------------------------- */

TENON_FUNCTION(f64, calls, (product, f))
{
  double sum = 0, one;
  int i;

  for (i = 0; i < BENCH_ELEMENTS; i++) {
    if (product_call(f, &one, i, 2)) return 0;
    sum += one;
  }
  return sum;
}

TENON_FUNCTION(i64, calls_str, (same, f))
{
  int64_t sum = 0;
  tenon_str s;
  int i;

  for (i = 0; i < BENCH_ELEMENTS; i++) {
    if (same_call(f, &s, bench_array_str[i])) return 0;
    sum += (int64_t)s.len;
  }
  return sum;
}
