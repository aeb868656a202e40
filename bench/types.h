/* The types and the values of the benchmark, for described functions and for
 * those by hand. */
#ifndef BENCH_TYPES_H
#define BENCH_TYPES_H

#include <tenon/export.h>

TENON_ENUM(color, red, green, blue, yellow, purple)

TENON_STRUCT(point, (f64, x), (f64, y))
TENON_STRUCT(line, (point, a), (point, b))
TENON_STRUCT(many, (i32, a), (i32, b), (i32, c), (i32, d), (f64, x), (f64, y),
             (bool, active), (f64, score))
TENON_STRUCT(named, (i32, id), (str, name), (bool, active))
TENON_STRUCT(partial, (f64, x), (f64, y, 1), (opt(f64), score))

TENON_FLAGS(rights, read, write, run)
TENON_TUPLE(pair, (f64, x), (f64, y))
TENON_EITHER(choice, (f64, number), (str, text))
TENON_CALLBACK(f64, product, (f64, a), (f64, b))
TENON_CALLBACK(str, same, (str, s))

/* A megabyte of JSON is some thousands of items. */
TENON_STRUCT(part, (str, code), (i32, count))
TENON_STRUCT(item, (i64, id), (str, name), (bool, active), (f64, score),
             (array(str), tags), (point, at), (color, kind),
             (nullable(str), note), (array(part), parts))
TENON_STRUCT(document, (i32, version), (str, title), (array(item), items))

/* Units of UTF-16; of ASCII, Latin-1 and more. */
enum {
  BENCH_TEXT_16,
  BENCH_TEXT_1K,
  BENCH_TEXT_64K,
  BENCH_LATIN_16,
  BENCH_LATIN_1K,
  BENCH_WIDE_16,
  BENCH_WIDE_1K,
  BENCH_TEXTS
};
enum { BENCH_ELEMENTS = 100 };

extern point bench_points[BENCH_ELEMENTS];
extern many bench_many;
extern int32_t bench_array_i32[BENCH_ELEMENTS];
extern double bench_array_f64[BENCH_ELEMENTS];
extern tenon_str bench_array_str[BENCH_ELEMENTS];
extern tenon_str bench_texts[BENCH_TEXTS];

/* What out_document returns. */
extern const document *bench_document;

void bench_types_init(void);
double bench_sum(const document *d);

#endif
