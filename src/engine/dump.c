/* See dump.h. Included by unit.c behind quickjs.c and extension.c. */
#include "engine/dump.h"

#include <tenon/debug.h>

_Static_assert(JS_TRACE_COLLECTIONS == TENON_TRACE_COLLECTIONS &&
                   JS_TRACE_FREED == TENON_TRACE_FREED &&
                   JS_TRACE_CYCLES == TENON_TRACE_CYCLES &&
                   JS_TRACE_BYTECODE == TENON_TRACE_BYTECODE &&
                   JS_TRACE_PROMISES == TENON_TRACE_PROMISES &&
                   JS_TRACE_LEAKS == TENON_TRACE_LEAKS,
               "the bits of 28-trace.edit are those of tenon/debug.h");

enum {
  MOST_CHARACTERS = 60, /* of a text that is shown inside of something */
  MOST_ITEMS = 16       /* of an object or array that is shown in a line */
};

bool tenon_p_dump_is_possible(JSRuntime *rt)
{
  return rt->gc_phase == JS_GC_PHASE_NONE && !rt->in_free;
}

/* --- Values ------------------------------------------------------------------- */

/* A code unit or point that cannot stand for itself is written as an escape. */
static void dump_character(tenon_p_out *o, uint32_t c)
{
  uint8_t utf8[UTF8_CHAR_LEN_MAX];

  if (c == '"' || c == '\\')
    tenon_p_out_printf(o, "\\%c", (int)c);
  else if (c == '\n')
    tenon_p_out_puts(o, "\\n");
  else if (c < ' ' || (c >= 0x7f && c < 0xa0))
    tenon_p_out_printf(o, "\\x%02x", (unsigned)c);
  else if (is_surrogate(c) || c == 0x2028 || c == 0x2029)
    tenon_p_out_printf(o, "\\u%04x", (unsigned)c);
  else
    tenon_p_out_write(o, (const char *)utf8, utf8_encode(utf8, c));
}

/* At most so many code units. */
static void dump_characters(tenon_p_out *o, JSString *p, uint32_t most)
{
  uint32_t i = 0, c;

  while (i < p->len && i < most) {
    c = string_get(p, i++);
    if (is_hi_surrogate(c) && i < p->len && is_lo_surrogate(string_get(p, i)))
      c = from_surrogate(c, string_get(p, i++));
    dump_character(o, c);
  }
  if (i < p->len) tenon_p_out_puts(o, "…");
}

static void dump_text(tenon_p_out *o, JSString *p)
{
  tenon_p_out_puts(o, "\"");
  dump_characters(o, p, MOST_CHARACTERS);
  tenon_p_out_puts(o, "\"");
}

static void dump_atom(JSRuntime *rt, tenon_p_out *o, JSAtom atom)
{
  JSAtomStruct *p;

  if (__JS_AtomIsTaggedInt(atom)) {
    tenon_p_out_printf(o, "%u", __JS_AtomToUInt32(atom));
    return;
  }
  if (atom == JS_ATOM_NULL || atom >= (uint32_t)rt->atom_size ||
      atom_is_free(rt->atom_array[atom])) {
    tenon_p_out_puts(o, "(none)");
    return;
  }
  p = rt->atom_array[atom];
  if (p->atom_type == JS_ATOM_TYPE_SYMBOL && p->hash == JS_ATOM_HASH_PRIVATE) {
    dump_characters(o, p, MOST_CHARACTERS);
  } else if (p->atom_type != JS_ATOM_TYPE_STRING) {
    tenon_p_out_puts(o, p->atom_type == JS_ATOM_TYPE_SYMBOL ? "Symbol("
                                                            : "Symbol.for(");
    dump_characters(o, p, MOST_CHARACTERS);
    tenon_p_out_puts(o, ")");
  } else {
    dump_characters(o, p, MOST_CHARACTERS);
  }
}

