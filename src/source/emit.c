#include "source/emit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "source/layout.h"

void tenon_p_emit(tenon_p_emitter *e, const char *format, ...)
{
  va_list ap;

  va_start(ap, format);
  tenon_p_text_vprintf(&e->out, format, ap);
  va_end(ap);
}

static void put_string(tenon_p_text *t, const char *s)
{
  tenon_p_text_puts(t, "\"");
  for (; *s; s++) {
    unsigned char c = (unsigned char)*s;
    if (c == '"' || c == '\\' || c == '?' || c < 0x20 || c >= 0x7f)
      tenon_p_text_printf(t, "\\%03o", c);
    else
      tenon_p_text_append(t, s, 1);
  }
  tenon_p_text_puts(t, "\"");
}

void tenon_p_emit_string(tenon_p_emitter *e, const char *s)
{
  put_string(&e->out, s);
}

static const char beginning[] =
    "#include <sched.h>\n"
    "#include <stdarg.h>\n"
    "#include <stdlib.h>\n"
    "#include <string.h>\n"
    "#include <tenon/descriptor.h>\n"
    /* It is compiled without builtins (command.c); these are wanted. */
    "#define memcpy __builtin_memcpy\n"
    "#define memset __builtin_memset\n"
    "#define UNUSED __attribute__((unused))\n"
    "#define SCALAR(w, kind, type) \\\n"
    "  UNUSED static const tenon_type t_##w = {kind, sizeof(type), #w, NULL, 0, "
    "\\\n"
    "                                          NULL, NULL, NULL};\n"
    "SCALAR(bool, TENON_KIND_BOOL, _Bool)\n"
    "SCALAR(i8, TENON_KIND_I8, int8_t)\n"
    "SCALAR(u8, TENON_KIND_U8, uint8_t)\n"
    "SCALAR(i16, TENON_KIND_I16, int16_t)\n"
    "SCALAR(u16, TENON_KIND_U16, uint16_t)\n"
    "SCALAR(i32, TENON_KIND_I32, int32_t)\n"
    "SCALAR(u32, TENON_KIND_U32, uint32_t)\n"
    "SCALAR(i64, TENON_KIND_I64, int64_t)\n"
    "SCALAR(u64, TENON_KIND_U64, uint64_t)\n"
    "SCALAR(big_i64, TENON_KIND_BIG_I64, int64_t)\n"
    "SCALAR(big_u64, TENON_KIND_BIG_U64, uint64_t)\n"
    "SCALAR(f32, TENON_KIND_F32, float)\n"
    "SCALAR(f64, TENON_KIND_F64, double)\n"
    "SCALAR(str, TENON_KIND_STR, tenon_str)\n"
    "SCALAR(cstr, TENON_KIND_CSTR, char *)\n"
    "SCALAR(bytes, TENON_KIND_BYTES, tenon_bytes)\n"
    "UNUSED static const tenon_type t_none = {TENON_KIND_NONE, 0, \"none\", "
    "NULL, 0, NULL, NULL, NULL};\n"
    "#define VIEW(w) \\\n"
    "  UNUSED static const tenon_field vf_##w = {\"element\", &t_##w, 0, 0, "
    "NULL}; \\\n"
    "  UNUSED static const tenon_type vt_##w = {TENON_KIND_VIEW, \\\n"
    "      sizeof(tenon_bytes), \"view\", &vf_##w, 1, NULL, NULL, NULL}; \\\n"
    "  UNUSED static const tenon_type wt_##w = {TENON_KIND_INOUT, \\\n"
    "      sizeof(tenon_bytes), \"inout\", &vf_##w, 1, NULL, NULL, NULL};\n"
    "VIEW(i8) VIEW(u8) VIEW(i16) VIEW(u16) VIEW(i32) VIEW(u32) VIEW(i64)\n"
    "VIEW(u64) VIEW(f32) VIEW(f64) VIEW(bytes)\n"
    "typedef struct view { void *data; size_t len; } view;\n"
    "static const tenon_host *host;\n"
    "\n"
    "__attribute__((format(printf, 2, 3), cold, noinline, unused))\n"
    "static int fail(int error_class, const char *format, ...)\n"
    "{\n"
    "  va_list ap;\n"
    "  va_start(ap, format);\n"
    "  host->fail(error_class, format, ap);\n"
    "  va_end(ap);\n"
    "  return -1;\n"
    "}\n"
    "\n"
    "UNUSED static int text_in(char *to, size_t size, tenon_str from,\n"
    "                          const char *where, const char *member)\n"
    "{\n"
    "  if (from.len >= size)\n"
    "    return fail(TENON_RANGE_ERROR, \"%s: '%s': expected a string of at \"\n"
    "                \"most %zu bytes, got %zu\", where, member, size - 1,\n"
    "                from.len);\n"
    "  if (memchr(from.data, 0, from.len))\n"
    "    return fail(TENON_TYPE_ERROR, \"%s: '%s': expected a string without \"\n"
    "                \"NUL, got one with it\", where, member);\n"
    "  memset(to, 0, size);\n"
    "  memcpy(to, from.data, from.len);\n"
    "  return 0;\n"
    "}\n"
    "\n"
    "UNUSED static tenon_str text_out(const char *from, size_t size)\n"
    "{\n"
    "  tenon_str s = {from, strnlen(from, size)};\n"
    "  return s;\n"
    "}\n"
    "\n"
    "__attribute__((cold, noinline, unused)) static int bits_in(\n"
    "    const char *where, const char *member, unsigned bits, int64_t got)\n"
    "{\n"
    "  return fail(TENON_RANGE_ERROR, \"%s: '%s': expected a number of %u \"\n"
    "              \"bits, got %lld\", where, member, bits, (long long)got);\n"
    "}\n"
    "\n";

