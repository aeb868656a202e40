/*
 * What may have been meant: messages of the errors that usual mistakes lead to.
 * Included by unit.c behind extension.c. The engine calls in here by edits, on
 * failing paths only. Where memory does not suffice for a hint the message goes
 * without one.
 */

/* Code units of a name that are shown, and that are compared. */
#define HINT_LONGEST 64
/* Exports that are listed at most. */
#define HINT_MOST_LISTED 8
#define HINT_MOST_NEAR 3

/* --- Text ----------------------------------------------------------------- */

/* A name; of a longer one the beginning. */
static void put_name(JSContext *ctx, DynBuf *b, JSAtom name, size_t longest)
{
  uint8_t utf8[4];
  JSString *p;
  uint32_t c;
  size_t i, n;

  if (__JS_AtomIsTaggedInt(name)) {
    dbuf_printf(b, "%u", __JS_AtomToUInt32(name));
    return;
  }
  p = ctx->rt->atom_array[name];
  n = p->len < longest ? p->len : longest;
  for (i = 0; i < n;) {
    c = p->is_wide_char ? next_code_point(str16(p), n, &i) : str8(p)[i++];
    dbuf_put(b, utf8, utf8_encode(utf8, c));
  }
  if (n < p->len) dbuf_putstr(b, "...");
}

static void put_quoted(JSContext *ctx, DynBuf *b, JSAtom name)
{
  dbuf_putc(b, '\'');
  put_name(ctx, b, name, HINT_LONGEST);
  dbuf_putc(b, '\'');
}

/* What went wrong for want of memory was a hint. */
static void drop_exception(JSContext *ctx)
{
  if (JS_HasException(ctx)) JS_FreeValue(ctx, JS_GetException(ctx));
}

/* --- Near names ----------------------------------------------------------- */

static JSString *string_of(JSContext *ctx, JSAtom name)
{
  return __JS_AtomIsTaggedInt(name) ? NULL : ctx->rt->atom_array[name];
}

