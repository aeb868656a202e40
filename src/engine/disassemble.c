/*
 * The code of functions as text. See dump.h; included by unit.c behind dump.c.
 *
 * The engine has names for its instructions in builds that print only; these
 * are made of the same table.
 */

static const char *const instruction_names[] = {
#define FMT(f)
#define DEF(id, size, n_pop, n_push, f) #id,
#include "quickjs-opcode.h"
#undef DEF
#undef FMT
};

_Static_assert(countof(instruction_names) == countof(opcode_info),
               "one name for each instruction");

enum {
  /* Places are looked for from the beginning for each instruction. */
  MOST_WITH_LINES = 65536
};

/* What final code is made of: short instructions instead of temporary ones. */
static int instruction_index(int op)
{
  return op >= OP_TEMP_START ? op + (OP_TEMP_END - OP_TEMP_START) : op;
}

static void dump_named(JSRuntime *rt, tenon_p_out *o, unsigned i,
                       unsigned count, JSAtom name)
{
  tenon_p_out_printf(o, " %u", i);
  if (i >= count) return;
  tenon_p_out_puts(o, " ; ");
  dump_atom(rt, o, name);
}

static void dump_local(JSRuntime *rt, tenon_p_out *o,
                       const JSFunctionBytecode *b, unsigned i)
{
  unsigned count = b->vardefs ? b->var_count : 0;

  dump_named(rt, o, i, count,
             i < count ? b->vardefs[b->arg_count + i].var_name : JS_ATOM_NULL);
}

static void dump_argument(JSRuntime *rt, tenon_p_out *o,
                          const JSFunctionBytecode *b, unsigned i)
{
  unsigned count = b->vardefs ? b->arg_count : 0;

  dump_named(rt, o, i, count, i < count ? b->vardefs[i].var_name : 0);
}

static void dump_closure(JSRuntime *rt, tenon_p_out *o,
                         const JSFunctionBytecode *b, unsigned i)
{
  dump_named(rt, o, i, b->closure_var_count,
             i < b->closure_var_count ? b->closure_var[i].var_name : 0);
}

static void dump_constant(JSRuntime *rt, tenon_p_out *o,
                          const JSFunctionBytecode *b, unsigned i)
{
  tenon_p_out_printf(o, " %u ; ", i);
  if (i < (unsigned)b->cpool_count) dump_value(rt, o, b->cpool[i]);
}

static void dump_atom_operand(JSRuntime *rt, tenon_p_out *o, const uint8_t *p)
{
  tenon_p_out_puts(o, " ");
  dump_atom(rt, o, get_u32(p));
}