/* In thunks.c: it calls, and catches what C++ throws. */
static const char guard[] =
    "extern int tenon_guard(void (*fn)(void *), void *p, char *text, size_t "
    "size);\n"
    "static int guarded(void (*fn)(void *), void *p, const char *name)\n"
    "{\n"
    "  char text[500];\n"
    "  if (!tenon_guard(fn, p, text, sizeof text)) return 0;\n"
    "  return fail(TENON_ERROR, \"%s: %s\", name, text);\n"
    "}\n\n";

static void add_item(tenon_p_emitter *e, const char *kind, const char *name,
                     const char *prefix, unsigned id)
{
  tenon_p_emit(e, "static const tenon_item i_%zu = {sizeof(tenon_item), %s, ",
               e->item_count, kind);
  tenon_p_emit_string(e, name);
  tenon_p_emit(e, ", NULL, &%s%u};\n", prefix, id);
  tenon_p_text_printf(&e->items, "&i_%zu, ", e->item_count++);
}

/* --- Constants ------------------------------------------------------------ */

/* An object of the names and numbers of an enum. */
static void write_names(tenon_p_emitter *e, const tenon_p_constant *k,
                        unsigned i)
{
  const tenon_p_ctype *t = k->names;
  size_t n;

  tenon_p_emit(e, "static const pair kp_%u[] = {\n", i);
  for (n = 0; n < t->member_count; n++) {
    tenon_p_emit(e, "  {{");
    tenon_p_emit_string(e, t->members[n].name);
    tenon_p_emit(e, ", %zu}, (int64_t)%lluull},\n", strlen(t->members[n].name),
                 (unsigned long long)t->members[n].at);
  }
  tenon_p_emit(e,
               "};\nstatic void kt_%u(void *args, void *result)\n{\n"
               "  view v = {(void *)kp_%u, %zu};\n  (void)args;\n"
               "  memcpy(result, &v, sizeof v);\n}\n",
               i, i, t->member_count);
}

static void write_variable(tenon_p_emitter *e, const tenon_p_constant *k,
                           unsigned i)
{
  char room[32], name[32];

  tenon_p_emit_word(e, k->word);
  snprintf(name, sizeof name, "k_%u", i);
  tenon_p_emit(e, "extern const ");
  tenon_p_emit_variable(e, k->variable->type, name);
  tenon_p_emit(e, " __asm__(");
  tenon_p_emit_string(e, k->variable->symbol);
  tenon_p_emit(e, ");\nstatic void kt_%u(void *args, void *result)\n{\n", i);
  tenon_p_emit(e, "  %s slot;\n  (void)args;\n",
               tenon_p_emit_slot(k->word, room));
  tenon_p_emit_out(e, k->word, name, "slot");
  tenon_p_emit(e, "  memcpy(result, &slot, sizeof slot);\n}\n");
}

static void write_constant(tenon_p_emitter *e, const tenon_p_constant *k,
                           unsigned i)
{
  const char *descriptor = "t_i64", *flags = "0";
  char room[32];

  if (k->names) {
    write_names(e, k, i);
    descriptor = "t_names";
  } else if (k->variable) {
    write_variable(e, k, i);
    descriptor = tenon_p_emit_descriptor(k->word, room);
    flags = tenon_p_emit_flags(k->word);
  } else {
    tenon_p_emit(e,
                 "static void kt_%u(void *args, void *result)\n{\n"
                 "  int64_t v = (int64_t)%lluull;\n  (void)args;\n"
                 "  memcpy(result, &v, sizeof v);\n}\n",
                 i, (unsigned long long)k->value);
  }
  tenon_p_emit(e,
               "static const tenon_function kd_%u = {sizeof(tenon_function), "
               "0, ",
               i);
  tenon_p_emit_string(e, k->name);
  tenon_p_emit(e,
               ", NULL, {\"value\", &%s, 0, %s, NULL}, NULL, 0, "
               "sizeof(tenon_args), kt_%u, NULL, 0};\n",
               descriptor, flags, i);
  add_item(e, "TENON_ITEM_CONSTANT", k->name, "kd_", i);
}

