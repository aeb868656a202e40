// A user of the header in strict C++17.
#include <cerrno>
#include <future>
#include <stdexcept>
#include <string>
#include <vector>

#include <tenon/export.h>

static int destroyed;

struct Guard {
  ~Guard()
  {
    destroyed++;
  }
};

static tenon_str copied(const std::string &s)
{
  char *p = static_cast<char *>(tenon_alloc(s.size() + 1));

  if (p) s.copy(p, s.size());
  return p ? tenon_str{p, s.size()} : tenon_str_of(nullptr);
}

TENON_FUNCTION(none, cxx_none)
{}

TENON_FUNCTION(bool, cxx_bool, (bool, x))
{
  return !x;
}

TENON_FUNCTION(f64, cxx_numbers, (i8, a), (u8, b), (i16, c), (u16, d), (i32, e),
               (u32, f), (i64, g), (u64, h), (size, i), (f32, j), (f64, k))
{
  return a + b + c + d + e + f + double(g) + double(h) + double(i) + double(j) +
         k;
}

TENON_FUNCTION(str, cxx_str, (str, s), (opt(str), other))
{
  return copied(std::string(s.data, s.len) + (other ? other->data : " alone"));
}

TENON_FUNCTION(opt(u8), cxx_opt, (opt(u8), x))
{
  return x;
}

TENON_FUNCTION(nullable(cstr), cxx_nullable, (nullable(cstr), s),
               (nullable(big_i64), n, nullptr))
{
  return n ? nullptr : s;
}

TENON_FUNCTION(big_u64, cxx_big, (big_i64, a), (big_u64, b))
{
  return b + (a < 0 ? 1 : 0);
}

TENON_FUNCTION(cstr, cxx_cstr, (cstr, s), (opt(cstr), other))
{
  return other ? *other : s;
}

TENON_ENUM(cxx_color, red, green, blue)
enum cxx_level { CXX_LOW = -1, CXX_HIGH = 7 };
TENON_ENUM_AS(cxx_grade, enum cxx_level, (CXX_LOW, "low"), (CXX_HIGH, "high"))
TENON_STRUCT(cxx_point, (f64, x), (f64, y), (i32, z, 40 + 2))
TENON_STRUCT(cxx_shape, (cxx_point, at), (opt(cxx_point), to),
             (cxx_color, color), (cxx_grade, grade, CXX_HIGH),
             (bool, filled, true), (nullable(str), name, nullptr))

TENON_FUNCTION(cxx_shape, cxx_struct, (cxx_shape, s), (opt(cxx_color), color))
{
  if (color) s.color = *color;
  return s;
}

TENON_FUNCTION(cxx_color, cxx_enum, (cxx_color, c), (cxx_grade, g, CXX_LOW))
{
  if (g == CXX_HIGH) return tenon_fail(TENON_ERROR, "high");
  return c == cxx_color_red ? cxx_color_blue : c;
}

TENON_ARRAY(cxx_row, f64)
TENON_ARRAY(cxx_names, opt(cstr))
TENON_STRUCT(cxx_sheet, (array(cxx_row), rows),
             (opt(array(bool)), flags, nullptr), (cxx_names, names),
             (array(nullable(cxx_shape)), shapes))

TENON_FUNCTION(array(cxx_row), cxx_array, (opt(array(cxx_sheet)), sheets),
               (array(u8), a), (nullable(array(opt(cxx_color))), c, nullptr))
{
  const tenon_array_cxx_sheet *all = sheets;
  const tenon_array_opt_cxx_color *colors = c;
  if (!all || !all->len || colors || a.len)
    return tenon_fail(TENON_ERROR, "nothing");
  cxx_row row = all->data[0].rows.data[0];
  if (all->data[0].flags) {
    tenon_array_bool flags = *all->data[0].flags;
    row.len = flags.len;
  }
  (void)row;
  return all->data[0].rows;
}

TENON_FLAGS(cxx_access, read, write)
TENON_FLAGS_AS(cxx_mode, unsigned char, (1, "one"), (128, "high"))
TENON_TUPLE(cxx_entry, (str, name), (cxx_point, at), (i32, n, 40 + 2))
struct cxx_there {
  int hidden;
  const char *text;
  struct {
    double x;
  } in;
  float triple[3];
};
TENON_TUPLE(cxx_triple, (f32, x), (f32, y), (f32, z))
TENON_STRUCT_AS(cxx_there, struct cxx_there, (cstr, text, "text"),
                (f64, (in.x, "x")), (cxx_triple, triple))