/* `at` is where the operands stand; jumps are told by where they lead. */
static void dump_operands(JSRuntime *rt, tenon_p_out *o,
                          const JSFunctionBytecode *b, int op, int format,
                          int at)
{
  const uint8_t *p = b->byte_code_buf + at;

  switch (format) {
  case OP_FMT_none_int: tenon_p_out_printf(o, " %d", op - OP_push_0); break;
  case OP_FMT_npopx: tenon_p_out_printf(o, " %d", op - OP_call0); break;
  case OP_FMT_u8: tenon_p_out_printf(o, " %u", (unsigned)get_u8(p)); break;
  case OP_FMT_i8: tenon_p_out_printf(o, " %d", (int)get_i8(p)); break;
  case OP_FMT_u16:
  case OP_FMT_npop: tenon_p_out_printf(o, " %u", (unsigned)get_u16(p)); break;
  case OP_FMT_i16: tenon_p_out_printf(o, " %d", (int)get_i16(p)); break;
  case OP_FMT_i32: tenon_p_out_printf(o, " %d", (int)get_i32(p)); break;
  case OP_FMT_u32: tenon_p_out_printf(o, " %u", (unsigned)get_u32(p)); break;
  case OP_FMT_npop_u16:
    tenon_p_out_printf(o, " %u, %u", (unsigned)get_u16(p),
                       (unsigned)get_u16(p + 2));
    break;
  case OP_FMT_u32x2:
    tenon_p_out_printf(o, " %u, %u", (unsigned)get_u32(p),
                       (unsigned)get_u32(p + 4));
    break;
  case OP_FMT_label8: tenon_p_out_printf(o, " ->%d", at + get_i8(p)); break;
  case OP_FMT_label16: tenon_p_out_printf(o, " ->%d", at + get_i16(p)); break;
  case OP_FMT_label:
    tenon_p_out_printf(o, " ->%d", at + (int)get_u32(p));
    break;
  case OP_FMT_label_u16:
    tenon_p_out_printf(o, " ->%d, %u", at + (int)get_u32(p),
                       (unsigned)get_u16(p + 4));
    break;
  case OP_FMT_const8: dump_constant(rt, o, b, get_u8(p)); break;
  case OP_FMT_const: dump_constant(rt, o, b, get_u32(p)); break;
  case OP_FMT_atom: dump_atom_operand(rt, o, p); break;
  case OP_FMT_atom_u8:
    dump_atom_operand(rt, o, p);
    tenon_p_out_printf(o, ", %u", (unsigned)get_u8(p + 4));
    break;
  case OP_FMT_atom_u16:
    dump_atom_operand(rt, o, p);
    tenon_p_out_printf(o, ", %u", (unsigned)get_u16(p + 4));
    break;
  case OP_FMT_atom_label_u8:
  case OP_FMT_atom_label_u16:
    dump_atom_operand(rt, o, p);
    tenon_p_out_printf(o, ", ->%d", at + 4 + (int)get_u32(p + 4));
    break;
  case OP_FMT_loc8: dump_local(rt, o, b, get_u8(p)); break;
  case OP_FMT_loc: dump_local(rt, o, b, get_u16(p)); break;
  case OP_FMT_none_loc:
    if (op == OP_get_loc0_loc1) {
      dump_local(rt, o, b, 0);
      tenon_p_out_puts(o, ",");
      dump_local(rt, o, b, 1);
    } else {
      dump_local(rt, o, b, (unsigned)(op - OP_get_loc0) % 4);
    }
    break;
  case OP_FMT_arg: dump_argument(rt, o, b, get_u16(p)); break;
  case OP_FMT_none_arg:
    dump_argument(rt, o, b, (unsigned)(op - OP_get_arg0) % 4);
    break;
  case OP_FMT_var_ref: dump_closure(rt, o, b, get_u16(p)); break;
  case OP_FMT_none_var_ref:
    dump_closure(rt, o, b, (unsigned)(op - OP_get_var_ref0) % 4);
    break;
  default: break;
  }
}

static void dump_signature(JSRuntime *rt, tenon_p_out *o, JSFunctionBytecode *b)
{
  int i;

  tenon_p_out_puts(o, "function ");
  dump_atom(rt, o, b->func_name);
  tenon_p_out_puts(o, "(");
  for (i = 0; b->vardefs && i < b->arg_count; i++) {
    if (i) tenon_p_out_puts(o, ", ");
    dump_atom(rt, o, b->vardefs[i].var_name);
  }
  tenon_p_out_puts(o, ")");
  dump_place(rt, o, b);
  tenon_p_out_printf(o, "  %d bytes, stack %d, locals %d, closure %d%s",
                     b->byte_code_len, b->stack_size, b->var_count,
                     b->closure_var_count, b->is_strict_mode ? ", strict" : "");
  tenon_p_out_end_line(o);
}

static void dump_function(JSRuntime *rt, tenon_p_out *o, JSFunctionBytecode *b)
{
  int pos = 0, line = -1, now, column, op, i;

  dump_signature(rt, o, b);
  while (pos < b->byte_code_len) {
    op = b->byte_code_buf[pos];
    i = instruction_index(op);
    if (i >= (int)countof(opcode_info) ||
        pos + opcode_info[i].size > b->byte_code_len)
      break;
    if (b->byte_code_len <= MOST_WITH_LINES && b->pc2line_buf) {
      now = find_line_num(b->realm, b, (uint32_t)pos, &column);
      if (now != line) {
        tenon_p_out_printf(o, "  line %d", line = now);
        tenon_p_out_end_line(o);
      }
    }
    tenon_p_out_printf(o, "  %5d  %-16s", pos, instruction_names[i]);
    dump_operands(rt, o, b, op, opcode_info[i].fmt, pos + 1);
    tenon_p_out_end_line(o);
    pos += opcode_info[i].size;
  }
}

void tenon_p_dump_bytecode(JSRuntime *rt, tenon_p_out *o)
{
  struct list_head *el;

  list_for_each(el, &rt->gc_obj_list) {
    JSGCObjectHeader *p = list_entry(el, JSGCObjectHeader, link);
    if (JS_GC_TYPE(p) == JS_GC_OBJ_TYPE_FUNCTION_BYTECODE)
      dump_function(rt, o, (JSFunctionBytecode *)p);
  }
}

void tenon_p_trace_compiled(JSRuntime *rt, void *bytecode)
{
  tenon_p_out o;

  trace_begin(rt, &o, "compiled: ");
  dump_function(rt, &o, bytecode);
  tenon_p_out_flush(&o);
}
