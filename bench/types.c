#include "types.h"

#include <string.h>

point bench_points[BENCH_ELEMENTS];
many bench_many = {1, 2, 3, 4, 0.5, 0.25, 1, 0.125};
int32_t bench_array_i32[BENCH_ELEMENTS];
double bench_array_f64[BENCH_ELEMENTS];
tenon_str bench_array_str[BENCH_ELEMENTS];
tenon_str bench_texts[BENCH_TEXTS];

static tenon_str repeat(const char *s, size_t times)
{
  static char room[1 << 18];
  static size_t used;
  size_t len = strlen(s), i;
  char *p = room + used;

  for (i = 0; i < times; i++)
    memcpy(p + i * len, s, len);
  used += times * len;
  return (tenon_str){p, times * len};
}

void bench_types_init(void)
{
  static const char ascii[] = "abcdefgh", latin[] = "caf\u00e9 bar",
                    wide[] = "\u03b1\u03b2\u03b3, \u20ac12";
  size_t i;

  bench_texts[BENCH_TEXT_16] = repeat(ascii, 2);
  bench_texts[BENCH_TEXT_1K] = repeat(ascii, 128);
  bench_texts[BENCH_TEXT_64K] = repeat(ascii, 8192);
  bench_texts[BENCH_LATIN_16] = repeat(latin, 2);
  bench_texts[BENCH_LATIN_1K] = repeat(latin, 128);
  bench_texts[BENCH_WIDE_16] = repeat(wide, 2);
  bench_texts[BENCH_WIDE_1K] = repeat(wide, 128);
  for (i = 0; i < BENCH_ELEMENTS; i++) {
    bench_points[i] = (point){(double)i + 0.5, (double)i + 0.25};
    bench_array_i32[i] = (int32_t)i * 1000;
    bench_array_f64[i] = (double)i + 0.5;
    bench_array_str[i] = bench_texts[BENCH_TEXT_16];
  }
}

double bench_sum(const document *d)
{
  double sum = d->version + (double)d->title.len;
  size_t i, k;

  for (i = 0; i < d->items.len; i++) {
    const item *t = &d->items.data[i];
    sum += (double)t->id + (double)t->name.len + t->active + t->score +
           t->at.x + t->at.y + t->kind + (t->note ? (double)t->note->len : 0);
    for (k = 0; k < t->tags.len; k++)
      sum += (double)t->tags.data[k].len;
    for (k = 0; k < t->parts.len; k++)
      sum += (double)t->parts.data[k].code.len + t->parts.data[k].count;
  }
  return sum;
}