static const char names_type[] =
    "typedef struct pair { tenon_str key; int64_t value; } pair;\n"
    "static const tenon_field pair_fields[] = {\n"
    "  {\"key\", &t_str, 0, 0, NULL},\n"
    "  {\"value\", &t_i64, __builtin_offsetof(pair, value), 0, NULL}};\n"
    "static const tenon_type t_pair = {TENON_KIND_STRUCT, sizeof(pair), "
    "\"pair\", pair_fields, 2, NULL, NULL, NULL};\n"
    "static const tenon_field names_field = {\"element\", &t_pair, 0, 0, NULL};\n"
    "UNUSED static const tenon_type t_names = {TENON_KIND_RECORD, "
    "sizeof(tenon_bytes), \"record\", &names_field, 1, NULL, NULL, NULL};\n";

/* --- The module ----------------------------------------------------------- */

static void write_refusals(tenon_p_emitter *e)
{
  const tenon_p_plan *p = e->plan;
  size_t i;

  tenon_p_emit(e,
               "struct refused { const char *name, *reason; };\n"
               "extern const struct refused tenon_refused_v1[];\n"
               "__attribute__((visibility(\"default\"))) const struct refused "
               "tenon_refused_v1[] = {\n");
  for (i = 0; i < p->refusal_count; i++) {
    tenon_p_emit(e, "  {");
    tenon_p_emit_string(e, p->refusals[i].name);
    tenon_p_emit(e, ", ");
    tenon_p_emit_string(e, p->refusals[i].reason);
    tenon_p_emit(e, "},\n");
  }
  tenon_p_emit(e, "  {NULL, NULL}};\n");
}

static void write_module(tenon_p_emitter *e)
{
  const tenon_p_plan *p = e->plan;
  size_t i;

  tenon_p_emit(e, "static const tenon_function *const functions[] = {");
  for (i = 0; i < p->function_count; i++)
    tenon_p_emit(e, "&d_%zu, ", i);
  tenon_p_emit(e,
               "NULL};\nstatic const tenon_item *const items[] = {%sNULL};\n",
               e->items.data ? e->items.data : "");
  tenon_p_emit(
      e,
      "static const tenon_module module = {sizeof(tenon_module), "
      "TENON_MODULE_ABI, sizeof(tenon_field), TENON_THREADS_%s, &host, "
      "functions, functions + %zu, items, items + %zu};\n"
      "const tenon_module *tenon_module_v1(void);\n"
      "__attribute__((visibility(\"default\"))) const tenon_module "
      "*tenon_module_v1(void)\n{\n  return &module;\n}\n",
      p->threads, p->function_count, e->item_count);
}

char *tenon_p_plan_emit(const tenon_p_plan *p, size_t *len)
{
  tenon_p_emitter e = {
      .plan = p, .out = TENON_P_TEXT_INIT, .items = TENON_P_TEXT_INIT};
  tenon_p_text names = TENON_P_TEXT_INIT;
  char *c = NULL;
  size_t i;

  e.is_laid = tenon_p_calloc(p->table->type_count);
  e.is_described = tenon_p_calloc(p->table->type_count);
  if (!e.is_laid || !e.is_described) goto out;
  tenon_p_text_puts(&e.out, beginning);
  tenon_p_text_puts(&e.out, names_type);
  if (p->guards) tenon_p_text_puts(&e.out, guard);
  for (i = 0; i < p->handle_count; i++)
    tenon_p_emit(&e,
                 "static const tenon_class h_%u;\n"
                 "UNUSED static const tenon_type ht_%u = {TENON_KIND_CLASS, "
                 "sizeof(void *), \"handle\", NULL, 0, NULL, NULL, &h_%u};\n",
                 (unsigned)p->handles[i].id, (unsigned)p->handles[i].id,
                 (unsigned)p->handles[i].id);
  tenon_p_emit_callbacks(&e);
  for (i = 0; i < p->handle_count; i++) {
    const tenon_p_handle *h = &p->handles[i];
    tenon_p_emit_handle(&e, h);
    add_item(&e, "TENON_ITEM_CLASS", h->name, "h_", (unsigned)h->id);
    add_item(&e, "TENON_ITEM_MEMBER", "close", "hm_", (unsigned)h->id);
  }
  for (i = 0; i < p->function_count; i++)
    tenon_p_emit_function(&e, &p->functions[i], i);
  for (i = 0; i < p->constant_count; i++)
    write_constant(&e, &p->constants[i], (unsigned)i);
  write_refusals(&e);
  write_module(&e);
  if (e.out.failed || e.items.failed) goto out;
  tenon_p_emit_names(p, e.out.data, &names);
  tenon_p_text_append(&names, e.out.data, e.out.len);
  *len = names.len;
  c = tenon_p_text_take(&names);
out:
  free(e.is_laid);
  free(e.is_described);
  tenon_p_text_release(&e.items);
  tenon_p_text_release(&e.out);
  tenon_p_text_release(&names);
  return c;
}