TENON_RECORD(cxx_sizes, nullable(i64))
TENON_VIEW(cxx_samples, f32)
TENON_EITHER(cxx_value, (f64, number), (str, text), (array(cxx_entry), list),
             (record(opt(bool)), truths), (view(u8), octets),
             (nullable(date), when))

TENON_FUNCTION(cxx_value, cxx_either, (cxx_value, v),
               (cxx_access, a, cxx_access_read))
{
  if (v.which == cxx_value_number) v.number += a;
  return v;
}

TENON_FUNCTION(record(nullable(cxx_there)), cxx_record,
               (record(nullable(cxx_there)), r), (cxx_mode, m, 128),
               (opt(array(cxx_sizes)), sizes, nullptr))
{
  const tenon_pair_nullable_cxx_there *first = r.data;
  const tenon_array_cxx_sizes *all = sizes;
  if (!r.len || !first->value || first->value->hidden || m != 128 || all)
    return tenon_fail(TENON_ERROR, "nothing");
  return r;
}

TENON_FUNCTION(view(i16), cxx_view, (view(i16), v), (inout(bytes), b),
               (opt(inout(f64)), d), (array(cxx_samples), all))
{
  const tenon_inout_f64 *numbers = d;
  if (b.len) b.data[0] = static_cast<uint8_t>(all.len);
  if (numbers && numbers->len) numbers->data[0] = 0.5;
  return v;
}

TENON_FUNCTION(cxx_entry, cxx_tuple, (cxx_entry, e), (date, d, 5))
{
  e.n += static_cast<int32_t>(d);
  return e;
}

TENON_STRUCT(cxx_loose, (coerce(f64), n), (opt(coerce(str)), s, nullptr))
TENON_ARRAY(cxx_loose_row, coerce(bool))

TENON_FUNCTION(exhaustive(i32), cxx_words, (this(cxx_point), self),
               (coerce(opt(i32)), a), (coerce(nullable(str)), b),
               (coerce(bool), c, true), (rest(opt(str)), all))
{
  const tenon_array_opt_str same = all;
  (void)same;
  return static_cast<int32_t>(all.len) + (a ? *a : 0) + (b ? 100 : 0) + (c ? 1000 : 0) +
         self.z;
}

TENON_FUNCTION(exhaustive(none), cxx_exhaustive, (this(opt(cxx_color)), self),
               (cxx_loose, l), (cxx_loose_row, r))
{
  (void)self;
  (void)l;
  (void)r;
}

TENON_BLOCKING(exhaustive(f64), cxx_words_blocking, (this(coerce(str)), self),
               (rest(coerce(f64)), all))
{
  (void)self;
  return all.len ? all.data[0] : static_cast<double>(all.len);
}

TENON_ASYNC(exhaustive(cstr), cxx_words_async, (this(bool), self, true),
            (rest(cxx_point), all))
{
  if (!self && !all.len) {
    tenon_fail(TENON_ERROR, "false");
    return;
  }
  TENON_RESOLVE(cxx_words_async, deferred, "resolved");
}

TENON_FUNCTION(bytes, cxx_bytes, (bytes, b))
{
  return b;
}

TENON_FUNCTION(i32, cxx_default, (i32, a, 40), (opt(i32), b, nullptr),
               (bool, c, true), (str, d, tenon_str_of("two")))
{
  return a + (b ? *b : 0) + (c ? static_cast<int32_t>(d.len) - 1 : 0);
}

TENON_FUNCTION(i64, cxx_fail, (str, text))
{
  Guard guard;
  if (text.len) return tenon_fail(TENON_RANGE_ERROR, "cxx: %s", text.data);
  return 0;
}

TENON_FUNCTION(str, cxx_throw, (str, text))
{
  Guard guard;
  throw std::out_of_range("thrown: " + std::string(text.data));
}

TENON_FUNCTION(none, cxx_throw_other)
{
  Guard guard;
  throw 42;
}