/* The value of an own property that is plain data; NULL else. */
static const JSValue *plain_property(JSObject *p, JSAtom name)
{
  JSProperty *pr;
  JSShapeProperty *prs;

  if (!p->shape) return NULL;
  prs = find_own_property(&pr, p, name);
  if (!prs || (prs->flags & JS_PROP_TMASK) != JS_PROP_NORMAL) return NULL;
  return &pr->u.value;
}

/* The name of a function object, or of a class; NULL when there is none. */
static JSString *function_name(JSObject *p)
{
  const JSValue *name = plain_property(p, JS_ATOM_name);

  if (!name || JS_VALUE_GET_TAG(*name) != JS_TAG_STRING) return NULL;
  return JS_VALUE_GET_STRING(*name)->len ? JS_VALUE_GET_STRING(*name) : NULL;
}

/* Of whom an object says that it was constructed by it; NULL when of nobody. */
static JSString *constructor_name(JSObject *p)
{
  JSObject *proto = p->shape ? p->shape->proto : NULL;
  const JSValue *c = proto ? plain_property(proto, JS_ATOM_constructor) : NULL;

  return c && JS_VALUE_GET_TAG(*c) == JS_TAG_OBJECT
             ? function_name(JS_VALUE_GET_OBJ(*c))
             : NULL;
}

static bool is_text_of_atom(JSRuntime *rt, JSString *p, JSAtom atom)
{
  JSAtomStruct *a = rt->atom_array[atom];
  uint32_t i;

  if (a->len != p->len) return false;
  for (i = 0; i < p->len; i++)
    if (string_get(p, i) != string_get(a, i)) return false;
  return true;
}

static void dump_class(JSRuntime *rt, tenon_p_out *o, JSObject *p,
                       bool with_constructor)
{
  JSAtom name = rt->class_array[p->class_id].class_name;
  JSString *c = with_constructor ? constructor_name(p) : NULL;

  dump_atom(rt, o, name);
  if (c && !is_text_of_atom(rt, c, name)) {
    tenon_p_out_puts(o, " ");
    dump_characters(o, c, MOST_CHARACTERS);
  }
}

void tenon_p_dump_class(JSRuntime *rt, tenon_p_out *o, const void *object)
{
  dump_class(rt, o, (JSObject *)object, true);
}

static void dump_bigint(tenon_p_out *o, const JSBigInt *p)
{
  uint32_t i, shown = p->len < 8 ? p->len : 8;

  tenon_p_out_puts(o, js_bigint_sign(p) ? "bigint -…" : "bigint 0x");
  for (i = 0; i < shown; i++)
    tenon_p_out_printf(o, "%08" PRIx64, (uint64_t)p->tab[p->len - 1 - i]);
  if (shown < p->len) tenon_p_out_puts(o, "…");
}

/* In some words; objects by class and address. */
static void dump_value(JSRuntime *rt, tenon_p_out *o, JSValueConst v)
{
  JSFunctionBytecode *b;
  JSObject *p;

  switch (JS_VALUE_GET_NORM_TAG(v)) {
  case JS_TAG_INT: tenon_p_out_printf(o, "%d", JS_VALUE_GET_INT(v)); break;
  case JS_TAG_FLOAT64:
    tenon_p_out_printf(o, "%.17g", JS_VALUE_GET_FLOAT64(v));
    break;
  case JS_TAG_BOOL:
    tenon_p_out_puts(o, JS_VALUE_GET_BOOL(v) ? "true" : "false");
    break;
  case JS_TAG_NULL: tenon_p_out_puts(o, "null"); break;
  case JS_TAG_UNDEFINED: tenon_p_out_puts(o, "undefined"); break;
  case JS_TAG_UNINITIALIZED: tenon_p_out_puts(o, "(not initialized)"); break;
  case JS_TAG_EXCEPTION: tenon_p_out_puts(o, "(exception)"); break;
  case JS_TAG_SHORT_BIG_INT:
    tenon_p_out_printf(o, "%" PRId64 "n",
                       (int64_t)JS_VALUE_GET_SHORT_BIG_INT(v));
    break;
  case JS_TAG_BIG_INT: dump_bigint(o, JS_VALUE_GET_PTR(v)); break;
  case JS_TAG_STRING: dump_text(o, JS_VALUE_GET_STRING(v)); break;
  case JS_TAG_STRING_ROPE:
    tenon_p_out_printf(o, "(text of %u)", JS_VALUE_GET_STRING_ROPE(v)->len);
    break;
  case JS_TAG_SYMBOL:
    tenon_p_out_puts(o, "Symbol(");
    dump_characters(o, JS_VALUE_GET_PTR(v), MOST_CHARACTERS);
    tenon_p_out_puts(o, ")");
    break;
  case JS_TAG_FUNCTION_BYTECODE:
    b = JS_VALUE_GET_PTR(v);
    tenon_p_out_puts(o, "(code of ");
    dump_atom(rt, o, b->func_name);
    tenon_p_out_printf(o, " @%p)", (void *)b);
    break;
  case JS_TAG_OBJECT:
    p = JS_VALUE_GET_OBJ(v);
    dump_atom(rt, o, rt->class_array[p->class_id].class_name);
    tenon_p_out_printf(o, "@%p", (void *)p);
    break;
  default: tenon_p_out_puts(o, "(internal)"); break;
  }
}

