/*
 * A line that would be too long has each parameter, or each value of an enum,
 * on a line of its own. Order is that of names, so that it does not depend on
 * how a module was linked.
 */
#include "bind/declare.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "bind/declare-parts.h"
#include "bind/table.h"

typedef tenon_p_declarer declarer;

/* --- Names ------------------------------------------------------------------------- */

/* A class is a type, too, and keys of classes are those of Symbol. */
bool tenon_p_declare_has_own_name(const tenon_p_declarer *d,
                                  const tenon_p_export *x)
{
  if (!tenon_p_is_identifier(x->name)) return false;
  if (d->module->class_count && !strcmp(x->name, "Symbol")) return false;
  return x->kind == TENON_ITEM_CLASS ? !tenon_p_is_type_reserved(x->name)
                                     : !tenon_p_is_reserved(x->name);
}

static const char *choose(declarer *d, const char *wanted, const char *suffix)
{
  char *id = tenon_p_identifier_of(wanted);
  const char *name = NULL;

  if (id && tenon_p_is_reserved(id)) suffix = "_";
  if (id) name = tenon_p_scope_choose(&d->scope, &d->shapes.scope, id, suffix);
  if (!name) d->out->failed = true;
  free(id);
  return name;
}

static void name_class(declarer *d, uint32_t i)
{
  const tenon_p_module *m = d->module;
  uint32_t k = 0;

  if (!d->names[i])
    d->names[i] =
        choose(d, m->exports[i].name,
               tenon_p_is_type_reserved(m->exports[i].name) ? "_" : "");
  if (!d->names[i] || !tenon_p_scope_add(&d->shapes.scope, d->names[i])) {
    d->out->failed = true;
    return;
  }
  while (strcmp(m->classes[k].item->name, m->exports[i].name) != 0)
    k++;
  d->classes[k] = (tenon_p_class_name){m->classes[k].class, d->names[i]};
}

/* Names that can stay do, before others are made up; those of classes stand
 * before types get theirs. */
static void choose_class_names(declarer *d)
{
  const tenon_p_module *m = d->module;
  uint32_t i;

  for (i = 0; i < m->count && !d->out->failed; i++) {
    if (!tenon_p_declare_has_own_name(d, &m->exports[i])) continue;
    if (!tenon_p_scope_add(&d->scope, m->exports[i].name))
      d->out->failed = true;
    else
      d->names[i] = d->scope.names[d->scope.count - 1];
  }
  for (i = 0; i < m->count && !d->out->failed; i++)
    if (m->exports[i].kind == TENON_ITEM_CLASS) name_class(d, i);
}

/* A value and a type of one name are two things, but what is exported under
 * another name must be one. */
static void choose_names(declarer *d)
{
  const tenon_p_module *m = d->module;
  uint32_t i;

  for (i = 0; i < m->count && !d->out->failed; i++)
    if (!d->names[i])
      d->names[i] = choose(d, m->exports[i].name,
                           strcmp(m->exports[i].name, "Symbol") ? "" : "_");
  if (tenon_p_module_default(m) == TENON_P_DEFAULT_OBJECT && !d->out->failed)
    d->defaults = choose(d, "defaults", "");
}

void tenon_p_declare_export_as(tenon_p_declarer *d, const char *name,
                               const char *as)
{
  tenon_p_text *t = &d->exported;

  if (t->len) tenon_p_text_puts(t, ",");
  tenon_p_text_printf(t, "%s  %s as ", d->line, name);
  tenon_p_put_property(t, as);
}

/* `export function`; what has another name here is exported at the end. */
static void put_keyword(declarer *d, uint32_t i, const char *keyword)
{
  bool is_exported = tenon_p_declare_has_own_name(d, &d->module->exports[i]);

  tenon_p_text_printf(d->out, "%s%s%s ", d->indent,
                      is_exported ? "export "
                      : d->name   ? ""
                                  : "declare ",
                      keyword);
  if (!is_exported)
    tenon_p_declare_export_as(d, d->names[i], d->module->exports[i].name);
}

