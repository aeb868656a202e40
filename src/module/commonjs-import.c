/*
 * CommonJS as ES modules see it: a module in C, whose names come from the source,
 * and whose values are taken when it is evaluated, which runs the file unless it
 * has run.
 *
 * Names are those of the file and of what it exports again, by node's rules: a
 * file in the midst of being looked at has those found so far. They are kept, so
 * that files which many re-export are looked at once.
 */
#include <stdlib.h>
#include <string.h>
#include <tenon/error.h>
#include <uv.h>

#include "base/alloc.h"
#include "base/path.h"
#include "module/commonjs.h"
#include "module/lexer.h"

/* --- Names ------------------------------------------------------------------ */

/* A file that is being looked at: no stack of C, since files can chain as long as
 * they like. */
typedef struct look {
  tenon_p_lexed lexed;
  size_t next;            /* of its re-exports */
  tenon_p_nameset *names; /* of the state */
  char *path, *dir;
} look;

typedef struct search {
  JSContext *ctx;
  tenon_p_commonjs *state;
  look *looks;
  size_t count, capacity;
} search;

static int no_memory(JSContext *ctx)
{
  JS_ThrowOutOfMemory(ctx);
  return -1;
}

static void pop(search *s)
{
  look *l = &s->looks[--s->count];

  tenon_p_lexed_release(&l->lexed);
  free(l->path);
  free(l->dir);
}

static int add_names(tenon_p_nameset *to, const tenon_p_nameset *from)
{
  size_t i;

  for (i = 0; i < from->count; i++) {
    const tenon_p_nameset_entry *e = &from->all[i];
    if (e->flags == 0 &&
        !tenon_p_nameset_add(to, tenon_p_nameset_text(from, e), e->len))
      return -1;
  }
  return 0;
}

/* The names kept of a file; NULL where it was not looked at. */
static tenon_p_nameset *known(const tenon_p_commonjs *c, const char *path)
{
  const tenon_p_nameset_entry *e =
      tenon_p_nameset_find(&c->files, path, strlen(path));

  return e && e->number ? c->names[e->number - 1] : NULL;
}

/* An entry for a file, without names. */
static tenon_p_nameset *keep(tenon_p_commonjs *c, const char *path)
{
  tenon_p_nameset *names = tenon_p_calloc(sizeof *names);
  tenon_p_nameset_entry *e = NULL;

  if (names && c->count == c->capacity) {
    size_t capacity = c->capacity * 2 + 16;
    tenon_p_nameset **more = tenon_p_realloc(c->names, capacity * sizeof *more);
    if (!more) goto fail;
    c->names = more;
    c->capacity = capacity;
  }
  if (names) e = tenon_p_nameset_add(&c->files, path, strlen(path));
  if (!e) goto fail;
  c->names[c->count++] = names;
  e->number = c->count;
  return names;
fail:
  c->files.failed = false;
  free(names);
  return NULL;
}

/* Begin with a file: 0 or -1 out of memory. */
static int push(search *s, const char *path, const char *src, size_t len)
{
  look *l;

  if (s->count == s->capacity) {
    size_t capacity = s->capacity * 2 + 4;
    look *more = tenon_p_realloc(s->looks, capacity * sizeof *more);
    if (!more) return -1;
    s->looks = more;
    s->capacity = capacity;
  }
  l = &s->looks[s->count];
  *l = (look){.path = tenon_p_strndup(path, strlen(path)),
              .dir = tenon_p_path_dirname(path)};
  if (!l->path || !l->dir || tenon_p_lex(src, len, &l->lexed)) {
    free(l->path);
    free(l->dir);
    return -1;
  }
  s->count++;
  l->names = keep(s->state, path);
  return !l->names || add_names(l->names, &l->lexed.exports) ? -1 : 0;
}