/* --- Objects ------------------------------------------------------------------- */

static void dump_separator(tenon_p_out *o, uint32_t shown)
{
  if (shown) tenon_p_out_puts(o, ", ");
}

static void dump_property(JSRuntime *rt, tenon_p_out *o, JSShapeProperty *prs,
                          JSProperty *pr)
{
  dump_atom(rt, o, prs->atom);
  tenon_p_out_puts(o, ": ");
  switch (prs->flags & JS_PROP_TMASK) {
  case JS_PROP_NORMAL: dump_value(rt, o, pr->u.value); break;
  case JS_PROP_GETSET: tenon_p_out_puts(o, "(accessor)"); break;
  case JS_PROP_VARREF: dump_value(rt, o, *pr->u.var_ref->pvalue); break;
  default: tenon_p_out_puts(o, "(lazy)"); break;
  }
}

static void dump_properties(JSRuntime *rt, tenon_p_out *o, JSObject *p)
{
  uint32_t i, shown = 0, more = 0;
  JSShape *sh = p->shape;

  tenon_p_out_puts(o, " {");
  for (i = 0; i < (uint32_t)sh->prop_count; i++) {
    JSShapeProperty *prs = &get_shape_prop(sh)[i];
    if (prs->atom == JS_ATOM_NULL) continue;
    if (shown == MOST_ITEMS) {
      more++;
      continue;
    }
    dump_separator(o, shown++);
    dump_property(rt, o, prs, &p->prop[i]);
  }
  if (more) tenon_p_out_printf(o, ", … %u more", more);
  tenon_p_out_puts(o, "}");
}

static bool has_values(const JSObject *p)
{
  return p->fast_array &&
         (p->class_id == JS_CLASS_ARRAY || p->class_id == JS_CLASS_ARGUMENTS);
}

static void dump_values(JSRuntime *rt, tenon_p_out *o, JSObject *p)
{
  uint32_t i;

  tenon_p_out_puts(o, " [");
  for (i = 0; i < p->u.array.count && i < MOST_ITEMS; i++) {
    dump_separator(o, i);
    dump_value(rt, o, p->u.array.u.values[i]);
  }
  if (i < p->u.array.count)
    tenon_p_out_printf(o, ", … %u more", p->u.array.count - i);
  tenon_p_out_puts(o, "]");
}

static void dump_place(JSRuntime *rt, tenon_p_out *o, JSFunctionBytecode *b)
{
  if (b->filename == JS_ATOM_NULL) return;
  tenon_p_out_puts(o, " (");
  dump_atom(rt, o, b->filename);
  tenon_p_out_printf(o, ":%d:%d)", b->line_num, b->col_num);
}