/* --- Documentation ----------------------------------------------------------------- */

static void append_text(tenon_p_text *doc, const char *text)
{
  if (text) tenon_p_doc_append(doc, text, strlen(text));
}

/* A default is source of C. */
static const char *default_of(const tenon_field *f)
{
  const char *text = f->flags & TENON_FIELD_DEFAULT ? f->default_text : NULL;

  /* What <stdbool.h> has made of them. */
  if (!text || f->type->kind != TENON_KIND_BOOL) return text;
  return strcmp(text, "0") == 0   ? "false"
         : strcmp(text, "1") == 0 ? "true"
                                  : text;
}

/* Source as code of Markdown. */
static void put_code(tenon_p_text *out, const char *text)
{
  const char *mark = strchr(text, '`') ? "``" : "`";

  tenon_p_text_printf(out, "%s%s%s", mark, text, mark);
}

void tenon_p_declare_function_doc(tenon_p_declarer *d, const char *name,
                                  const tenon_function *f, const char *word,
                                  const tenon_p_scope *names,
                                  const char *indent)
{
  const char *text = tenon_p_docs_find(&d->docs, name, NULL);
  tenon_p_text doc = TENON_P_TEXT_INIT, note = TENON_P_TEXT_INIT;
  uint32_t i, k = 0;

  if (!text) text = f->doc;
  append_text(&doc, text);
  if (!text) tenon_p_docs_append_source(&d->docs, &doc, f->file, f->line, word);
  for (i = 0; i < f->param_count; i++) {
    const tenon_field *p = &f->params[i];
    if (p->flags & TENON_FIELD_THIS) continue;
    tenon_p_text_clear(&note);
    if (default_of(p)) {
      tenon_p_text_puts(&note, "(default: ");
      put_code(&note, default_of(p));
      tenon_p_text_puts(&note, ")");
    }
    text = tenon_p_docs_find(&d->docs, name, p->name);
    if (text) tenon_p_text_printf(&note, note.len ? " %s" : "%s", text);
    if (note.failed) doc.failed = true;
    if (note.len && k < names->count)
      tenon_p_doc_add_param(&doc, names->names[k], note.data);
    k++;
  }
  tenon_p_doc_put(&doc, d->out, indent);
  tenon_p_text_release(&doc);
  tenon_p_text_release(&note);
}

void tenon_p_declare_value_doc(tenon_p_declarer *d, const char *name,
                               const char *doc, const char *file, uint32_t line,
                               const char *word, const char *indent)
{
  const char *text = tenon_p_docs_find(&d->docs, name, NULL);
  tenon_p_text t = TENON_P_TEXT_INIT;

  if (!text) text = doc;
  append_text(&t, text);
  if (!text) tenon_p_docs_append_source(&d->docs, &t, file, line, word);
  tenon_p_doc_put(&t, d->out, indent);
  tenon_p_text_release(&t);
}

static void document_value(declarer *d, const tenon_p_export *x,
                           const char *indent)
{
  const tenon_function *f = x->function;

  tenon_p_declare_value_doc(d, x->name, f->doc, f->file, f->line, f->name,
                            indent);
}

