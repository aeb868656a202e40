/* A user of the header in strict C11: every macro and type word once. */
#include <errno.h>
#include <tenon/export.h>

TENON_FUNCTION(none, c11_none)
{}

TENON_FUNCTION(bool, c11_bool, (bool, x))
{
  return !x;
}

TENON_FUNCTION(f64, c11_numbers, (i8, a), (u8, b), (i16, c), (u16, d), (i32, e),
               (u32, f), (i64, g), (u64, h), (size, i), (f32, j), (f64, k))
{
  return a + b + c + d + e + f + (double)g + (double)h + (double)i + (double)j +
         k;
}

TENON_FUNCTION(str, c11_str, (str, s), (opt(str), other))
{
  return other ? *other : s;
}

TENON_FUNCTION(opt(u8), c11_opt, (opt(u8), x))
{
  return x;
}

TENON_FUNCTION(nullable(cstr), c11_nullable, (nullable(cstr), s),
               (nullable(big_i64), n, NULL))
{
  return n ? NULL : s;
}

TENON_FUNCTION(big_u64, c11_big, (big_i64, a), (big_u64, b))
{
  return b + (a < 0 ? 1 : 0);
}

TENON_FUNCTION(cstr, c11_cstr, (cstr, s), (opt(cstr), other))
{
  return other ? *other : s;
}

TENON_ENUM(c11_color, red, green, blue)
enum c11_level { C11_LOW = -1, C11_HIGH = 7 };
TENON_ENUM_AS(c11_grade, enum c11_level, (C11_LOW, "low"), (C11_HIGH, "high"))
TENON_STRUCT(c11_point, (f64, x), (f64, y), (i32, z, 40 + 2))
TENON_STRUCT(c11_shape, (c11_point, at), (opt(c11_point), to),
             (c11_color, color), (c11_grade, grade, C11_HIGH),
             (bool, filled, true), (nullable(str), name, NULL))

TENON_FUNCTION(c11_shape, c11_struct, (c11_shape, s), (opt(c11_color), color))
{
  if (color) s.color = *color;
  return s;
}

TENON_FUNCTION(c11_color, c11_enum, (c11_color, c), (c11_grade, g, C11_LOW))
{
  if (g == C11_HIGH) return tenon_fail(TENON_ERROR, "high");
  return c == c11_color_red ? c11_color_blue : c;
}

TENON_ARRAY(c11_row, f64)
TENON_ARRAY(c11_names, opt(cstr))
TENON_STRUCT(c11_sheet, (array(c11_row), rows), (opt(array(bool)), flags, NULL),
             (c11_names, names), (array(nullable(c11_shape)), shapes))

TENON_FUNCTION(array(c11_row), c11_array, (opt(array(c11_sheet)), sheets),
               (array(u8), a), (nullable(array(opt(c11_color))), c, NULL))
{
  const tenon_array_c11_sheet *all = sheets;
  const tenon_array_opt_c11_color *colors = c;
  if (!all || !all->len || colors || a.len)
    return tenon_fail(TENON_ERROR, "nothing");
  c11_row row = all->data[0].rows.data[0];
  if (all->data[0].flags) {
    tenon_array_bool flags = *all->data[0].flags;
    row.len = flags.len;
  }
  (void)row;
  return all->data[0].rows;
}

TENON_FLAGS(c11_access, read, write)
TENON_FLAGS_AS(c11_mode, unsigned char, (1, "one"), (128, "high"))
TENON_TUPLE(c11_entry, (str, name), (c11_point, at), (i32, n, 40 + 2))
struct c11_there {
  int hidden;
  const char *text;
  struct {
    double x;
  } in;
  float triple[3];
};
TENON_TUPLE(c11_triple, (f32, x), (f32, y), (f32, z))
TENON_STRUCT_AS(c11_there, struct c11_there, (cstr, text, "text"),
                (f64, (in.x, "x")), (c11_triple, triple))
