/*
 * What CommonJS needs of the engine: a source that is the body of a function,
 * and modules that are evaluated at once.
 */

/* --- Bodies ----------------------------------------------------------------- */

/* The declarations and statements up to the end of the source, and a return. As
 * those of a function between braces, which js_parse_function_decl2 parses. */
static __exception int parse_body(JSParseState *s)
{
  JSFunctionDef *fd = s->cur_func;
  BlockEnv using_be;
  bool has_using = false;
  int on_throw, end;

  if (next_token(s) || js_parse_directives(s) ||
      js_parse_function_check_names(s, fd, JS_ATOM_NULL))
    return -1;
  while (s->token.val != TOK_EOF) {
    if (js_parse_source_element(s)) return -1;
    if (has_using || !fd->scopes[fd->body_scope].has_using) continue;
    has_using = true;
    push_break_entry(fd, &using_be, JS_ATOM_NULL, -1, -1, 1);
    using_be.has_using = true;
    using_be.using_scope_level = fd->body_scope;
  }
  if (!has_using) {
    if (js_is_live_code(s)) emit_return(s, false);
    return 0;
  }
  on_throw = fd->scopes[fd->body_scope].using_label_catch;
  end = fd->scopes[fd->body_scope].using_label_end;
  pop_break_entry(fd);
  if (js_is_live_code(s)) {
    emit_op(s, OP_drop);
    emit_op(s, OP_using_dispose_init);
    emit_op(s, OP_dispose_scope);
    emit_u16(s, fd->body_scope);
    emit_op(s, OP_using_dispose_end);
    emit_return(s, false);
  }
  emit_label(s, on_throw);
  emit_op(s, OP_dispose_scope);
  emit_u16(s, fd->body_scope);
  emit_op(s, OP_throw);
  emit_label(s, end);
  return 0;
}

static int add_params(JSContext *ctx, JSFunctionDef *fd,
                      const char *const *params)
{
  for (; *params; params++) {
    JSAtom name = JS_NewAtom(ctx, *params);
    int r = name == JS_ATOM_NULL ? -1 : add_arg(ctx, fd, name);
    JS_FreeAtom(ctx, name);
    if (r < 0) return -1;
    fd->defined_arg_count++;
  }
  return 0;
}

JSValue tenon_p_compile_body(JSContext *ctx, const char *src, size_t len,
                             const char *name, const char *const *params)
{
  JSParseState state, *s = &state;
  JSFunctionDef *fd;
  JSValue code;

  js_parse_init(ctx, s, src, len, name, 1);
  skip_shebang(&s->buf_ptr, s->buf_end);
  fd = js_new_function_def(ctx, NULL, false, false, name, 1, 1);
  if (!fd) return JS_EXCEPTION;
  s->cur_func = fd;
  s->allow_html_comments = true;
  fd->eval_type = JS_EVAL_TYPE_GLOBAL;
  fd->func_kind = JS_FUNC_NORMAL;
  fd->func_type = JS_PARSE_FUNC_EXPR;
  fd->has_arguments_binding = true;
  fd->has_this_binding = true;
  fd->new_target_allowed = true;
  fd->arguments_allowed = true;
  fd->has_simple_parameter_list = true;
  if (add_params(ctx, fd, params)) goto fail;
  fd->in_function_body = true;
  if (push_scope(s) < 0) goto fail;
  fd->body_scope = fd->scope_level;
  if (parse_body(s)) goto fail;
  code = js_create_function(ctx, fd);
  return JS_IsException(code) ? code : js_closure(ctx, code, NULL, NULL);
fail:
  free_token(s, &s->token);
  js_free_function_def(ctx, fd);
  return JS_EXCEPTION;
}

/* --- Stacks ----------------------------------------------------------------- */