/* Values of an enum have no place of their own in a union: a list has them. */
static void document_shape(declarer *d, const tenon_type *type)
{
  const char *name = type->name ? type->name : "", *text;
  tenon_p_text doc = TENON_P_TEXT_INIT, item = TENON_P_TEXT_INIT;
  uint32_t i;

  text = tenon_p_docs_find(&d->docs, name, NULL);
  append_text(&doc, text);
  if (!text) tenon_p_docs_append_type_source(&d->docs, &doc, name);
  for (i = 0; i < type->field_count; i++) {
    if (type->kind != TENON_KIND_ENUM && type->kind != TENON_KIND_FLAGS) break;
    text = tenon_p_docs_find(&d->docs, name, type->fields[i].name);
    if (!text) continue;
    tenon_p_text_clear(&item);
    tenon_p_text_puts(&item, "- ");
    tenon_p_put_string(&item, type->fields[i].name);
    tenon_p_text_printf(&item, ": %s", text);
    if (doc.len && !strstr(doc.data, "\n- '")) tenon_p_text_puts(&doc, "\n");
    if (item.failed)
      doc.failed = true;
    else
      append_text(&doc, item.data);
  }
  tenon_p_doc_put(&doc, d->out, d->indent);
  tenon_p_text_release(&doc);
  tenon_p_text_release(&item);
}

static void document_member(declarer *d, const tenon_type *type,
                            const tenon_field *f, int direction,
                            const char *indent)
{
  tenon_p_text doc = TENON_P_TEXT_INIT, value = TENON_P_TEXT_INIT;

  append_text(
      &doc, tenon_p_docs_find(&d->docs, type->name ? type->name : "", f->name));
  if (direction == TENON_P_IN && default_of(f)) {
    put_code(&value, default_of(f));
    if (value.failed)
      doc.failed = true;
    else
      tenon_p_doc_add_tag(&doc, "@default", value.data);
  }
  tenon_p_doc_put(&doc, d->out, indent);
  tenon_p_text_release(&doc);
  tenon_p_text_release(&value);
}

/* --- Declarations ------------------------------------------------------------------- */

static void put_interface(declarer *d, const tenon_p_shape *shape,
                          int direction)
{
  const tenon_type *type = shape->type;
  tenon_p_text inner = TENON_P_TEXT_INIT;
  uint32_t i;

  tenon_p_text_printf(&inner, "%s  ", d->indent);
  if (inner.failed) d->out->failed = true;
  tenon_p_text_printf(d->out, "%sexport interface %s {\n", d->indent,
                      shape->name[direction]);
  for (i = 0; !inner.failed && i < type->field_count; i++) {
    document_member(d, type, &type->fields[i], direction, inner.data);
    tenon_p_text_puts(d->out, inner.data);
    tenon_p_put_member(&d->shapes, d->out, &type->fields[i], direction);
    tenon_p_text_puts(d->out, ";\n");
  }
  tenon_p_text_printf(d->out, "%s}\n\n", d->indent);
  tenon_p_text_release(&inner);
}

static void put_alias(declarer *d, const tenon_p_shape *shape, int direction)
{
  bool is_list = shape->type->kind == TENON_KIND_ENUM ||
                 shape->type->kind == TENON_KIND_FLAGS;
  size_t begin = d->out->len, content;

  tenon_p_text_printf(d->out, "%sexport type %s = ", d->indent,
                      shape->name[direction]);
  content = d->out->len;
  tenon_p_put_shape(&d->shapes, d->out, shape, direction, NULL);
  if (!d->out->failed && d->out->len - begin >= TENON_P_MOST_COLUMNS) {
    /* Each value has a line, behind that of the name. */
    d->out->len = is_list ? content - 1 : content;
    tenon_p_put_shape(&d->shapes, d->out, shape, direction, d->line);
  }
  tenon_p_text_puts(d->out, ";\n\n");
}

