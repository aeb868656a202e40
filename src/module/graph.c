#include "module/graph.h"

#include <string.h>
#include <tenon/error.h>

#include "engine/realm.h"

struct tenon_p_graph {
  tenon_p_list link; /* in tenon_p_modules.graphs, while it waits */
  JSContext *ctx;    /* counted while it waits */
  JSModuleDef *root; /* NULL: comes later */
  JSValue funcs[2];  /* that settle it */
  JSModuleDef **all; /* those that are not whole */
  size_t count, capacity;
  JSModuleDef **table; /* the same by their addresses */
  size_t table_size;   /* a power of two; 0: there is none */
  size_t next;         /* of all: whose requests are looked at next */
  size_t waiting;      /* modules that come later */
  bool can_wait;
  bool is_walking; /* right now: a script can run meanwhile */
};

/* NULL with an exception. */
static tenon_p_graph *new_graph(JSContext *ctx, bool can_wait)
{
  tenon_p_modules *m = tenon_p_modules_of(tenon_p_engine_of(ctx));
  tenon_p_graph *g = js_malloc(ctx, sizeof *g);

  if (!g) return NULL;
  *g = (tenon_p_graph){.ctx = JS_DupContext(ctx),
                       .funcs = {JS_UNDEFINED, JS_UNDEFINED},
                       .can_wait = can_wait};
  tenon_p_list_init(&g->link);
  tenon_p_list_append(&m->graphs, &g->link);
  return g;
}

static void free_graph(tenon_p_graph *g)
{
  JSContext *ctx = g->ctx;

  tenon_p_list_remove(&g->link);
  js_free(ctx, g->all);
  js_free(ctx, g->table);
  JS_FreeValue(ctx, g->funcs[0]);
  JS_FreeValue(ctx, g->funcs[1]);
  js_free(ctx, g);
  JS_FreeContext(ctx);
}

/* --- The modules of a graph ----------------------------------------------- */

/* Where it is in the table, or would be. */
static JSModuleDef **place_of(const tenon_p_graph *g, const JSModuleDef *m)
{
  size_t i = ((uintptr_t)m >> 4) * 0x9e3779b9u;

  while (g->table[i & (g->table_size - 1)] &&
         g->table[i & (g->table_size - 1)] != m)
    i++;
  return &g->table[i & (g->table_size - 1)];
}

static int grow(tenon_p_graph *g)
{
  size_t capacity = g->capacity ? g->capacity * 2 : 16, i;
  JSModuleDef **all =
      js_realloc(g->ctx, g->all, capacity * sizeof(JSModuleDef *));
  JSModuleDef **table;

  if (!all) return -1;
  g->all = all;
  table = js_mallocz(g->ctx, capacity * 2 * sizeof(JSModuleDef *));
  if (!table) return -1;
  js_free(g->ctx, g->table);
  g->table = table;
  g->table_size = capacity * 2;
  g->capacity = capacity;
  for (i = 0; i < g->count; i++)
    *place_of(g, all[i]) = all[i];
  return 0;
}

/* 0, or -1 with an exception. */
static int take(tenon_p_graph *g, JSModuleDef *m)
{
  JSModuleDef **place;

  if (tenon_p_module_is_whole(m)) return 0;
  if (tenon_p_module_request_count(m) == 0) {
    tenon_p_module_set_whole(m);
    return 0;
  }
  if (g->count == g->capacity && grow(g)) return -1;
  place = place_of(g, m);
  if (*place) return 0;
  *place = m;
  g->all[g->count++] = m;
  return 0;
}

/* Of a graph that failed; the exception is kept. */
static void forget_modules(tenon_p_graph *g)
{
  tenon_p_modules *m = tenon_p_modules_of(tenon_p_engine_of(g->ctx));

  tenon_p_loadings_forget(m, g);
  if (m->graphs.next == &g->link && m->graphs.prev == &g->link)
    tenon_p_modules_forget(g->ctx, g->all, g->count);
}

/* --- Walking -------------------------------------------------------------- */

enum found { FOUND, COMES_LATER, NOT_FOUND /* with an exception */ };