/* The file name that tools/embed has given it. */
static bool is_loader_code(JSRuntime *rt, const JSStackFrame *sf)
{
  static const char name[] = "tenon:commonjs";
  const JSAtomStruct *text;
  const JSObject *p;
  JSAtom file;

  if (!JS_IsObject(sf->cur_func)) return false;
  p = JS_VALUE_GET_OBJ(sf->cur_func);
  if (!js_class_has_bytecode(p->class_id)) return false;
  file = p->u.func.function_bytecode->filename;
  if (file == JS_ATOM_NULL || __JS_AtomIsTaggedInt(file)) return false;
  text = rt->atom_array[file];
  return !text->is_wide_char && text->len == sizeof name - 1 &&
         memcmp(str8((JSString *)text), name, sizeof name - 1) == 0;
}

static bool is_loader_frame(JSRuntime *rt, const JSStackFrame *sf)
{
  if (is_loader_code(rt, sf)) return true;
  return sf->prev_frame && JS_IsObject(sf->cur_func) &&
         !js_class_has_bytecode(JS_VALUE_GET_OBJ(sf->cur_func)->class_id) &&
         is_loader_code(rt, sf->prev_frame);
}

/* --- Modules ---------------------------------------------------------------- */

/* All modules of a graph, each once; `found` is js_free'd by the caller. */
typedef struct module_graph {
  JSModuleDef **found;
  int count, capacity;
} module_graph;

static int graph_add(JSContext *ctx, module_graph *g, JSModuleDef *m)
{
  if (!m || m->graph_mark == ctx->rt->graph_mark ||
      (m->is_graph_sync && m->status == JS_MODULE_STATUS_EVALUATED))
    return 0;
  if (js_resize_array(ctx, (void **)&g->found, sizeof *g->found, &g->capacity,
                      g->count + 1))
    return -1;
  g->found[g->count++] = m;
  m->graph_mark = ctx->rt->graph_mark;
  return 0;
}

/* What one module says of the graph. */
static enum tenon_p_at_once module_state(const JSModuleDef *m)
{
  if (m->status == JS_MODULE_STATUS_EVALUATING ||
      m->status == JS_MODULE_STATUS_LINKING)
    return TENON_P_AT_ONCE_CYCLE;
  return m->has_tla ? TENON_P_AT_ONCE_ASYNC : TENON_P_AT_ONCE_DONE;
}

/* Can the graph be evaluated at once? What was, and has no await in it, is not
 * looked at again: a graph of which each module is required by itself costs its
 * size. */
static enum tenon_p_at_once graph_state(JSContext *ctx, JSModuleDef *m)
{
  module_graph g = {NULL, 0, 0};
  enum tenon_p_at_once r = TENON_P_AT_ONCE_DONE, state;
  int at, i;

  ctx->rt->graph_mark++;
  if (graph_add(ctx, &g, m)) r = TENON_P_AT_ONCE_THROWN;
  for (at = 0; r != TENON_P_AT_ONCE_THROWN && at < g.count; at++) {
    m = g.found[at];
    state = module_state(m);
    if (state == TENON_P_AT_ONCE_CYCLE || r == TENON_P_AT_ONCE_DONE) r = state;
    for (i = 0; i < m->req_module_entries_count; i++) {
      /* It is just being resolved: a script has come in between. */
      if (!m->req_module_entries[i].module) r = TENON_P_AT_ONCE_CYCLE;
      if (graph_add(ctx, &g, m->req_module_entries[i].module))
        r = TENON_P_AT_ONCE_THROWN;
    }
  }
  for (at = 0; r == TENON_P_AT_ONCE_DONE && at < g.count; at++)
    g.found[at]->is_graph_sync = true;
  js_free(ctx, g.found);
  return r;
}