static void put_types(declarer *d)
{
  tenon_p_shapes *s = &d->shapes;
  int direction;
  uint32_t i;

  if (s->numbers)
    tenon_p_text_printf(
        d->out,
        "%stype %s = Int8Array | Uint8Array | Uint8ClampedArray | Int16Array\n"
        "%s  | Uint16Array | Int32Array | Uint32Array | Float32Array\n"
        "%s  | Float64Array;\n\n",
        d->indent, s->numbers, d->indent, d->indent);
  if (s->bigints)
    tenon_p_text_printf(d->out,
                        "%stype %s = BigInt64Array | BigUint64Array;\n\n",
                        d->indent, s->bigints);
  if (s->options)
    tenon_p_text_printf(
        d->out,
        "%sinterface %s {\n"
        "%s  /** An AbortSignal. */\n"
        "%s  signal?: { readonly aborted: boolean; readonly reason: any };\n"
        "%s  /** In milliseconds. */\n"
        "%s  timeout?: number;\n"
        "%s  onFull?: 'error' | 'wait';\n"
        "%s}\n\n",
        d->indent, s->options, d->indent, d->indent, d->indent, d->indent,
        d->indent, d->indent);
  for (i = 0; i < s->count; i++) {
    for (direction = TENON_P_OUT; direction >= TENON_P_IN; direction--) {
      if (!tenon_p_shape_is_declared(s, i, direction)) continue;
      document_shape(d, s->list[i].type);
      if (tenon_p_shape_is_interface(&s->list[i]))
        put_interface(d, &s->list[i], direction);
      else
        put_alias(d, &s->list[i], direction);
    }
  }
}

void tenon_p_declare_call(tenon_p_declarer *d, const tenon_p_put_call *call,
                          size_t begin, const char *line)
{
  tenon_p_put_call in_lines = *call;
  size_t content = d->out->len;

  tenon_p_put_signature(&d->shapes, d->out, call);
  if (d->out->failed || d->out->len - begin < TENON_P_MOST_COLUMNS ||
      !(call->count || call->is_promise))
    return;
  d->out->len = content;
  in_lines.line = line;
  tenon_p_put_signature(&d->shapes, d->out, &in_lines);
}

static void put_signature(declarer *d, const tenon_function *f, bool is_promise,
                          size_t begin, const char *line)
{
  tenon_p_put_call call = {.params = f->params,
                           .result = &f->result,
                           .count = f->param_count,
                           .direction = TENON_P_IN,
                           .is_promise = is_promise};

  tenon_p_declare_call(d, &call, begin, line);
}

/* As the binding gives it one. */
bool tenon_p_declare_has_twin(const tenon_p_declarer *d,
                              const tenon_function *f)
{
  return f->flags == 0 &&
         tenon_p_threads_of(d->module->descriptor) != TENON_THREADS_none &&
         !tenon_p_is_bound_to_loop(f);
}

void tenon_p_declare_collect_options(tenon_p_declarer *d,
                                     const tenon_function *f)
{
  if (f->flags || tenon_p_declare_has_twin(d, f))
    d->shapes.needs_options = true;
}

static void put_with_options(declarer *d, const char *of, const char *indent)
{
  tenon_p_text_printf(d->out,
                      "%sfunction withOptions(options: %s): typeof %s;\n",
                      indent, d->shapes.options, of);
}

static void put_namespace(declarer *d, uint32_t i)
{
  tenon_p_text_printf(d->out, "%s%snamespace %s {\n", d->indent,
                      tenon_p_declare_has_own_name(d, &d->module->exports[i])
                          ? "export "
                      : d->name ? ""
                                : "declare ",
                      d->names[i]);
}