/* A module that is loaded now, or comes later. */
static enum found load(tenon_p_graph *g, const char *url, JSAtom name,
                       JSValueConst attributes, const tenon_p_waiter *w,
                       JSModuleDef **def)
{
  JSContext *ctx = g->ctx;
  tenon_loading *later = NULL;
  enum tenon_p_data type;

  *def = tenon_p_module_find_with(ctx, name, attributes);
  if (*def) return FOUND;
  if (JS_HasException(ctx) || tenon_p_modules_type_of(ctx, attributes, &type))
    return NOT_FOUND;
  later = tenon_p_loading_find(ctx, url, type, attributes);
  if (JS_HasException(ctx)) return NOT_FOUND;
  if (later && !g->can_wait) {
    tenon_p_modules_throw(ctx, "ERR_REQUIRE_ASYNC_MODULE",
                          "Cannot load %s: it is being loaded, and whoever "
                          "imports it now cannot wait",
                          url);
    return NOT_FOUND;
  }
  if (!later)
    *def = tenon_p_modules_load_here(ctx, url, attributes, type,
                                     g->can_wait ? &later : NULL);
  if (later) {
    if (tenon_p_loading_await(later, w) == 0) return COMES_LATER;
    JS_ThrowOutOfMemory(ctx);
    return NOT_FOUND;
  }
  return *def ? FOUND : NOT_FOUND;
}

static enum found find(tenon_p_graph *g, const char *referrer,
                       const char *specifier, JSValueConst attributes,
                       const tenon_p_waiter *w, JSModuleDef **def)
{
  JSContext *ctx = g->ctx;
  tenon_p_modules *m = tenon_p_modules_of(tenon_p_engine_of(ctx));
  tenon_p_asking asking = {specifier, referrer, m->asking};
  char *url = tenon_p_modules_find_url(ctx, referrer, specifier);
  JSAtom name = url ? JS_NewAtom(ctx, url) : JS_ATOM_NULL;
  enum found found = NOT_FOUND;

  m->asking = &asking;
  if (name != JS_ATOM_NULL) found = load(g, url, name, attributes, w, def);
  m->asking = asking.outer;
  JS_FreeAtom(ctx, name);
  js_free(ctx, url);
  return found;
}

/* A request of a module in the graph: 0, or -1 with an exception. */
static int follow(tenon_p_graph *g, JSModuleDef *m, int i)
{
  JSContext *ctx = g->ctx;
  tenon_p_waiter w = {g, m, i};
  const char *referrer, *specifier = NULL;
  enum found found = NOT_FOUND;
  JSValueConst attributes;
  JSAtom request, name;
  JSModuleDef *def = tenon_p_module_request(m, i, &request, &attributes);

  if (def) return take(g, def);
  name = JS_GetModuleName(ctx, m);
  referrer = JS_AtomToCString(ctx, name);
  JS_FreeAtom(ctx, name);
  if (referrer) specifier = JS_AtomToCString(ctx, request);
  if (specifier) found = find(g, referrer, specifier, attributes, &w, &def);
  JS_FreeCString(ctx, referrer);
  JS_FreeCString(ctx, specifier);
  if (found == NOT_FOUND) {
    tenon_p_module_blame(ctx, m, i);
    return -1;
  }
  if (found == COMES_LATER) {
    g->waiting++;
    return 0;
  }
  /* A script that has run meanwhile may have had it answered. */
  if (!tenon_p_module_request(m, i, &request, &attributes))
    tenon_p_module_answer(m, i, def);
  return take(g, tenon_p_module_request(m, i, &request, &attributes));
}

/* As far as it is there: 0, or -1 with an exception. */
static int walk(tenon_p_graph *g)
{
  JSModuleDef *m;
  int i, count, r = 0;

  g->is_walking = true;
  while (r == 0 && g->next < g->count) {
    m = g->all[g->next++];
    count = tenon_p_module_request_count(m);
    for (i = 0; r == 0 && i < count; i++)
      r = follow(g, m, i);
  }
  g->is_walking = false;
  return r;
}

bool tenon_p_graph_has_begun(JSContext *ctx, const JSModuleDef *module)
{
  const tenon_p_modules *m = tenon_p_modules_of(tenon_p_engine_of(ctx));
  tenon_p_list *at;

  for (at = m->graphs.next; at != &m->graphs; at = at->next) {
    const tenon_p_graph *g = tenon_p_container(at, tenon_p_graph, link);
    if (g->is_walking && g->count && *place_of(g, module)) return true;
  }
  return false;
}

static int begin(tenon_p_graph *g, JSModuleDef *root)
{
  g->root = root;
  return take(g, root) || walk(g) ? -1 : 0;
}

static void complete(tenon_p_graph *g)
{
  size_t i;

  for (i = 0; i < g->count; i++)
    tenon_p_module_set_whole(g->all[i]);
}

/* --- Ending --------------------------------------------------------------- */