static int folded(const JSString *p, uint32_t i)
{
  int c = p->is_wide_char ? str16((JSString *)p)[i] : str8((JSString *)p)[i];

  return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

static int least(int a, int b)
{
  return a < b ? a : b;
}

/*
 * Damerau's distance of two names, letters of ASCII without their case: how
 * many units were left out, added, exchanged, or swapped with their neighbour.
 * More than `limit`: some larger number.
 */
static int distance(const JSString *a, const JSString *b, int limit)
{
  int rows[3][HINT_LONGEST + 1], i, j;
  int n = (int)a->len, m = (int)b->len;
  int *before = rows[0], *above = rows[1], *row = rows[2], *free_row;

  if (n > HINT_LONGEST || m > HINT_LONGEST || n - m > limit || m - n > limit)
    return limit + 1;
  for (j = 0; j <= m; j++)
    above[j] = j;
  for (i = 1; i <= n; i++) {
    row[0] = i;
    for (j = 1; j <= m; j++) {
      int x = folded(a, (uint32_t)i - 1), y = folded(b, (uint32_t)j - 1);
      int d = least(above[j], row[j - 1]) + 1;
      d = least(d, above[j - 1] + (x != y));
      if (i > 1 && j > 1 && x == folded(b, (uint32_t)j - 2) &&
          y == folded(a, (uint32_t)i - 2))
        d = least(d, before[j - 2] + 1);
      row[j] = d;
    }
    free_row = before;
    before = above;
    above = row;
    row = free_row;
  }
  return above[m];
}

/* A third of a name may be mistaken, and its case always. */
static int most_mistakes(const JSString *p)
{
  return (int)(p->len < HINT_LONGEST ? p->len : HINT_LONGEST) / 3;
}

/* --- Exports -------------------------------------------------------------- */

struct export_search {
  const JSString *wanted;
  int limit; /* of the distance: that of the nearest found */
  JSAtom near[HINT_MOST_NEAR];
  int near_count;
  JSAtom names[HINT_MOST_LISTED];
  int name_count; /* HINT_MOST_LISTED + 1: more than can be listed */
  bool has_default;
};

static bool has_name(const JSAtom *names, int count, JSAtom name)
{
  int i;

  for (i = 0; i < count; i++)
    if (names[i] == name) return true;
  return false;
}

static void consider(JSContext *ctx, struct export_search *s, JSAtom name)
{
  const JSString *p = string_of(ctx, name);
  int d;

  if (name == JS_ATOM_default) {
    s->has_default = true;
    return;
  }
  if (s->name_count <= HINT_MOST_LISTED &&
      !has_name(s->names, least(s->name_count, HINT_MOST_LISTED), name)) {
    if (s->name_count < HINT_MOST_LISTED) s->names[s->name_count] = name;
    s->name_count++;
  }
  if (!p || !s->wanted) return;
  d = distance(s->wanted, p, s->limit);
  if (d > s->limit) return;
  if (d < s->limit) s->near_count = 0;
  s->limit = d;
  if (s->near_count < HINT_MOST_NEAR && !has_name(s->near, s->near_count, name))
    s->near[s->near_count++] = name;
}

/* Some `export *` lead to names that two modules export, which nobody gets. */
static int only_importable(JSContext *ctx, JSModuleDef *m, JSAtom *names,
                           int count)
{
  JSModuleDef *from;
  JSExportEntry *entry;
  int i, n = 0;

  for (i = 0; i < count; i++)
    if (js_resolve_export(ctx, &from, &entry, m, names[i]) ==
        JS_RESOLVE_RES_FOUND)
      names[n++] = names[i];
  drop_exception(ctx);
  return n;
}

static bool add_once(JSContext *ctx, GetExportNamesState *s, JSModuleDef *m)
{
  int i;

  for (i = 0; i < s->modules_count; i++)
    if (s->modules[i] == m) return true;
  if (js_resize_array(ctx, (void **)&s->modules, sizeof s->modules[0],
                      &s->modules_size, s->modules_count + 1))
    return false;
  s->modules[s->modules_count++] = m;
  return true;
}

/* All that `m` exports, also by `export *`; false without memory. */
static bool search_exports(JSContext *ctx, JSModuleDef *m,
                           struct export_search *s)
{
  GetExportNamesState reached = {0};
  bool ok = add_once(ctx, &reached, m);
  int i, j;

  for (i = 0; ok && i < reached.modules_count; i++) {
    m = reached.modules[i];
    for (j = 0; j < m->export_entries_count; j++)
      if (i == 0 || m->export_entries[j].export_name != JS_ATOM_default)
        consider(ctx, s, m->export_entries[j].export_name);
    for (j = 0; ok && j < m->star_export_entries_count; j++) {
      int request = m->star_export_entries[j].req_module_idx;
      JSModuleDef *next = m->req_module_entries[request].module;
      if (next) ok = add_once(ctx, &reached, next);
    }
  }
  m = ok ? reached.modules[0] : NULL;
  js_free(ctx, reached.modules);
  if (!ok) {
    drop_exception(ctx);
    return false;
  }
  s->near_count = only_importable(ctx, m, s->near, s->near_count);
  if (s->name_count <= HINT_MOST_LISTED)
    s->name_count = only_importable(ctx, m, s->names, s->name_count);
  return true;
}

/* --- An import that is not exported --------------------------------------- */

struct unlinked {
  JSModuleDef *module; /* that does not export */
  JSAtom name;
  JSAtom specifier; /* the module as it is written where it is imported */
  JSAtom local;     /* what the import is called there; JS_ATOM_NULL: unknown */
};

static void put_near(JSContext *ctx, DynBuf *b, const struct export_search *s)
{
  int i;

  for (i = 0; i < s->near_count; i++) {
    if (i) dbuf_putstr(b, i == s->near_count - 1 ? " or " : ", ");
    put_quoted(ctx, b, s->near[i]);
  }
}

static void put_import(JSContext *ctx, DynBuf *b, const struct unlinked *u,
                       JSAtom name, bool is_default)
{
  dbuf_putstr(b, is_default ? "import " : "import { ");
  put_name(ctx, b, name, HINT_LONGEST);
  dbuf_putstr(b, is_default ? " from " : " } from ");
  dbuf_putc(b, '\'');
  put_name(ctx, b, u->specifier, SIZE_MAX);
  dbuf_putc(b, '\'');
}

static void put_exports(JSContext *ctx, DynBuf *b, const struct unlinked *u)
{
  JSAtom wanted = u->name == JS_ATOM_default ? u->local : u->name;
  struct export_search s = {0};
  int i;

  if (wanted != JS_ATOM_NULL) s.wanted = string_of(ctx, wanted);
  if (s.wanted) s.limit = most_mistakes(s.wanted);
  if (!search_exports(ctx, u->module, &s)) return;
  if (s.near_count) {
    dbuf_putstr(b, "; did you mean ");
    if (u->name == JS_ATOM_default)
      put_import(ctx, b, u, s.near[0], false);
    else
      put_near(ctx, b, &s);
    dbuf_putc(b, '?');
  } else if (s.name_count > HINT_MOST_LISTED) {
    if (u->name == JS_ATOM_default)
      dbuf_putstr(b, "; it has only named exports");
  } else if (s.name_count) {
    dbuf_putstr(b, "; it exports ");
    for (i = 0; i < s.name_count; i++) {
      if (i) dbuf_putstr(b, ", ");
      put_quoted(ctx, b, s.names[i]);
    }
  } else if (s.has_default) {
    dbuf_putstr(b, "; it has only a default export: ");
    put_import(ctx, b, u, u->local == JS_ATOM_NULL ? u->name : u->local, true);
  } else {
    dbuf_putstr(b, "; it exports nothing");
  }
}

static void put_unlinked(JSContext *ctx, DynBuf *b, JSResolveResultEnum why,
                         const struct unlinked *u)
{
  dbuf_putstr(b, why == JS_RESOLVE_RES_CIRCULAR
                     ? "circular reference when looking for export "
                 : why == JS_RESOLVE_RES_AMBIGUOUS ? "export "
                                                   : "Could not find export ");
  put_quoted(ctx, b, u->name);
  dbuf_putstr(b, " in module '");
  put_name(ctx, b, u->specifier, SIZE_MAX);
  dbuf_putc(b, '\'');
  if (why == JS_RESOLVE_RES_AMBIGUOUS) dbuf_putstr(b, " is ambiguous");
}

/* Its stack begins where the name stands. */
static void throw_unlinked(JSContext *ctx, const char *message, size_t len,
                           const char *file, int line, int column)
{
  JSValue e =
      new_error(ctx, ctx->native_error_proto[JS_SYNTAX_ERROR], message, len);

  if (JS_IsException(e)) return;
  build_backtrace(ctx, e, JS_UNDEFINED, file, line ? line : -1, column, 0);
  JS_Throw(ctx, e);
}

/* Forward declared, with a comment, by an edit. */
static void hint_unlinked(JSContext *ctx, JSResolveResultEnum res,
                          JSModuleDef *m, JSAtom name, JSModuleDef *importer,
                          const JSImportEntry *mi, const JSExportEntry *me)
{
  struct unlinked u = {m, name, m->module_name, JS_ATOM_NULL};
  const char *file = NULL, *why = NULL;
  size_t plain;
  DynBuf b;
  bool has_failed;

  if (res == JS_RESOLVE_RES_EXCEPTION) return;
  js_dbuf_init(ctx, &b);
  if (importer) {
    int request = mi ? mi->req_module_idx : me->u.req_module_idx;
    u.specifier = importer->req_module_entries[request].module_name;
    file = JS_AtomToCString(ctx, importer->module_name);
  }
  if (mi && JS_IsObject(importer->func_obj))
    u.local = JS_VALUE_GET_OBJ(importer->func_obj)
                  ->u.func.function_bytecode->closure_var[mi->var_idx]
                  .var_name;
  put_unlinked(ctx, &b, res, &u);
  plain = b.size;
  has_failed = dbuf_error(&b);
  if (res == JS_RESOLVE_RES_NOT_FOUND && ctx->rt->module_explains)
    why = ctx->rt->module_explains(ctx, m, name);
  if (why) {
    dbuf_putstr(&b, ": ");
    dbuf_putstr(&b, why);
  } else if (res == JS_RESOLVE_RES_NOT_FOUND) {
    put_exports(ctx, &b, &u);
  }
  drop_exception(ctx);
  if (has_failed)
    JS_ThrowOutOfMemory(ctx);
  else
    throw_unlinked(ctx, (char *)b.buf, dbuf_error(&b) ? plain : b.size, file,
                   mi   ? mi->line_num
                   : me ? me->line_num
                        : 0,
                   mi   ? mi->col_num
                   : me ? me->col_num
                        : 0);
  JS_FreeCString(ctx, file);
  dbuf_free(&b);
}

/* Forward declared, with a comment, by an edit. */
static void hint_missing(JSContext *ctx, JSModuleDef *m,
                         const JSReqModuleEntry *rme)
{
  JSValue e = js_dup(ctx->rt->current_exception), *stack;
  const char *file;

  if (JS_IsError(e) && rme->line_num) {
    stack = &JS_VALUE_GET_OBJ(e)->u.object_data;
    if (JS_VALUE_GET_TAG(*stack) == JS_TAG_STRING &&
        JS_VALUE_GET_STRING(*stack)->len == 0) {
      /* A stack that is there is not built again. */
      JS_FreeValue(ctx, *stack);
      *stack = JS_UNDEFINED;
      file = JS_AtomToCString(ctx, m->module_name);
      if (file)
        build_backtrace(ctx, e, JS_UNDEFINED, file, rme->line_num, rme->col_num,
                        0);
      else
        JS_FreeValue(ctx, JS_GetException(ctx));
      JS_FreeCString(ctx, file);
      if (!JS_HasException(ctx)) JS_Throw(ctx, js_dup(e));
    }
  }
  JS_FreeValue(ctx, e);
}

/* --- Calls of what is no function ----------------------------------------- */

/* The words of an expression: `a.b.c`, of which the first may be unknown. */
#define HINT_MOST_PARTS 4
struct callee {
  JSAtom parts[HINT_MOST_PARTS];
  int count;
  bool is_this;  /* begins with `this` */
  bool is_inner; /* begins with what has no name */
};

static JSAtom local_name(const JSFunctionBytecode *b, uint32_t i)
{
  return i < (uint32_t)b->arg_count + b->var_count ? b->vardefs[i].var_name
                                                   : JS_ATOM_NULL;
}

static JSAtom outer_name(const JSFunctionBytecode *b, uint32_t i)
{
  return i < b->closure_var_count ? b->closure_var[i].var_name : JS_ATOM_NULL;
}

/* The variable that an instruction pushes, or JS_ATOM_NULL. */
static JSAtom variable_at(const JSFunctionBytecode *b, const uint8_t *pc)
{
  switch (*pc) {
  case OP_get_var:
  case OP_get_var_undef: return get_u32(pc + 1);
  case OP_get_loc:
  case OP_get_loc_check: return local_name(b, b->arg_count + get_u16(pc + 1));
  case OP_get_loc8: return local_name(b, b->arg_count + pc[1]);
  case OP_get_loc0:
  case OP_get_loc1:
  case OP_get_loc2:
  case OP_get_loc3: return local_name(b, b->arg_count + (*pc - OP_get_loc0));
  case OP_get_arg: return local_name(b, get_u16(pc + 1));
  case OP_get_arg0:
  case OP_get_arg1:
  case OP_get_arg2:
  case OP_get_arg3: return local_name(b, *pc - OP_get_arg0);
  case OP_get_var_ref:
  case OP_get_var_ref_check: return outer_name(b, get_u16(pc + 1));
  case OP_get_var_ref0:
  case OP_get_var_ref1:
  case OP_get_var_ref2:
  case OP_get_var_ref3: return outer_name(b, *pc - OP_get_var_ref0);
  default: return JS_ATOM_NULL;
  }
}

/* What is known about the value on top of the stack behind one instruction;
 * false: nothing. */
static bool follow(const JSFunctionBytecode *b, const uint8_t *pc,
                   struct callee *c)
{
  JSAtom name;

  if (*pc == OP_dup || *pc == OP_is_undefined_or_null) return false;
  if (*pc == OP_get_field || *pc == OP_get_field2) {
    if (c->count == HINT_MOST_PARTS) {
      memmove(c->parts, c->parts + 1, sizeof c->parts[0] * (--c->count));
      c->is_inner = true;
      c->is_this = false;
    } else if (c->count == 0 && !c->is_this) {
      c->is_inner = true;
    }
    c->parts[c->count++] = get_u32(pc + 1);
    return true;
  }
  memset(c, 0, sizeof *c);
  if (*pc == OP_push_this) {
    c->is_this = true;
    return false;
  }
  name = variable_at(b, pc);
  if (name == JS_ATOM_NULL) return false;
  if (name == JS_ATOM_this)
    c->is_this = true;
  else
    c->parts[c->count++] = name;
  return c->count > 0;
}

static bool is_method_call(int op)
{
  return op == OP_call_method || op == OP_tail_call_method;
}

static bool is_plain_call(int op)
{
  return op == OP_call || op == OP_tail_call ||
         (op >= OP_call0 && op <= OP_call3);
}

/*
 * The jumps that are still ahead. Where one of them arrives the value may come
 * from two places and has no name, unless the code before it cannot be left
 * that way: behind the test of an optional chain. Of many jumps the last ones
 * are known; the others are those of statements, which leave no value.
 */
#define HINT_MOST_JUMPS 32
struct jumps {
  uint32_t targets[HINT_MOST_JUMPS];
  unsigned next;
  uint32_t chain; /* the target of such a test */
  struct callee tested;
  int last_op;
};

static uint32_t jump_target(const uint8_t *code, uint32_t pc)
{
  switch (code[pc]) {
  case OP_if_true:
  case OP_if_false:
  case OP_goto: return pc + 1 + get_u32(code + pc + 1);
  case OP_goto16: return pc + 1 + (uint32_t)(int16_t)get_u16(code + pc + 1);
  case OP_if_true8:
  case OP_if_false8:
  case OP_goto8: return pc + 1 + (uint32_t)(int8_t)code[pc + 1];
  default: return 0;
  }
}

static bool is_left_behind(int op)
{
  return op == OP_goto || op == OP_goto16 || op == OP_goto8 ||
         op == OP_return || op == OP_return_undef;
}

static void follow_jumps(const uint8_t *code, uint32_t pc, struct jumps *j,
                         struct callee *c)
{
  uint32_t target = jump_target(code, pc);
  unsigned i;

  for (i = 0; pc && i < HINT_MOST_JUMPS; i++)
    if (j->targets[i] == pc) memset(c, 0, sizeof *c);
  if (pc && pc == j->chain && is_left_behind(j->last_op)) *c = j->tested;
  if (target > pc) {
    j->targets[j->next++ % HINT_MOST_JUMPS] = target;
    if (j->last_op == OP_is_undefined_or_null) {
      j->chain = target;
      j->tested = *c;
    }
  }
  j->last_op = code[pc];
}

/* Walks the table of positions along with the code. */
struct position {
  const uint8_t *p, *end;
  int line, column;
  uint32_t next_pc; /* where the next position begins */
  int next_line, next_column;
};

static void read_position(struct position *at)
{
  uint32_t distance_pc = 0;
  int32_t line = 0, column = 0;
  unsigned op;
  int r;

  at->line = at->next_line;
  at->column = at->next_column;
  if (at->p >= at->end) {
    at->next_pc = UINT32_MAX;
    return;
  }
  op = *at->p++;
  if (op == 0) {
    r = get_leb128(&distance_pc, at->p, at->end);
    if (r >= 0) at->p += r;
    r = get_sleb128(&line, at->p, at->end);
    if (r >= 0) at->p += r;
  } else {
    op -= PC2LINE_OP_FIRST;
    distance_pc = op / PC2LINE_RANGE;
    line = (int)(op % PC2LINE_RANGE) + PC2LINE_BASE;
  }
  r = get_sleb128(&column, at->p, at->end);
  if (r >= 0) at->p += r;
  at->next_pc += distance_pc;
  at->next_line += line;
  at->next_column += column;
}

/*
 * The instruction of `b` that ends at `end`, and, when it is a call, what is
 * called: a call is reported at the last part of its callee, and that position
 * is the first one of the instruction that pushes it. Returns the opcode.
 */
static int find_callee(JSContext *ctx, JSFunctionBytecode *b, uint32_t end,
                       struct callee *out)
{
  struct position at = {b->pc2line_buf,
                        b->pc2line_buf + b->pc2line_len,
                        b->line_num,
                        b->col_num,
                        0,
                        b->line_num,
                        b->col_num};
  struct callee c = {0};
  struct jumps jumps = {0};
  int line, column, op = OP_invalid;
  bool is_found = false, is_here;
  uint32_t pc;

  memset(out, 0, sizeof *out);
  if (!b->pc2line_buf) return op;
  line = find_line_num(ctx, b, end - 1, &column);
  for (pc = 0; pc < end; pc += short_opcode_info(op).size) {
    op = b->byte_code_buf[pc];
    while (pc >= at.next_pc)
      read_position(&at);
    is_here = at.line == line && at.column == column;
    /* What an earlier call returned is called: f()(). */
    if (is_here && (is_plain_call(op) || is_method_call(op)) &&
        pc + short_opcode_info(op).size < end)
      memset(out, 0, sizeof *out);
    follow_jumps(b->byte_code_buf, pc, &jumps, &c);
    if (!follow(b, b->byte_code_buf + pc, &c) || is_found) continue;
    is_found = is_here;
    if (is_found) *out = c;
  }
  return pc == end ? op : OP_invalid;
}

static void put_callee(JSContext *ctx, DynBuf *b, const struct callee *c)
{
  int i;

  if (c->is_this) dbuf_putstr(b, "this");
  if (c->is_inner) dbuf_putstr(b, "(...)");
  for (i = 0; i < c->count; i++) {
    if (i || c->is_this || c->is_inner) dbuf_putc(b, '.');
    put_name(ctx, b, c->parts[i], HINT_LONGEST);
  }
}

/* Did the interpreter call with these arguments, which lie on the stack of the
 * frame that runs, behind the function? */
static JSFunctionBytecode *caller_of(JSContext *ctx, JSValueConst func,
                                     JSValueConst *argv)
{
  JSStackFrame *sf = ctx->rt->current_stack_frame;
  JSFunctionBytecode *b;
  JSValue *stack, *last;

  if (!sf || !argv || !sf->cur_pc || !JS_IsObject(sf->cur_func)) return NULL;
  if (!js_class_has_bytecode(JS_VALUE_GET_OBJ(sf->cur_func)->class_id))
    return NULL;
  b = JS_VALUE_GET_OBJ(sf->cur_func)->u.func.function_bytecode;
  stack = sf->var_buf + b->var_count;
  last = (JSValue *)argv - 1;
  if (last < stack || last >= stack + b->stack_size) return NULL;
  if (JS_VALUE_GET_TAG(*last) != JS_VALUE_GET_TAG(func)) return NULL;
  if (JS_VALUE_HAS_REF_COUNT(func) &&
      JS_VALUE_GET_PTR(*last) != JS_VALUE_GET_PTR(func))
    return NULL;
  return b;
}

static JSValue throw_type_error(JSContext *ctx, DynBuf *b, const char *plain)
{
  if (dbuf_error(b))
    JS_ThrowTypeError(ctx, "%s", plain);
  else
    tenon_p_throw_error(ctx, TENON_P_TYPE_ERROR, (char *)b->buf, b->size);
  dbuf_free(b);
  return JS_EXCEPTION;
}

/* Forward declared, with a comment, by an edit. */
static JSValue hint_not_a_function(JSContext *ctx, JSValueConst func,
                                   JSValueConst *argv)
{
  JSFunctionBytecode *caller = caller_of(ctx, func, argv);
  struct callee c;
  int op = OP_invalid;
  DynBuf b;

  js_dbuf_init(ctx, &b);
  if (caller) {
    const uint8_t *pc = ctx->rt->current_stack_frame->cur_pc;
    op = find_callee(ctx, caller, (uint32_t)(pc - caller->byte_code_buf), &c);
    /* A field is called as a method, and nothing else is. */
    if (is_method_call(op)
            ? c.count + c.is_this + c.is_inner > 1
            : is_plain_call(op) && c.count == 1 && !c.is_this && !c.is_inner) {
      put_callee(ctx, &b, &c);
      dbuf_putstr(&b, " is ");
    }
  }
  dbuf_putstr(&b, "not a function");
  if (JS_IsPromise(func))
    dbuf_putstr(&b, "; it is a Promise: is an await missing?");
  else if (is_method_call(op) && JS_IsUndefined(func) && JS_IsPromise(argv[-2]))
    dbuf_putstr(&b, "; the object is a Promise: is an await missing?");
  return throw_type_error(ctx, &b, "not a function");
}

static JSValue hint_not_iterable(JSContext *ctx, JSValueConst v)
{
  return JS_ThrowTypeError(
      ctx, "value is not iterable%s",
      JS_IsPromise(v) ? "; it is a Promise: is an await missing?" : "");
}
