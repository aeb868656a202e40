#include "engine/debug.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <tenon/error.h>

#include "base/alloc.h"
#include "engine/dump.h"

/* The host's function, during which nothing of the engine may be entered. */
typedef struct teller {
  tenon_p_engine *engine;
  tenon_debug_write *write;
  void *data;
} teller;

/* As if scripts were running: what would be settled at once waits. */
static void begin_telling(tenon_p_engine *e)
{
  e->is_telling = true;
  e->depth++;
}

static void end_telling(tenon_p_engine *e)
{
  e->depth--;
  e->is_telling = false;
}

static void tell(void *data, const char *text, size_t len)
{
  const teller *t = data;

  begin_telling(t->engine);
  t->write(t->data, text, len);
  end_telling(t->engine);
}

/* --- Memory ------------------------------------------------------------------- */

static void put_bytes(tenon_p_out *o, const char *name, size_t bytes)
{
  tenon_p_out_printf(o, "%-20s %10s %12zu", name, "", bytes);
  tenon_p_out_end_line(o);
}

static void put_kind(tenon_p_out *o, const char *name, int64_t count,
                     int64_t bytes)
{
  tenon_p_out_printf(o, "%-20s %10" PRId64 " %12" PRId64, name, count, bytes);
  tenon_p_out_end_line(o);
}

static void dump_memory(tenon_p_engine *e, tenon_p_out *o)
{
  JSMemoryUsage m;

  JS_ComputeMemoryUsage(e->rt, &m);
  tenon_p_out_printf(o, "%-20s %10s %12s", "memory", "count", "bytes");
  tenon_p_out_end_line(o);
  put_bytes(o, "used", tenon_p_engine_used(e));
  put_bytes(o, "limit", e->heap.limit_bytes);
  put_bytes(o, "external", e->heap.external_bytes);
  put_bytes(o, "external limit", e->heap.external_limit_bytes);
  put_bytes(o, "tenon's own", e->heap.own_bytes);
  put_kind(o, "engine", m.malloc_count, m.malloc_size);
  put_bytes(o, "engine with slabs", e->heap.engine_bytes);
  put_kind(o, "  atoms", m.atom_count, m.atom_size);
  put_kind(o, "  texts", m.str_count, m.str_size);
  put_kind(o, "  objects", m.obj_count, m.obj_size);
  put_kind(o, "  properties", m.prop_count, m.prop_size);
  put_kind(o, "  shapes", m.shape_count, m.shape_size);
  put_kind(o, "  functions", m.js_func_count, m.js_func_size);
  put_kind(o, "  code", m.js_func_count, m.js_func_code_size);
  put_kind(o, "  places", m.js_func_pc2line_count, m.js_func_pc2line_size);
  put_kind(o, "  elements", m.fast_array_elements,
           m.fast_array_elements * (int64_t)sizeof(JSValue));
}

/* --- Classes ---------------------------------------------------------------------- */

typedef struct kind {
  const void *object; /* one of them; NULL: an empty place */
  const void *proto;
  uint32_t class_id;
  size_t count, bytes;
} kind;

/* An open hash table, never more than half full. */
typedef struct census {
  kind *kinds;
  size_t count, capacity;
  bool failed;
} census;

static kind *find_kind(const census *c, const void *proto, uint32_t class_id)
{
  size_t i = ((uintptr_t)proto >> 4) * 31 + class_id;

  for (;; i++) {
    kind *k = &c->kinds[i & (c->capacity - 1)];
    if (!k->object || (k->proto == proto && k->class_id == class_id)) return k;
  }
}

static bool grow(census *c)
{
  census larger = {NULL, c->count, c->capacity ? c->capacity * 2 : 128, false};
  size_t i;

  larger.kinds = tenon_p_calloc(larger.capacity * sizeof *larger.kinds);
  if (!larger.kinds) return false;
  for (i = 0; i < c->capacity; i++)
    if (c->kinds[i].object)
      *find_kind(&larger, c->kinds[i].proto, c->kinds[i].class_id) =
          c->kinds[i];
  free(c->kinds);
  *c = larger;
  return true;
}