static void dump_object(JSRuntime *rt, tenon_p_out *o, JSObject *p)
{
  tenon_p_out_printf(o, "%p  refs %d  ", (void *)p, JS_REF_COUNT(p));
  dump_class(rt, o, p, true);
  if (!p->shape) return;
  if (js_class_has_bytecode(p->class_id) && p->u.func.function_bytecode)
    dump_place(rt, o, p->u.func.function_bytecode);
  if (has_values(p)) dump_values(rt, o, p);
  dump_properties(rt, o, p);
}

/* What is no object, but stands between objects. False: not told. */
static bool dump_inner(JSRuntime *rt, tenon_p_out *o, JSGCObjectHeader *p)
{
  JSVarRef *v;

  switch (JS_GC_TYPE(p)) {
  case JS_GC_OBJ_TYPE_VAR_REF:
    v = (JSVarRef *)p;
    tenon_p_out_printf(o, "%p  refs %d  (variable) ", (void *)p,
                       JS_REF_COUNT(p));
    dump_value(rt, o, *v->pvalue);
    return true;
  case JS_GC_OBJ_TYPE_FUNCTION_BYTECODE:
    tenon_p_out_printf(o, "%p  refs %d  (code) ", (void *)p, JS_REF_COUNT(p));
    dump_atom(rt, o, ((JSFunctionBytecode *)p)->func_name);
    dump_place(rt, o, (JSFunctionBytecode *)p);
    return true;
  case JS_GC_OBJ_TYPE_ASYNC_FUNCTION:
    tenon_p_out_printf(o, "%p  refs %d  (a call that waits)", (void *)p,
                       JS_REF_COUNT(p));
    return true;
  case JS_GC_OBJ_TYPE_JS_CONTEXT:
    tenon_p_out_printf(o, "%p  refs %d  (realm)", (void *)p, JS_REF_COUNT(p));
    return true;
  default: return false;
  }
}

static void dump_header(JSRuntime *rt, tenon_p_out *o, JSGCObjectHeader *p)
{
  if (JS_GC_TYPE(p) == JS_GC_OBJ_TYPE_JS_OBJECT)
    dump_object(rt, o, (JSObject *)p);
  else if (!dump_inner(rt, o, p))
    return;
  tenon_p_out_end_line(o);
}

void tenon_p_dump_objects(JSRuntime *rt, tenon_p_out *o)
{
  struct list_head *el;

  list_for_each(el, &rt->gc_obj_list)
    dump_header(rt, o, list_entry(el, JSGCObjectHeader, link));
}

static size_t block_bytes(JSRuntime *rt, const void *p)
{
  return p ? js_malloc_usable_size_rt(rt, p) + MALLOC_OVERHEAD : 0;
}

static size_t object_bytes(JSRuntime *rt, const JSObject *p)
{
  size_t n = block_bytes(rt, p) + block_bytes(rt, p->prop);

  if (has_values(p)) return n + block_bytes(rt, p->u.array.u.values);
  if (js_class_has_bytecode(p->class_id))
    return n + block_bytes(rt, p->u.func.var_refs);
  if (is_typed_array(p->class_id) || p->class_id == JS_CLASS_DATAVIEW)
    return n + block_bytes(rt, p->u.typed_array);
  if ((p->class_id == JS_CLASS_ARRAY_BUFFER ||
       p->class_id == JS_CLASS_SHARED_ARRAY_BUFFER) &&
      p->u.array_buffer)
    return n + block_bytes(rt, p->u.array_buffer) +
           (p->u.array_buffer->data ? (size_t)p->u.array_buffer->byte_length
                                    : 0);
  return n;
}

void tenon_p_dump_each(JSRuntime *rt, tenon_p_dump_visit *visit, void *p)
{
  struct list_head *el;
  tenon_p_dumped d;
  JSObject *object;

  list_for_each(el, &rt->gc_obj_list) {
    JSGCObjectHeader *header = list_entry(el, JSGCObjectHeader, link);
    if (JS_GC_TYPE(header) != JS_GC_OBJ_TYPE_JS_OBJECT) continue;
    object = (JSObject *)header;
    d = (tenon_p_dumped){object, object->shape->proto, object->class_id,
                         object_bytes(rt, object)};
    visit(p, &d);
  }
}