TENON_RECORD(c11_sizes, nullable(i64))
TENON_VIEW(c11_samples, f32)
TENON_EITHER(c11_value, (f64, number), (str, text), (array(c11_entry), list),
             (record(opt(bool)), truths), (view(u8), octets),
             (nullable(date), when))

TENON_FUNCTION(c11_value, c11_either, (c11_value, v),
               (c11_access, a, c11_access_read))
{
  if (v.which == c11_value_number) v.number += a;
  return v;
}

TENON_FUNCTION(record(nullable(c11_there)), c11_record,
               (record(nullable(c11_there)), r), (c11_mode, m, 128),
               (opt(array(c11_sizes)), sizes, NULL))
{
  const tenon_pair_nullable_c11_there *first = r.data;
  const tenon_array_c11_sizes *all = sizes;
  if (!r.len || !first->value || first->value->hidden || m != 128 || all)
    return tenon_fail(TENON_ERROR, "nothing");
  return r;
}

TENON_FUNCTION(view(i16), c11_view, (view(i16), v), (inout(bytes), b),
               (opt(inout(f64)), d), (array(c11_samples), all))
{
  const tenon_inout_f64 *numbers = d;
  if (b.len) b.data[0] = (uint8_t)all.len;
  if (numbers && numbers->len) numbers->data[0] = 0.5;
  return v;
}

TENON_FUNCTION(c11_entry, c11_tuple, (c11_entry, e), (date, d, 5))
{
  e.n += (int32_t)d;
  return e;
}

TENON_STRUCT(c11_loose, (coerce(f64), n), (opt(coerce(str)), s, NULL))
TENON_ARRAY(c11_loose_row, coerce(bool))

TENON_FUNCTION(exhaustive(i32), c11_words, (this(c11_point), self),
               (coerce(opt(i32)), a), (coerce(nullable(str)), b),
               (coerce(bool), c, true), (rest(opt(str)), all))
{
  const tenon_array_opt_str same = all;
  (void)same;
  return (int32_t)all.len + (a ? *a : 0) + (b ? 100 : 0) + (c ? 1000 : 0) +
         self.z;
}

TENON_FUNCTION(exhaustive(none), c11_exhaustive, (this(opt(c11_color)), self),
               (c11_loose, l), (c11_loose_row, r))
{
  (void)self;
  (void)l;
  (void)r;
}

TENON_BLOCKING(exhaustive(f64), c11_words_blocking, (this(coerce(str)), self),
               (rest(coerce(f64)), all))
{
  (void)self;
  return all.len ? all.data[0] : (double)all.len;
}

TENON_ASYNC(exhaustive(cstr), c11_words_async, (this(bool), self, true),
            (rest(c11_point), all))
{
  if (!self && !all.len) {
    tenon_fail(TENON_ERROR, "false");
    return;
  }
  TENON_RESOLVE(c11_words_async, deferred, "resolved");
}

TENON_FUNCTION(bytes, c11_bytes, (bytes, b))
{
  return b;
}

TENON_FUNCTION(i32, c11_default, (i32, a, 40), (opt(i32), b, NULL),
               (bool, c, true), (str, d, tenon_str_of("two")))
{
  return a + (b ? *b : 0) + (c ? (int32_t)d.len - 1 : 0);
}

TENON_FUNCTION(i64, c11_fail, (str, text))
{
  if (text.len) return tenon_fail(TENON_RANGE_ERROR, "c11: %s", text.data);
  return 0;
}

static int c11_helper(void)
{
  return tenon_fail_code(TENON_TYPE_ERROR, "E_HELPER", "helper");
}

TENON_FUNCTION(c11_point, c11_fail_everywhere, (i32, which))
{
  const tenon_failure f = {.error_class = TENON_URI_ERROR,
                           .error = EPERM,
                           .code = "E_OWN",
                           .syscall = "call",
                           .path = "path"};
  switch (which) {
  case 0: return tenon_fail_code(TENON_EVAL_ERROR, "E_CODE", "%d", 1);
  case 1: return tenon_fail_system(EPERM, "call", "path");
  case 2: return tenon_fail_system_with(&f);
  case 3: return tenon_fail_memory();
  case 4:
    if (c11_helper()) return tenon_fail_caused(TENON_ERROR, "outer");
    break;
  case 5:
    return tenon_fail_with(
        &(tenon_failure){.error_class = TENON_SYNTAX_ERROR, .code = "E_OWN"},
        "%s", "with");
  default:
    if (tenon_recover() || !c11_helper() || !tenon_recover())
      return tenon_fail(TENON_ERROR, "not reached");
    c11_helper();
  }
  c11_point p = {1, 2, 3};
  return p;
}