/* Drops an exception; true: it was memory that is lacking, or the end. */
static bool is_serious(JSContext *ctx)
{
  JSValue error, code;
  bool is;

  if (!JS_HasException(ctx)) return false;
  error = JS_GetException(ctx);
  code =
      JS_IsError(error) ? JS_GetPropertyStr(ctx, error, "code") : JS_UNDEFINED;
  is = !JS_IsString(code);
  JS_FreeValue(ctx, code);
  if (is && !JS_HasException(ctx))
    JS_Throw(ctx, error);
  else
    JS_FreeValue(ctx, error);
  return is;
}

/* What a file exports again is not there, or none of CommonJS: no names come of
 * it, and what is wrong with it is said when the file runs. */
static int follow(search *s, const char *path, size_t parent)
{
  tenon_p_nameset *names = known(s->state, path);
  tenon_p_source source;
  size_t len;
  char *data;
  int r;

  if (!names) {
    r = tenon_p_file_import(tenon_p_modules_of(tenon_p_engine_of(s->ctx)), path,
                            &data, &len);
    if (r == 0) r = tenon_p_source_take(data, len, &source);
    if (r == TENON_ENOMEM || r == UV_ENOMEM) return no_memory(s->ctx);
    if (r) return 0;
    r = push(s, path, source.text, source.len);
    tenon_p_source_release(&source);
    return r ? no_memory(s->ctx) : 0;
  }
  return add_names(s->looks[parent].names, names) ? no_memory(s->ctx) : 0;
}

/* The next re-export of the file on top, or the end of it. */
static int step(search *s)
{
  look *l = &s->looks[s->count - 1];
  const tenon_p_nameset *all = &l->lexed.reexports;
  const char *specifier;
  char *path;
  int r = 0;

  if (l->next == all->count) {
    tenon_p_nameset *names = l->names;
    pop(s);
    if (s->count && add_names(s->looks[s->count - 1].names, names))
      return no_memory(s->ctx);
    return 0;
  }
  specifier = tenon_p_nameset_text(all, &all->all[l->next]);
  if (strlen(specifier) != all->all[l->next++].len) return 0;
  path = tenon_p_modules_require(s->ctx, l->path, l->dir, specifier);
  if (!path) return is_serious(s->ctx) ? -1 : 0;
  if (path[0] == '/' && !tenon_p_path_has_extension(path, ".json") &&
      !tenon_p_path_has_extension(path, ".node"))
    r = follow(s, path, s->count - 1);
  js_free(s->ctx, path);
  return r;
}

/* Of a file: owned by the state; NULL with an exception. */
static tenon_p_nameset *names_of(JSContext *ctx, const char *path,
                                 const tenon_p_source *source)
{
  search s = {.ctx = ctx, .state = tenon_p_commonjs_of(ctx)};
  tenon_p_nameset *names = s.state ? known(s.state, path) : NULL;
  size_t begun, i;
  int r;

  if (names || !s.state) return names;
  begun = s.state->count;
  r = push(&s, path, source->text, source->len);
  if (r) no_memory(ctx);
  while (r == 0 && s.count)
    r = step(&s);
  while (s.count)
    pop(&s);
  free(s.looks);
  if (r == 0) return s.state->names[begun];
  /* Names that are not all of them must not be found again. */
  for (i = 0; i < s.state->files.count; i++)
    if (s.state->files.all[i].number > begun) s.state->files.all[i].number = 0;
  while (s.state->count > begun) {
    tenon_p_nameset_release(s.state->names[--s.state->count]);
    free(s.state->names[s.state->count]);
  }
  return NULL;
}

/* --- Modules ---------------------------------------------------------------- */

static bool is_lack_of_memory(JSContext *ctx, JSValueConst error)
{
  JSValue message = JS_IsError(error) ? JS_GetPropertyStr(ctx, error, "message")
                                      : JS_UNDEFINED;
  const char *text = JS_IsString(message) ? JS_ToCString(ctx, message) : NULL;
  bool is = text && strcmp(text, "out of memory") == 0;

  if (JS_HasException(ctx)) {
    JS_FreeValue(ctx, JS_GetException(ctx));
    is = true;
  }
  JS_FreeCString(ctx, text);
  JS_FreeValue(ctx, message);
  return is;
}