TENON_BLOCKING(none, cxx_throw_as, (i32, which))
{
  switch (which) {
  case 0: throw std::invalid_argument("invalid");
  case 1: throw std::out_of_range("out of range");
  case 2: throw std::length_error("length");
  case 3: throw std::domain_error("domain");
  case 4: throw std::overflow_error("overflow");
  case 5: throw std::underflow_error("underflow");
  case 6: throw std::range_error("range");
  case 7: throw std::bad_alloc();
  case 8:
    throw std::system_error(ENOENT, std::generic_category(), "open /x");
  case 9: throw std::system_error(EACCES, std::system_category());
  case 10: throw std::system_error(std::make_error_code(std::errc::io_error));
  case 11: throw std::system_error(
      std::make_error_code(std::future_errc::no_state), "future");
  case 12: throw std::bad_cast();
  case 13: throw std::vector<int>();
  default: throw std::string("text");
  }
}

static int cxx_helper()
{
  return tenon_fail_code(TENON_TYPE_ERROR, "E_HELPER", "helper");
}

static tenon_failure cxx_failure()
{
  tenon_failure f = {};
  f.error_class = TENON_URI_ERROR;
  f.error = EPERM;
  f.code = "E_OWN";
  f.syscall = "call";
  f.path = "path";
  return f;
}

TENON_FUNCTION(cxx_point, cxx_fail_everywhere, (i32, which))
{
  const tenon_failure f = cxx_failure();
  tenon_failure g = {};
  g.error_class = TENON_SYNTAX_ERROR;
  g.code = "E_OWN";
  switch (which) {
  case 0: return tenon_fail_code(TENON_EVAL_ERROR, "E_CODE", "%d", 1);
  case 1: return tenon_fail_system(EPERM, "call", "path");
  case 2: return tenon_fail_system_with(&f);
  case 3: return tenon_fail_memory();
  case 4:
    if (cxx_helper()) return tenon_fail_caused(TENON_ERROR, "outer");
    break;
  case 5: return tenon_fail_with(&g, "%s", "with");
  default:
    if (tenon_recover() || !cxx_helper() || !tenon_recover())
      return tenon_fail(TENON_ERROR, "not reached");
    cxx_helper();
  }
  return cxx_point{1, 2, 3};
}

TENON_ASYNC(none, cxx_reject_everywhere, (i32, which))
{
  const tenon_failure f = cxx_failure();
  tenon_failure g = {};
  g.error_class = TENON_SYNTAX_ERROR;
  g.code = "E_OWN";
  switch (which) {
  case 0: tenon_deferred_reject_code(deferred, 5, "E_CODE", "%d", 1); break;
  case 1: tenon_deferred_reject_system(deferred, EPERM, "call", "path"); break;
  case 2: tenon_deferred_reject_system_with(deferred, &f); break;
  case 3: tenon_deferred_reject_memory(deferred); break;
  case 4:
    if (cxx_helper())
      tenon_deferred_reject_caused(deferred, TENON_ERROR, "outer");
    break;
  case 5: tenon_deferred_reject_with(deferred, &g, "%s", "with"); break;
  default:
    if (cxx_helper()) tenon_deferred_reject_failed(deferred);
  }
}

static int32_t thrown_default()
{
  throw std::logic_error("a default");
}

TENON_FUNCTION(i32, cxx_throw_in_default, (i32, x, thrown_default()))
{
  return x;
}

TENON_STRUCT(cxx_risky, (i32, n, thrown_default()))

TENON_FUNCTION(i32, cxx_throw_in_member, (cxx_risky, r))
{
  return r.n;
}

TENON_FUNCTION(i32, cxx_fail_then_throw)
{
  tenon_fail(TENON_TYPE_ERROR, "first");
  throw std::runtime_error("second");
}

static void count(void *)
{
  destroyed += 100;
}

TENON_FUNCTION(none, cxx_defer_then_throw)
{
  tenon_defer(count, &destroyed);
  throw std::runtime_error("after tenon_defer");
}

TENON_FUNCTION(i32, cxx_destroyed)
{
  int r = destroyed;
  destroyed = 0;
  return r;
}

TENON_BLOCKING(none, cxx_blocking_throw)
{
  throw std::runtime_error("off the loop");
}

TENON_ASYNC(i32, cxx_async, (i32, x), (i32, y, 2))
{
  if (x < 0) throw std::runtime_error("in an operation");
  TENON_RESOLVE(cxx_async, deferred, x + y);
}