/* --- Atoms and shapes ------------------------------------------------------------ */

static const char *atom_kind(const JSAtomStruct *p)
{
  switch (p->atom_type) {
  case JS_ATOM_TYPE_STRING: return "text";
  case JS_ATOM_TYPE_GLOBAL_SYMBOL: return "shared symbol";
  default: return p->hash == JS_ATOM_HASH_PRIVATE ? "private" : "symbol";
  }
}

static void dump_atom_line(tenon_p_out *o, int i, JSAtomStruct *p)
{
  tenon_p_out_printf(o, "%u  refs %d  %s ", (unsigned)i, JS_REF_COUNT(p),
                     atom_kind(p));
  dump_text(o, p);
  tenon_p_out_end_line(o);
}

void tenon_p_dump_atoms(JSRuntime *rt, tenon_p_out *o)
{
  int i;

  for (i = 1; i < rt->atom_size; i++)
    if (!atom_is_free(rt->atom_array[i]))
      dump_atom_line(o, i, rt->atom_array[i]);
}

static void dump_shape(JSRuntime *rt, tenon_p_out *o, JSShape *sh)
{
  int i;

  tenon_p_out_printf(o, "%p  refs %d%s  proto %p  {", (void *)sh,
                     JS_REF_COUNT(sh), sh->is_hashed ? "" : " unshared",
                     (void *)sh->proto);
  for (i = 0; i < sh->prop_count; i++) {
    JSShapeProperty *prs = &get_shape_prop(sh)[i];
    if (i) tenon_p_out_puts(o, ", ");
    dump_atom(rt, o, prs->atom);
  }
  tenon_p_out_puts(o, "}");
  tenon_p_out_end_line(o);
}

void tenon_p_dump_shapes(JSRuntime *rt, tenon_p_out *o)
{
  struct list_head *el;

  list_for_each(el, &rt->gc_obj_list) {
    JSGCObjectHeader *p = list_entry(el, JSGCObjectHeader, link);
    if (JS_GC_TYPE(p) == JS_GC_OBJ_TYPE_SHAPE) dump_shape(rt, o, (JSShape *)p);
  }
}

/* --- While something happens ------------------------------------------------------ */

void tenon_p_runtime_set_traces(JSRuntime *rt, uint32_t what,
                                const tenon_p_writer *to)
{
  rt->traces = to ? what : 0;
  rt->trace_writer = to;
}

static void trace_begin(JSRuntime *rt, tenon_p_out *o, const char *what)
{
  tenon_p_out_init(o, rt->trace_writer);
  tenon_p_out_puts(o, what);
}

static void trace_end(tenon_p_out *o)
{
  tenon_p_out_puts(o, "\n");
  tenon_p_out_flush(o);
}

static unsigned list_length(const struct list_head *list)
{
  const struct list_head *el;
  unsigned n = 0;

  list_for_each(el, list)
    n++;
  return n;
}

/* What the collector is going to free is in tmp_obj_list, and still whole. */
void tenon_p_trace_collection(JSRuntime *rt)
{
  struct list_head *el;
  tenon_p_out o;

  if (rt->traces & JS_TRACE_COLLECTIONS) {
    unsigned n = list_length(&rt->tmp_obj_list);
    trace_begin(rt, &o, "collect: ");
    tenon_p_out_printf(&o, "%u of %u, at %zu bytes", n,
                       n + list_length(&rt->gc_obj_list),
                       rt->malloc_state.malloc_size);
    trace_end(&o);
  }
  if (!(rt->traces & JS_TRACE_CYCLES)) return;
  list_for_each(el, &rt->tmp_obj_list) {
    JSGCObjectHeader *p = list_entry(el, JSGCObjectHeader, link);
    if (JS_GC_TYPE(p) != JS_GC_OBJ_TYPE_JS_OBJECT) continue;
    trace_begin(rt, &o, "cycle: ");
    dump_object(rt, &o, (JSObject *)p);
    trace_end(&o);
  }
}