static void reject(JSContext *ctx, JSValueConst *funcs)
{
  JSValue error = JS_GetException(ctx);
  JSValue r = JS_Call(ctx, funcs[1], JS_UNDEFINED, 1, (JSValueConst *)&error);

  JS_FreeValue(ctx, error);
  if (JS_IsException(r)) JS_FreeValue(ctx, JS_GetException(ctx));
  JS_FreeValue(ctx, r);
}

/* Frees it; what it was to settle is the caller's. */
static void end(tenon_p_graph *g, bool is_complete)
{
  if (is_complete)
    complete(g);
  else
    forget_modules(g);
  free_graph(g);
}

/* Frees it. */
static void settle(tenon_p_graph *g, bool is_complete)
{
  JSContext *ctx = JS_DupContext(g->ctx);
  JSValue funcs[] = {g->funcs[0], g->funcs[1]};
  JSModuleDef *root = g->root;

  g->funcs[0] = g->funcs[1] = JS_UNDEFINED;
  end(g, is_complete);
  if (is_complete)
    tenon_p_module_import(ctx, root, (JSValueConst *)funcs);
  else
    reject(ctx, (JSValueConst *)funcs);
  JS_FreeValue(ctx, funcs[0]);
  JS_FreeValue(ctx, funcs[1]);
  JS_FreeContext(ctx);
}

void tenon_p_graph_go_on(const tenon_p_waiter *w, JSModuleDef *def)
{
  tenon_p_graph *g = w->graph;
  int r = def ? 0 : -1;

  g->waiting--;
  if (def && w->by)
    tenon_p_module_answer(w->by, w->request, def);
  else if (def)
    g->root = def;
  else if (w->by)
    tenon_p_module_blame(g->ctx, w->by, w->request);
  if (r == 0 && (take(g, def) || walk(g))) r = -1;
  if (r || !g->waiting) settle(g, r == 0);
}

void tenon_p_graphs_drop(tenon_p_modules *m, JSContext *ctx)
{
  tenon_p_list *at = m->graphs.next, *next;

  for (; at != &m->graphs; at = next) {
    tenon_p_graph *g = tenon_p_container(at, tenon_p_graph, link);
    next = at->next;
    if (ctx && g->ctx != ctx) continue;
    tenon_p_loadings_forget(m, g);
    free_graph(g);
  }
}

/* --- Beginning ------------------------------------------------------------ */

void tenon_p_graph_import(JSContext *ctx, const char *referrer,
                          const char *specifier, JSValueConst attributes,
                          JSValueConst *resolving_funcs)
{
  tenon_p_graph *g = new_graph(ctx, true);
  tenon_p_waiter w = {g, NULL, 0};
  enum found found;
  JSModuleDef *def;

  if (!g) {
    reject(ctx, resolving_funcs);
    return;
  }
  g->funcs[0] = JS_DupValue(ctx, resolving_funcs[0]);
  g->funcs[1] = JS_DupValue(ctx, resolving_funcs[1]);
  found = find(g, referrer, specifier, attributes, &w, &def);
  if (found == COMES_LATER) {
    g->waiting++;
    return;
  }
  if (found == FOUND && begin(g, def)) found = NOT_FOUND;
  if (found == NOT_FOUND || !g->waiting) settle(g, found == FOUND);
}

JSValue tenon_p_graph_evaluate(JSContext *ctx, JSValue module)
{
  JSModuleDef *root = JS_VALUE_GET_PTR(module);
  tenon_p_graph *g;
  JSValue promise;

  if (tenon_p_module_is_whole(root)) return JS_EvalFunction(ctx, module);
  g = new_graph(ctx, true);
  if (g && begin(g, root) == 0 && !g->waiting) {
    end(g, true);
    return JS_EvalFunction(ctx, module);
  }
  JS_FreeValue(ctx, module);
  if (!g) return JS_EXCEPTION;
  promise = JS_HasException(ctx) ? JS_EXCEPTION
                                 : JS_NewPromiseCapability(ctx, g->funcs);
  if (JS_IsException(promise)) {
    g->funcs[0] = g->funcs[1] = JS_UNDEFINED;
    end(g, false);
  }
  return promise;
}

int tenon_p_graph_load(JSContext *ctx, JSModuleDef *module)
{
  tenon_p_graph *g;
  int r;

  if (tenon_p_module_is_whole(module)) return 0;
  g = new_graph(ctx, false);
  if (!g) return -1;
  r = begin(g, module);
  end(g, r == 0);
  return r;
}