TENON_ASYNC(none, c11_reject_everywhere, (i32, which))
{
  const tenon_failure f = {.error_class = TENON_URI_ERROR,
                           .error = EPERM,
                           .code = "E_OWN",
                           .syscall = "call",
                           .path = "path"};
  const tenon_failure g = {.error_class = TENON_SYNTAX_ERROR, .code = "E_OWN"};
  switch (which) {
  case 0: tenon_deferred_reject_code(deferred, 5, "E_CODE", "%d", 1); break;
  case 1: tenon_deferred_reject_system(deferred, EPERM, "call", "path"); break;
  case 2: tenon_deferred_reject_system_with(deferred, &f); break;
  case 3: tenon_deferred_reject_memory(deferred); break;
  case 4:
    if (c11_helper())
      tenon_deferred_reject_caused(deferred, TENON_ERROR, "outer");
    break;
  case 5: tenon_deferred_reject_with(deferred, &g, "%s", "with"); break;
  default:
    if (c11_helper()) tenon_deferred_reject_failed(deferred);
  }
}

TENON_FUNCTION_AS("c11 spaced", i32, c11_spaced, (i32, x))
{
  return x;
}

TENON_BLOCKING(i64, c11_blocking, (bytes, b))
{
  return (int64_t)b.len;
}

TENON_BLOCKING(none, c11_blocking_none)
{}

TENON_ASYNC(i32, c11_async, (i32, x), (i32, y, 2))
{
  if (x < 0)
    tenon_deferred_reject(deferred, TENON_ERROR, "%d", (int)x);
  else
    TENON_RESOLVE(c11_async, deferred, x + y);
}

TENON_ASYNC(none, c11_async_none)
{
  TENON_RESOLVE(c11_async_none, deferred);
}

#define C11_LIMIT 7
static const double c11_numbers_list[] = {1, 2.5};

TENON_CONSTANT(i32, C11_LIMIT, C11_LIMIT)
TENON_CONSTANT(bool, c11_yes, true)
TENON_CONSTANT(str, c11_name, {"c11", 3})
TENON_CONSTANT(cstr, c11_version, "1.2")
TENON_CONSTANT(c11_point, c11_origin, {0, 1, 2})
TENON_CONSTANT(array(f64), c11_list, {c11_numbers_list, 2})
TENON_CONSTANT(nullable(i32), c11_null, NULL)
TENON_CONSTANT_AS("c11 spaced constant", u8, c11_spaced_constant, 1 + 1)

static int c11_count;

TENON_GETTER(i32, c11_next)
{
  if (c11_count == 2) return tenon_fail(TENON_RANGE_ERROR, "no more");
  return ++c11_count;
}

TENON_GETTER_AS("c11 spaced getter", cstr, c11_spaced_getter)
{
  return "got";
}

/* Called directly, they are functions like others. */
int32_t c11_direct(void);
int32_t c11_direct(void)
{
  c11_none();
  c11_count = c11_next() - 1;
  return c11_spaced(c11_bool(false));
}

TENON_DOC(, "Everything, in C11.")
TENON_DOC(c11_direct, "Not "
                      "one"
                      " of them.")
TENON_DOC(c11_point.x, "To the right.")
TENON_DOC_AS("c11 spaced", "With a space.")

struct c11_counter {
  int64_t value;
};