void tenon_p_trace_collected(JSRuntime *rt)
{
  tenon_p_out o;

  if (!(rt->traces & JS_TRACE_COLLECTIONS)) return;
  trace_begin(rt, &o, "collected: ");
  tenon_p_out_printf(&o, "%zu bytes left", rt->malloc_state.malloc_size);
  trace_end(&o);
}

void tenon_p_trace_freed(JSRuntime *rt, JSValueConst v)
{
  int tag = JS_VALUE_GET_TAG(v);
  tenon_p_out o;

  /* Others of their cycle, which their classes lie in, may be gone. */
  if (rt->gc_phase == JS_GC_PHASE_REMOVE_CYCLES &&
      (tag == JS_TAG_OBJECT || tag == JS_TAG_FUNCTION_BYTECODE))
    return;
  trace_begin(rt, &o, "free: ");
  dump_value(rt, &o, v);
  trace_end(&o);
}

static const char *state_of(const JSPromiseData *s)
{
  switch (s->promise_state) {
  case JS_PROMISE_FULFILLED: return " fulfilled: ";
  case JS_PROMISE_REJECTED: return " rejected: ";
  default: return " made";
  }
}

void tenon_p_trace_promise(JSRuntime *rt, JSValueConst promise,
                           JSValueConst value)
{
  const JSPromiseData *s = JS_GetOpaque(promise, JS_CLASS_PROMISE);
  tenon_p_out o;

  trace_begin(rt, &o, "promise: ");
  dump_value(rt, &o, promise);
  tenon_p_out_puts(&o, state_of(s));
  if (s->promise_state != JS_PROMISE_PENDING) dump_value(rt, &o, value);
  trace_end(&o);
}

void tenon_p_trace_reaction(JSRuntime *rt, JSValueConst handler,
                            JSValueConst value, bool is_reject)
{
  tenon_p_out o;

  trace_begin(rt, &o, is_reject ? "reaction to a rejection: " : "reaction: ");
  if (JS_IsUndefined(handler))
    tenon_p_out_puts(&o, "(none)");
  else
    dump_value(rt, &o, handler);
  tenon_p_out_puts(&o, " gets ");
  dump_value(rt, &o, value);
  trace_end(&o);
}

/* References from within the heap do not count. */
static void trace_held_objects(JSRuntime *rt)
{
  struct list_head *el;
  tenon_p_out o;

  gc_decref(rt);
  list_for_each(el, &rt->gc_obj_list) {
    trace_begin(rt, &o, "leak: ");
    dump_header(rt, &o, list_entry(el, JSGCObjectHeader, link));
    tenon_p_out_flush(&o);
  }
  gc_scan(rt);
}

static void trace_held_atoms(JSRuntime *rt)
{
  tenon_p_out o;
  int i;

  for (i = JS_ATOM_END; i < rt->atom_size; i++) {
    if (atom_is_free(rt->atom_array[i])) continue;
    trace_begin(rt, &o, "leak: name ");
    dump_atom_line(&o, i, rt->atom_array[i]);
    tenon_p_out_flush(&o);
  }
}

void tenon_p_trace_leaks(JSRuntime *rt, enum tenon_p_leaks what)
{
  const JSMallocState *s = &rt->malloc_state;
  tenon_p_out o;

  switch (what) {
  case TENON_P_LEAKS_OBJECTS:
    if (!list_empty(&rt->gc_obj_list)) trace_held_objects(rt);
    break;
  case TENON_P_LEAKS_ATOMS: trace_held_atoms(rt); break;
  case TENON_P_LEAKS_BYTES:
    /* The last block is the runtime. */
    if (s->malloc_count <= 1) break;
    trace_begin(rt, &o, "leak: ");
    tenon_p_out_printf(&o, "%zu blocks in all", s->malloc_count - 1);
    trace_end(&o);
    break;
  }
}