/* The value of a name: what throws when it is looked at is undefined, as in node;
 * an exception only where the program is to end. */
static JSValue value_of(JSContext *ctx, JSValueConst exports, JSAtom name)
{
  JSValue v = JS_UNDEFINED, error;
  int has;

  if (!JS_IsObject(exports)) return v;
  has = JS_GetOwnProperty(ctx, NULL, exports, name);
  if (has > 0) v = JS_GetProperty(ctx, exports, name);
  if (has >= 0 && !JS_IsException(v)) return v;
  error = JS_GetException(ctx);
  if (JS_IsUncatchableError(error) || is_lack_of_memory(ctx, error))
    return JS_Throw(ctx, error);
  JS_FreeValue(ctx, error);
  return JS_UNDEFINED;
}

static int init_exports(JSContext *ctx, JSModuleDef *def)
{
  JSValue module = JS_GetModulePrivateValue(ctx, def);
  JSValue exports =
      tenon_p_commonjs_call(ctx, "evaluate", 1, (JSValueConst *)&module);
  int r = JS_IsException(exports) ? -1 : 0, i;
  JSAtom name;
  JSValue v;

  for (i = 0; r == 0; i++) {
    name = tenon_p_module_export_at(def, i);
    if (name == JS_ATOM_NULL) break;
    /* The first is "default". */
    v = i ? value_of(ctx, exports, name) : JS_DupValue(ctx, exports);
    if (JS_IsException(v))
      r = -1;
    else
      tenon_p_module_set_export_at(ctx, def, i, v);
  }
  JS_FreeValue(ctx, exports);
  JS_FreeValue(ctx, module);
  return r;
}

static int declare(JSContext *ctx, JSModuleDef *def,
                   const tenon_p_nameset *names)
{
  size_t i;

  if (tenon_p_module_add_export(ctx, def, "default")) return -1;
  for (i = 0; i < names->count; i++) {
    const char *name = tenon_p_nameset_text(names, &names->all[i]);
    if (strlen(name) == names->all[i].len && strcmp(name, "default") != 0 &&
        tenon_p_module_add_export(ctx, def, name))
      return -1;
  }
  return 0;
}

/* The Module of a file. */
static JSValue prepare(JSContext *ctx, const char *path, JSValueConst body)
{
  JSValue args[2] = {JS_NewString(ctx, path), JS_UNDEFINED};
  JSValue module;

  if (JS_IsException(args[0])) return JS_EXCEPTION;
  args[1] = JS_DupValue(ctx, body);
  module = tenon_p_commonjs_call(ctx, "prepare", 2, (JSValueConst *)args);
  JS_FreeValue(ctx, args[0]);
  JS_FreeValue(ctx, args[1]);
  return module;
}

JSModuleDef *tenon_p_commonjs_import(JSContext *ctx, const char *url,
                                     const char *path, const tenon_p_source *s,
                                     JSValue body)
{
  const tenon_p_nameset *names = names_of(ctx, path, s);
  JSValue module = names ? prepare(ctx, path, body) : JS_EXCEPTION;
  JSModuleDef *def = NULL;

  JS_FreeValue(ctx, body);
  if (JS_IsException(module)) return NULL;
  def = JS_NewCModule(ctx, url, init_exports);
  if (def && declare(ctx, def, names)) {
    /* It is the realm's already, which must not find half of it. */
    tenon_p_module_drop(ctx, def);
    def = NULL;
  }
  if (def)
    JS_SetModulePrivateValue(ctx, def, module);
  else
    JS_FreeValue(ctx, module);
  return def;
}