TENON_CLOSURE(i64, struct c11_counter, c11_count_on, (i64, by, 1))
{
  return state->value += by;
}
TENON_CLOSURE_AS("c11 spaced closure", none, struct c11_counter, c11_reset)
{
  state->value = 0;
}
TENON_BLOCKING_CLOSURE(str, struct c11_counter, c11_later, (str, s),
                       (opt(f64), x), (rest(i32), all))
{
  return x || all.len ? s : tenon_str_of("none");
}
TENON_BLOCKING_CLOSURE_AS("c11 later", none, struct c11_counter, c11_unused)
{}

static struct c11_counter c11_counted;

TENON_FUNCTION(any, c11_closures, (i32, which))
{
  if (which == 1) return c11_reset_new(&c11_counted, NULL);
  if (which == 2) return c11_later_new(&c11_counted, NULL);
  if (which == 3) return c11_unused_new(&c11_counted, NULL);
  c11_reset(&c11_counted);
  return c11_count_on(&c11_counted, 4) == 4
             ? c11_count_on_new(&c11_counted, NULL)
             : NULL;
}

typedef struct c11_hits {
  int64_t count;
} c11_hits;

static int c11_hits_init(c11_hits *h)
{
  h->count = 10;
  return 0;
}

static void c11_hits_release(c11_hits *h)
{
  h->count = 0;
}

TENON_STATE(realm, c11_hits, c11_hits_init, c11_hits_release)

typedef struct c11_plain {
  int64_t count;
} c11_plain;

TENON_STATE(runtime, c11_plain, NULL, NULL)

TENON_FUNCTION(i64, c11_states)
{
  c11_hits *h = c11_hits_state();
  c11_plain *p = c11_plain_state();

  if (!h || !p || TENON_STATE_TYPE(c11_plain)->scope != TENON_STATE_RUNTIME)
    return 0;
  return ++h->count + ++p->count;
}

TENON_STREAM(array(f64), c11_rows)

static void c11_on_ready(tenon_watch *w, int status, uint32_t events, void *p)
{
  (void)status;
  (void)events;
  (void)tenon_watch_set(w, TENON_WATCH_READABLE);
  (void)tenon_watch_hold(w, false);
  (void)tenon_watch_close((tenon_watch *)p, NULL);
}

TENON_FUNCTION(i32, c11_watch, (i32, fd))
{
  tenon_watch *w;

  return tenon_watch_open(fd, TENON_WATCH_READABLE, c11_on_ready, NULL, &w);
}

static void c11_drained(void *p)
{
  (void)p;
}

static void c11_cancelled(void *p, int why)
{
  (void)p;
  (void)why;
}

TENON_FUNCTION(c11_rows, c11_stream)
{
  static const double row[] = {1, 2};
  c11_rows *s = c11_rows_new(4);
  tenon_array_f64 a = {row, 2};

  if (!s) return tenon_fail_memory();
  (void)tenon_stream_on_drain(s, c11_drained, NULL);
  (void)tenon_stream_on_cancel(s, c11_cancelled, NULL);
  (void)c11_rows_write(s, a);
  (void)c11_rows_write_wait(s, a);
  (void)c11_rows_write_take(s, a, c11_drained, s);
  tenon_stream_release(c11_rows_keep(s));
  (void)tenon_stream_fail(s, TENON_RANGE_ERROR, "%d", 5);
  (void)tenon_stream_fail_system(s, ENOENT, "open", "x");
  (void)tenon_stream_fail_with(s, &(tenon_failure){.error = ENOENT}, "%d", 5);
  (void)tenon_stream_end(s);
  tenon_stream_release(s);
  return s;
}

TENON_ITERABLE(array(str), c11_lines)

static void c11_on_line(void *p, int code)
{
  (void)p;
  (void)code;
}

TENON_FUNCTION(i32, c11_read, (c11_lines, from), (opt(c11_lines), more))
{
  tenon_array_str a;

  (void)more;
  (void)c11_lines_read_wait(from, &a);
  (void)c11_lines_read(from, c11_on_line, NULL);
  (void)c11_lines_value(from);
  (void)tenon_iterable_cancel(from);
  (void)tenon_stream_fail_by(NULL, from);
  tenon_iterable_release(c11_lines_keep(from));
  return (int32_t)a.len;
}