TENON_ASYNC(none, cxx_async_none)
{
  TENON_RESOLVE(cxx_async_none, deferred);
}

namespace first {
TENON_FUNCTION_AS("cxx_first", i32, in_namespace)
{
  return 1;
}
} // namespace first

namespace second {
TENON_FUNCTION_AS("cxx_second", i32, in_namespace)
{
  return 2;
}
} // namespace second

TENON_STRUCT(cxx_pair, (i32, a), (str, b))

static int32_t thrown_constant(bool throws)
{
  if (throws) throw std::logic_error("a constant");
  return 4;
}

TENON_CONSTANT(i32, cxx_four, thrown_constant(false))
TENON_CONSTANT(cxx_pair, cxx_constant, {1, {"two", 3}})
TENON_CONSTANT(opt(i32), cxx_missing, nullptr)
TENON_CONSTANT_AS("cxx spaced constant", bool, cxx_spaced_constant, true)

TENON_GETTER(i32, cxx_risen)
{
  throw std::logic_error("a getter");
}

TENON_GETTER_AS("cxx spaced getter", str, cxx_spaced_getter)
{
  return copied("got");
}

TENON_DEFAULT_OBJECT()

TENON_DOC(, "Everything, in C++.")
TENON_DOC(cxx_none, "Nothing.")
TENON_DOC_AS("cxx none", "Nothing else.") TENON_DOC(cxx_none.none, "The same line.")

namespace {
struct cxx_counter {
  std::string text;
  int64_t value;
};
int cxx_counters;
void end_cxx_counter(void *p)
{
  delete static_cast<cxx_counter *>(p);
  cxx_counters--;
}
} // namespace

TENON_CLOSURE(str, cxx_counter, cxx_next, (i64, by, 1))
{
  if (by < 0) throw std::out_of_range("backwards");
  state->value += by;
  state->text = "so many: " + std::to_string(state->value);
  return {state->text.data(), state->text.size()};
}

TENON_BLOCKING_CLOSURE(none, cxx_counter, cxx_later)
{
  throw std::invalid_argument(state->text);
}

TENON_FUNCTION(any, cxx_closures, (bool, later))
{
  cxx_counter *c = new cxx_counter{"text", 1};
  cxx_counters++;
  return later ? cxx_later_new(c, end_cxx_counter)
               : cxx_next_new(c, end_cxx_counter);
}

TENON_FUNCTION(i32, cxx_live)
{
  return cxx_counters;
}

struct cxx_table {
  int64_t hits;
};

static int cxx_table_init(cxx_table *t)
{
  static int asked;
  if (asked++ == 0) throw std::domain_error("not yet");
  t->hits = 5;
  return 0;
}

static void cxx_table_release(cxx_table *)
{
  throw std::domain_error("nobody is told");
}

TENON_STATE(runtime, cxx_table, cxx_table_init, cxx_table_release)
struct cxx_place {
  int32_t at;
};

TENON_STATE(realm, cxx_place, nullptr, nullptr)

TENON_FUNCTION(i64, cxx_states)
{
  cxx_table *t = cxx_table_state();
  return t && cxx_place_state() ? ++t->hits : 0;
}

TENON_STREAM(str, cxx_flow)

static void cxx_on_ready(tenon_watch *w, int, uint32_t, void *)
{
  (void)tenon_watch_close(w, nullptr);
}

TENON_FUNCTION(i32, cxx_watch, (i32, fd))
{
  tenon_watch *w;
  return tenon_watch_open(fd, TENON_WATCH_WRITABLE, cxx_on_ready, nullptr, &w);
}

TENON_FUNCTION(cxx_flow, cxx_stream)
{
  cxx_flow *s = cxx_flow_new(4);
  if (!s) return tenon_fail_memory();
  (void)cxx_flow_write(s, tenon_str_of("word"));
  (void)tenon_stream_end(s);
  tenon_stream_release(s);
  return s;
}

TENON_ITERABLE(i32, cxx_inputs)

TENON_BLOCKING(i32, cxx_read, (cxx_inputs, from))
{
  int32_t n, all = 0;
  while (cxx_inputs_read_wait(from, &n) == 0)
    all += n;
  return all;
}