enum tenon_p_at_once tenon_p_module_at_once(JSContext *ctx, JSModuleDef *m,
                                            JSValue *namespace)
{
  enum tenon_p_at_once r;
  JSValue promise;

  *namespace = JS_UNDEFINED;
  if (js_resolve_module(ctx, m) < 0) {
    js_module_not_resolved(ctx, NULL);
    return TENON_P_AT_ONCE_THROWN;
  }
  r = graph_state(ctx, m);
  if (r) return r;
  promise = JS_EvalFunction(ctx, JS_NewModuleValue(ctx, m));
  if (JS_IsException(promise)) return TENON_P_AT_ONCE_THROWN;
  switch (JS_PromiseState(ctx, promise)) {
  case JS_PROMISE_REJECTED:
    JS_PromiseMarkAsHandled(ctx, promise);
    JS_Throw(ctx, JS_PromiseResult(ctx, promise));
    r = TENON_P_AT_ONCE_THROWN;
    break;
  case JS_PROMISE_FULFILLED:
    *namespace = JS_GetModuleNamespace(ctx, m);
    if (JS_IsException(*namespace)) r = TENON_P_AT_ONCE_THROWN;
    break;
  default: r = TENON_P_AT_ONCE_ASYNC;
  }
  JS_FreeValue(ctx, promise);
  return r;
}

int tenon_p_module_add_export(JSContext *ctx, JSModuleDef *m, const char *name)
{
  JSAtom atom = JS_NewAtom(ctx, name);
  JSExportEntry *me;

  if (atom == JS_ATOM_NULL) return -1;
  if (js_resize_array(ctx, (void **)&m->export_entries, sizeof(JSExportEntry),
                      &m->export_entries_size, m->export_entries_count + 1)) {
    JS_FreeAtom(ctx, atom);
    return -1;
  }
  me = &m->export_entries[m->export_entries_count++];
  memset(me, 0, sizeof *me);
  me->local_name = JS_ATOM_NULL;
  me->export_name = atom;
  me->export_type = JS_EXPORT_TYPE_LOCAL;
  return 0;
}

bool tenon_p_module_is_native(const JSModuleDef *m)
{
  return m->init_func != NULL;
}

JSAtom tenon_p_module_export_at(const JSModuleDef *m, int i)
{
  return i < m->export_entries_count ? m->export_entries[i].export_name
                                     : JS_ATOM_NULL;
}

void tenon_p_module_set_export_at(JSContext *ctx, JSModuleDef *m, int i,
                                  JSValue v)
{
  set_value(ctx, m->export_entries[i].u.local.var_ref->pvalue, v);
}

static int init_marked(JSContext *ctx, JSModuleDef *m)
{
  return JS_SetModuleExport(ctx, m, "__esModule", JS_TRUE);
}

/* The requests of a module are by index, so this comes first. */
static int export_again(JSContext *ctx, JSModuleDef *f, JSModuleDef *m)
{
  JSExportEntry *me;

  if (add_req_module_entry(ctx, f, m->module_name, JS_UNDEFINED) < 0) return -1;
  f->req_module_entries[0].module = m;
  f->resolved = true;
  if (add_star_export_entry(ctx, f, 0) < 0) return -1;
  me = add_export_entry2(ctx, NULL, f, JS_ATOM_default, JS_ATOM_default,
                         JS_EXPORT_TYPE_INDIRECT);
  if (!me) return -1;
  me->u.req_module_idx = 0;
  return JS_AddModuleExport(ctx, f, "__esModule");
}

JSValue tenon_p_module_marked(JSContext *ctx, JSModuleDef *m)
{
  JSModuleDef *f = JS_NewCModule(ctx, "", init_marked);
  enum tenon_p_at_once r;
  JSValue namespace;

  if (!f) return JS_EXCEPTION;
  if (export_again(ctx, f, m)) {
    js_free_module_def(ctx, f);
    return JS_EXCEPTION;
  }
  r = tenon_p_module_at_once(ctx, f, &namespace);
  if (r == TENON_P_AT_ONCE_DONE) return namespace;
  if (r != TENON_P_AT_ONCE_THROWN)
    JS_ThrowTypeError(ctx, "the module is not evaluated");
  return JS_EXCEPTION;
}