static void put_function(declarer *d, uint32_t i)
{
  const tenon_p_export *x = &d->module->exports[i];
  const tenon_function *f = x->function;
  tenon_p_text inner = TENON_P_TEXT_INIT, unused = TENON_P_TEXT_INIT;
  tenon_p_scope names = {0};
  tenon_p_put_call call = {.params = f->params,
                           .result = &f->result,
                           .count = f->param_count,
                           .names = &names};
  size_t begin;

  /* For the names of the parameters. */
  tenon_p_put_signature(&d->shapes, &unused, &call);
  if (unused.failed) d->out->failed = true;
  tenon_p_declare_function_doc(d, x->name, f, f->name, &names, d->indent);
  begin = d->out->len;
  put_keyword(d, i, "function");
  tenon_p_text_puts(d->out, d->names[i]);
  put_signature(d, f, f->flags != 0, begin, d->line);
  tenon_p_text_puts(d->out, ";\n");
  if (tenon_p_declare_has_twin(d, f)) {
    tenon_p_text_printf(&inner, "%s  ", d->line);
    if (inner.failed) d->out->failed = true;
    put_namespace(d, i);
    begin = d->out->len;
    tenon_p_text_printf(d->out, "%s  function async", d->indent);
    put_signature(d, f, true, begin, inner.data);
    tenon_p_text_printf(d->out, ";\n%s  namespace async {\n", d->indent);
    if (!inner.failed) {
      tenon_p_text_puts(&inner, "  ");
      put_with_options(d, "async", inner.failed ? "" : inner.data + 1);
    }
    tenon_p_text_printf(d->out, "%s  }\n%s}\n", d->indent, d->indent);
  } else if (f->flags) {
    put_namespace(d, i);
    tenon_p_text_printf(&inner, "%s  ", d->line);
    if (!inner.failed) put_with_options(d, d->names[i], inner.data + 1);
    tenon_p_text_printf(d->out, "%s}\n", d->indent);
    if (inner.failed) d->out->failed = true;
  }
  tenon_p_text_puts(d->out, "\n");
  tenon_p_scope_release(&names);
  tenon_p_text_release(&inner);
  tenon_p_text_release(&unused);
}

static void put_constant(declarer *d, uint32_t i)
{
  const tenon_p_export *x = &d->module->exports[i];

  document_value(d, x, d->indent);
  put_keyword(d, i, "const");
  tenon_p_text_printf(d->out, "%s: ", d->names[i]);
  tenon_p_put_field_type(&d->shapes, d->out, &x->function->result, TENON_P_OUT);
  tenon_p_text_puts(d->out, ";\n\n");
}

static void put_defaults(declarer *d)
{
  const tenon_p_module *m = d->module;
  tenon_p_text inner = TENON_P_TEXT_INIT;
  uint32_t i;

  tenon_p_text_printf(&inner, "%s  ", d->indent);
  if (inner.failed) d->out->failed = true;
  tenon_p_text_printf(d->out, "%s%sconst %s: {\n", d->indent,
                      d->name ? "" : "declare ", d->defaults);
  for (i = 0; !inner.failed && i < m->count; i++) {
    const tenon_p_export *x = &m->exports[i];
    if (x->kind == TENON_ITEM_GETTER) document_value(d, x, inner.data);
    tenon_p_text_printf(d->out, "%s%s", inner.data,
                        x->kind && x->kind != TENON_ITEM_CLASS ? "readonly "
                                                               : "");
    tenon_p_put_property(d->out, x->name);
    tenon_p_text_puts(d->out, ": ");
    if (x->kind == TENON_ITEM_GETTER)
      tenon_p_put_field_type(&d->shapes, d->out, &x->function->result,
                             TENON_P_OUT);
    else
      tenon_p_text_printf(d->out, "typeof %s", d->names[i]);
    tenon_p_text_puts(d->out, ";\n");
  }
  tenon_p_text_printf(d->out, "%s};\n\n", d->indent);
  tenon_p_text_release(&inner);
  tenon_p_declare_export_as(d, d->defaults, "default");
}

/* Without an `export` of this kind helpers would be exported too. */
static void put_exports(declarer *d)
{
  const tenon_p_module *m = d->module;

  if (tenon_p_module_default(m) == TENON_P_DEFAULT_EXPORT)
    tenon_p_declare_export_as(d, d->names[m->default_export - m->exports],
                              "default");
  if (d->exported.failed) d->out->failed = true;
  tenon_p_text_printf(d->out, "%sexport {", d->indent);
  if (d->exported.len)
    tenon_p_text_printf(d->out, "%s%s", d->exported.data, d->line);
  tenon_p_text_puts(d->out, "};\n");
}

/* --- Modules ----------------------------------------------------------------------- */