static void count_object(void *p, const tenon_p_dumped *d)
{
  census *c = p;
  kind *k;

  if (c->failed) return;
  if (c->count >= c->capacity / 2 && !grow(c)) {
    c->failed = true;
    return;
  }
  k = find_kind(c, d->proto, d->class_id);
  if (!k->object) {
    *k = (kind){d->object, d->proto, d->class_id, 0, 0};
    c->count++;
  }
  k->count++;
  k->bytes += d->bytes;
}

static int by_bytes(const void *a, const void *b)
{
  const kind *x = a, *y = b;

  if (x->bytes != y->bytes) return x->bytes < y->bytes ? 1 : -1;
  return (x->count < y->count) - (x->count > y->count);
}

static int dump_classes(tenon_p_engine *e, tenon_p_out *o)
{
  census c = {NULL, 0, 0, false};
  size_t i;

  tenon_p_dump_each(e->rt, count_object, &c);
  if (!c.failed) {
    qsort(c.kinds, c.capacity, sizeof *c.kinds, by_bytes);
    tenon_p_out_printf(o, "%10s %12s  %s", "objects", "bytes", "class");
    tenon_p_out_end_line(o);
    for (i = 0; i < c.count; i++) {
      tenon_p_out_printf(o, "%10zu %12zu  ", c.kinds[i].count,
                         c.kinds[i].bytes);
      tenon_p_dump_class(e->rt, o, c.kinds[i].object);
      tenon_p_out_end_line(o);
    }
  }
  free(c.kinds);
  return c.failed ? TENON_ENOMEM : 0;
}

/* --- All ----------------------------------------------------------------------------- */

int tenon_p_engine_dump(tenon_p_engine *e, uint32_t what,
                        tenon_debug_write *write, void *data)
{
  teller t = {e, write, data};
  tenon_p_writer to = {tell, &t};
  tenon_p_out o;
  int r = 0;

  if (e->is_telling || !tenon_p_dump_is_possible(e->rt)) return TENON_EBUSY;
  tenon_p_out_init(&o, &to);
  if (what & TENON_DUMP_MEMORY) dump_memory(e, &o);
  if (what & TENON_DUMP_CLASSES) r = dump_classes(e, &o);
  if (what & TENON_DUMP_OBJECTS) tenon_p_dump_objects(e->rt, &o);
  if (what & TENON_DUMP_ATOMS) tenon_p_dump_atoms(e->rt, &o);
  if (what & TENON_DUMP_SHAPES) tenon_p_dump_shapes(e->rt, &o);
  if (what & TENON_DUMP_BYTECODE) tenon_p_dump_bytecode(e->rt, &o);
  tenon_p_out_flush(&o);
  return r;
}

static void tell_trace(void *data, const char *text, size_t len)
{
  tenon_p_engine *e = data;

  begin_telling(e);
  e->trace_write(e->trace_data, text, len);
  end_telling(e);
}

int tenon_p_engine_trace(tenon_p_engine *e, uint32_t what,
                         tenon_debug_write *write, void *data)
{
  if (e->is_telling) return TENON_EBUSY;
  e->traces = what;
  e->trace_write = write;
  e->trace_data = data;
  e->tracer = (tenon_p_writer){tell_trace, e};
  tenon_p_runtime_set_traces(e->rt, what & ~(uint32_t)TENON_TRACE_MODULES,
                             what ? &e->tracer : NULL);
  return 0;
}

void tenon_p_engine_trace_module(tenon_p_engine *e, const char *const *words)
{
  tenon_p_out o;

  tenon_p_out_init(&o, &e->tracer);
  for (; *words; words++)
    tenon_p_out_puts(&o, *words);
  tenon_p_out_end_line(&o);
  tenon_p_out_flush(&o);
}
