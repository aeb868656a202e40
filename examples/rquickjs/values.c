/* Values in and out: strict conversions, coercion where it is wanted, arguments
 * that may be missing, memory that both sides see. */
#define TENON_MODULE values

#include <stdio.h>
#include <string.h>

#include "sections.h"

TENON_ENUM(color, red, green, blue)
TENON_STRUCT(point, (f64, x), (f64, y))
TENON_TUPLE(entry, (str, name), (i32, count))
TENON_EITHER(id, (i64, number), (str, text))

TENON_FUNCTION(f64, sum, (array(f64), numbers))
{
  double r = 0;

  for (size_t i = 0; i < numbers.len; i++)
    r += numbers.data[i];
  return r;
}
TENON_FUNCTION(point, middle, (point, a), (point, b))
{
  return (point){(a.x + b.x) / 2, (a.y + b.y) / 2};
}
TENON_FUNCTION(color, next_color, (color, c))
{
  return c == color_blue ? color_red : (color)(c + 1);
}
TENON_FUNCTION(entry, twice, (entry, e))
{
  e.count *= 2;
  return e;
}
TENON_FUNCTION(str, kind, (id, which))
{
  return tenon_str_of(which.which == id_number ? "a number" : "a text");
}
TENON_FUNCTION(record(i64), same, (record(i64), r))
{
  return r;
}
TENON_FUNCTION(date, later, (date, when))
{
  return when + 1000;
}
TENON_FUNCTION(nullable(str), maybe, (nullable(str), s))
{
  return s;
}
TENON_FUNCTION(any, itself, (any, v))
{
  return v;
}

void conversions(void)
{
  tenon_runtime *rt = runtime_with("values", tenon_module_values);

  run(rt,
      "import * as v from 'values';\n"
      "console.log(v.sum([1, 2.5]), v.middle({ x: 0, y: 0 }, { x: 2, y: 4 }),"
      " v.next_color('red'), v.twice(['a', 4]));\n"
      "console.log(v.kind(1), v.kind('x'), v.same({ a: 1, b: 2 }),"
      " v.later(new Date(0)).toISOString(), v.maybe(null));\n"
      "const s = Symbol('s'); console.log(v.itself(s) === s);");
  refused(rt, "import { sum } from 'values'; sum([1, '2'])");
  refused(rt,
          "import { middle } from 'values'; middle({ x: 1, y: 1 }, { x: 1 })");
  refused(rt, "import { next_color } from 'values'; next_color('pink')");
  tenon_runtime_free(rt);
}

TENON_FUNCTION(i32, strict, (i32, n))
{
  return n;
}
TENON_FUNCTION(i32, lenient, (coerce(i32), n))
{
  return n;
}
TENON_FUNCTION(str, text_of, (coerce(str), s))
{
  return s;
}

void coercion(void)
{
  tenon_runtime *rt = runtime_with("values", tenon_module_values);

  run(rt,
      "import { lenient, text_of } from 'values';\n"
      "console.log(lenient('12'), lenient(true), text_of(12), text_of([1, 2]));");
  refused(rt, "import { strict } from 'values'; strict('12')");
  refused(rt, "import { lenient } from 'values'; lenient('1.5')");
  tenon_runtime_free(rt);
}

TENON_FUNCTION(str, greet, (str, name), (opt(str), title),
               (str, end, tenon_str_of("!")))
{
  size_t size = name.len + (title ? title->len : 0) + end.len + 2;
  char *text = tenon_alloc(size);

  if (!text) return tenon_fail_memory();
  snprintf(text, size, "%s%s%s%s", title ? title->data : "", title ? " " : "",
           name.data, end.data);
  return tenon_str_of(text);
}
TENON_FUNCTION(i32, count, (str, first), (rest(i32), numbers))
{
  return (int32_t)(first.len + numbers.len);
}
TENON_FUNCTION(exhaustive(i32), exactly_one, (i32, n))
{
  return n;
}

void optional_and_rest(void)
{
  tenon_runtime *rt = runtime_with("values", tenon_module_values);

  run(rt, "import { greet, count, exactly_one } from 'values';\n"
          "console.log(greet('Ada'), greet('Ada', 'Countess'),"
          " greet('Ada', undefined, '?'));\n"
          "console.log(count('ab'), count('ab', 1, 2, 3), count.length);");
  refused(rt, "import { greet } from 'values'; greet()");
  refused(rt, "import { count } from 'values'; count('a', 1, 'b')");
  refused(rt, "import { exactly_one } from 'values'; exactly_one(1, 2)");
  tenon_runtime_free(rt);
}

TENON_FUNCTION(u32, checksum, (bytes, data))
{
  uint32_t r = 0;

  for (size_t i = 0; i < data.len; i++)
    r = r * 31 + data.data[i];
  return r;
}
TENON_FUNCTION(none, negate, (inout(f32), samples))
{
  for (size_t i = 0; i < samples.len; i++)
    samples.data[i] = -samples.data[i];
}
TENON_FUNCTION(view(i16), ramp, (i16, n))
{
  int16_t *data = tenon_alloc((size_t)n * sizeof *data);

  for (int16_t i = 0; data && i < n; i++)
    data[i] = i;
  return (tenon_view_i16){data, data ? (size_t)n : 0};
}

void array_buffers(void)
{
  tenon_runtime *rt = runtime_with("values", tenon_module_values);

  run(rt, "import { checksum, negate, ramp } from 'values';\n"
          "const f = new Float32Array([1, 2]); negate(f);\n"
          "console.log(checksum(Uint8Array.of(1, 2, 3)), f, ramp(3));");
  refused(rt, "import { checksum } from 'values';\n"
              "const b = new ArrayBuffer(8); b.transfer(); checksum(b)");
  tenon_runtime_free(rt);
}