/* A file's comment has a statement of its own behind it, or it would be that of
 * the first declaration. */
static void put_head(declarer *d)
{
  const char *text = tenon_p_docs_find(&d->docs, "", NULL);
  const char *name = d->name;
  tenon_p_text doc = TENON_P_TEXT_INIT;

  append_text(&doc, text);
  if (text && !name) tenon_p_text_puts(&doc, "\n@module\n");
  tenon_p_doc_put(&doc, d->out, "");
  tenon_p_text_release(&doc);
  if (text && !name) tenon_p_text_puts(d->out, "export {};\n\n");
  if (!name) return;
  tenon_p_text_puts(d->out, "declare module ");
  tenon_p_put_string(d->out, name);
  tenon_p_text_puts(d->out, " {\n");
}

/* The library that has them is not on everywhere; the same is there once. */
static void put_dispose(declarer *d)
{
  tenon_p_text_printf(d->out,
                      "%s%sglobal {\n"
                      "%s  interface SymbolConstructor {\n"
                      "%s    readonly dispose: unique symbol;\n"
                      "%s    readonly asyncDispose: unique symbol;\n"
                      "%s  }\n"
                      "%s}\n\n",
                      d->indent, d->name ? "" : "declare ", d->indent,
                      d->indent, d->indent, d->indent, d->indent);
}

static void put_all(declarer *d)
{
  const tenon_p_module *m = d->module;
  uint32_t i;

  put_head(d);
  if (tenon_p_declare_needs_dispose(d)) put_dispose(d);
  put_types(d);
  for (i = 0; i < m->count && !d->out->failed; i++) {
    if (m->exports[i].kind == 0) put_function(d, i);
    if (m->exports[i].kind == TENON_ITEM_CONSTANT) put_constant(d, i);
    if (m->exports[i].kind == TENON_ITEM_CLASS) tenon_p_declare_class(d, i);
  }
  if (d->defaults && !d->out->failed) put_defaults(d);
  if (!d->out->failed) put_exports(d);
  if (d->name) tenon_p_text_puts(d->out, "}\n");
}

static void collect(declarer *d)
{
  const tenon_p_module *m = d->module;
  uint32_t i;

  for (i = 0; i < m->count; i++) {
    const tenon_function *f = m->exports[i].function;
    if (!f) continue;
    tenon_p_shapes_add(&d->shapes, f);
    if (m->exports[i].kind == 0) tenon_p_declare_collect_options(d, f);
    if (!tenon_p_docs_load(&d->docs, f->file)) d->out->failed = true;
  }
  for (i = 0; i < m->class_count; i++)
    tenon_p_declare_collect_class(d, &m->classes[i]);
}

void tenon_p_declare(const tenon_p_module *m, const char *name,
                     const char *source_dir, tenon_p_text *out)
{
  declarer d = {.module = m,
                .name = name,
                .out = out,
                .indent = name ? "  " : "",
                .line = name ? "\n  " : "\n",
                .docs = {.module = m->descriptor, .source_dir = source_dir}};

  d.names = tenon_p_calloc((m->count + 1) * sizeof *d.names);
  d.classes = tenon_p_calloc((m->class_count + 1) * sizeof *d.classes);
  if (!d.names || !d.classes) out->failed = true;
  d.shapes.classes = d.classes;
  d.shapes.class_count = m->class_count;
  if (!out->failed) choose_class_names(&d);
  if (!out->failed) collect(&d);
  if (!d.shapes.failed) tenon_p_shapes_name(&d.shapes);
  if (d.shapes.failed) out->failed = true;
  if (!out->failed) choose_names(&d);
  if (!out->failed) put_all(&d);
  free(d.names);
  free(d.classes);
  tenon_p_text_release(&d.exported);
  tenon_p_scope_release(&d.scope);
  tenon_p_docs_release(&d.docs);
  tenon_p_shapes_release(&d.shapes);
}
