/*
 * Loads that a link answers later, from any thread.
 *
 * Invariants
 * - A load has two holders: who is to answer, until it has, and the runtime, until
 *   the answer had its turn, the realm is closed, or nobody waits. The last one
 *   frees it.
 * - Who answers writes the answer and puts it into the mailbox, which refuses when
 *   the runtime has let go; from then on it is the loop's thread's.
 * - The runtime has a list of those that it holds. One that has its turn stays in
 *   it until all who wait were served: serving runs scripts, which may close a
 *   realm.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <tenon/error.h>

#include "base/alloc.h"
#include "engine/realm.h"
#include "loop/mailbox.h"
#include "module/graph.h"

enum answer { NO_MEMORY, DATA, NATIVE, COMPILED, PASS, FAIL, REFUSED };

struct tenon_loading {
  tenon_p_ready ready;
  tenon_p_mailbox *box; /* counted */
  int refs;             /* atomic */
  bool is_forgotten;    /* atomic: the runtime has let go */
  enum tenon_p_data type;
  /* By who answers. */
  enum answer answer;
  void *data;
  size_t len;
  tenon_module_entry *entry;
  tenon_p_compiled compiled;
  char *code;           /* or NULL */
  tenon_p_text message; /* of PASS and FAIL; not begun: none */
  /* The loop's thread's. */
  tenon_p_list link; /* in tenon_p_modules.loadings */
  tenon_p_operation operation;
  JSContext *ctx; /* counted */
  JSValue attributes;
  const tenon_link *by;
  tenon_p_text tried; /* by those before it */
  tenon_p_waiter *waiters;
  size_t waiter_count, waiter_capacity;
  bool is_answered; /* nobody is to wait for it any more */
  char url[];
};

static const tenon_p_operation_kind import_kind = {.one = "import",
                                                   .many = "imports"};

static void unref(tenon_loading *l)
{
  if (__atomic_sub_fetch(&l->refs, 1, __ATOMIC_ACQ_REL)) return;
  tenon_p_mailbox_unref(l->box);
  tenon_p_text_release(&l->message);
  tenon_p_text_release(&l->tried);
  free(l->code);
  free(l->compiled.key);
  free(l->data);
  free(l->waiters);
  free(l);
}

/* The runtime lets go. */
static void let_go(tenon_loading *l)
{
  tenon_p_loop *loop = tenon_p_mailbox_loop(l->box);
  JSContext *ctx = l->ctx;

  __atomic_store_n(&l->is_forgotten, true, __ATOMIC_RELAXED);
  (void)tenon_p_mailbox_end(l->box, &l->ready);
  tenon_p_list_remove(&l->link);
  tenon_p_operation_end(&l->operation);
  if (loop) tenon_p_loop_hold(loop, false);
  JS_FreeValue(ctx, l->attributes);
  unref(l);
  JS_FreeContext(ctx);
}

/* --- On the loop's thread ------------------------------------------------- */

/* One that another load of the URL has made meanwhile; NULL, maybe with an
 * exception. */
static JSModuleDef *find_module(const tenon_loading *l)
{
  JSAtom name = JS_NewAtom(l->ctx, l->url);
  JSModuleDef *def;

  if (name == JS_ATOM_NULL) return NULL;
  def = tenon_p_module_find_with(l->ctx, name, l->attributes);
  JS_FreeAtom(l->ctx, name);
  return def;
}

/* The module that it was answered by, or another load, which begins with the
 * next link; NULL with an exception. */
static JSModuleDef *make_module(tenon_loading *l, tenon_loading **next)
{
  tenon_p_later_answer a = {.by = l->by, .tried = &l->tried};
  JSModuleDef *def = find_module(l);

  if (def || JS_HasException(l->ctx)) return def;

  switch (l->answer) {
  case DATA:
    a.data = l->data;
    a.len = l->len;
    l->data = NULL;
    break;
  case NATIVE: a.entry = l->entry; break;
  case COMPILED: a.compiled = &l->compiled; break;
  case REFUSED: a.is_whole = true; /* fall through */
  case FAIL:
    a.code = l->code;
    a.failure = l->message.data ? l->message.data : "";
    break;
  case PASS:
    a.is_pass = true;
    a.note = l->message.data;
    break;
  default: JS_ThrowOutOfMemory(l->ctx); return NULL;
  }
  return tenon_p_modules_load_answered(l->ctx, l->url, l->attributes, l->type,
                                       &a, next);
}

/* Those that wait are served by another load now. */
static int hand_over(tenon_loading *l, tenon_loading *next)
{
  while (l->waiter_count) {
    if (tenon_p_loading_await(next, &l->waiters[l->waiter_count - 1])) {
      JS_ThrowOutOfMemory(l->ctx);
      return -1;
    }
    l->waiter_count--;
  }
  return 0;
}

/* Also of an exception that is pending where there is no module. */
static void serve(tenon_loading *l, JSModuleDef *def)
{
  JSContext *ctx = l->ctx;
  JSValue error = def ? JS_UNDEFINED : JS_GetException(ctx);
  tenon_p_waiter w;

  while (l->waiter_count) {
    w = l->waiters[0];
    memmove(l->waiters, l->waiters + 1, --l->waiter_count * sizeof w);
    if (!def) JS_Throw(ctx, JS_DupValue(ctx, error));
    tenon_p_graph_go_on(&w, def);
  }
  JS_FreeValue(ctx, error);
}

static void run(tenon_p_loop *loop, tenon_p_ready *r)
{
  tenon_loading *l = tenon_p_container(r, tenon_loading, ready), *next = NULL;
  JSContext *ctx = JS_DupContext(l->ctx);
  JSModuleDef *def;

  (void)loop;
  __atomic_add_fetch(&l->refs, 1, __ATOMIC_RELAXED);
  l->is_answered = true;
  def = make_module(l, &next);
  if (!next || hand_over(l, next)) serve(l, def);
  /* A script may have closed the realm, and with it this. */
  if (!__atomic_load_n(&l->is_forgotten, __ATOMIC_RELAXED)) let_go(l);
  unref(l);
  JS_FreeContext(ctx);
}

tenon_loading *tenon_p_loading_find(JSContext *ctx, const char *url,
                                    enum tenon_p_data type,
                                    JSValueConst attributes)
{
  const tenon_p_modules *m = tenon_p_modules_of(tenon_p_engine_of(ctx));
  tenon_p_list *at;
  int is;

  for (at = m->loadings.next; at != &m->loadings; at = at->next) {
    tenon_loading *l = tenon_p_container(at, tenon_loading, link);
    if (l->is_answered || l->ctx != ctx || l->type != type ||
        strcmp(l->url, url) != 0)
      continue;
    is = tenon_p_integrity_is_same(ctx, l->attributes, attributes);
    if (is > 0)
      is = tenon_p_modules_is_same_build(ctx, l->attributes, attributes);
    if (is) return is > 0 ? l : NULL;
  }
  return NULL;
}

int tenon_p_loading_await(tenon_loading *l, const tenon_p_waiter *w)
{
  size_t capacity = l->waiter_capacity * 2 + 2;
  tenon_p_waiter *more;

  if (l->waiter_count == l->waiter_capacity) {
    more = tenon_p_realloc(l->waiters, capacity * sizeof *more);
    if (!more) return TENON_ENOMEM;
    l->waiters = more;
    l->waiter_capacity = capacity;
  }
  l->waiters[l->waiter_count++] = *w;
  return 0;
}

void tenon_p_loadings_forget(tenon_p_modules *m, const tenon_p_graph *g)
{
  tenon_p_list *at;
  size_t i, n;

  for (at = m->loadings.next; at != &m->loadings; at = at->next) {
    tenon_loading *l = tenon_p_container(at, tenon_loading, link);
    for (i = n = 0; i < l->waiter_count; i++)
      if (l->waiters[i].graph != g) l->waiters[n++] = l->waiters[i];
    l->waiter_count = n;
  }
}

void tenon_p_loadings_drop(tenon_p_modules *m, JSContext *ctx)
{
  tenon_p_list *at = m->loadings.next, *next;

  for (; at != &m->loadings; at = next) {
    tenon_loading *l = tenon_p_container(at, tenon_loading, link);
    next = at->next;
    if (!ctx || l->ctx == ctx) let_go(l);
  }
}

void tenon_p_loading_drop(tenon_loading *l)
{
  let_go(l);
}

tenon_said tenon_load_later(tenon_load *q, tenon_loading **out)
{
  tenon_p_engine *e = tenon_p_engine_of(q->ctx);
  tenon_p_modules *m = tenon_p_modules_of(e);
  tenon_p_loop *loop = tenon_p_loop_of(e);
  size_t size = strlen(q->url) + 1;
  tenon_loading *l;

  *out = NULL;
  if (!tenon_load_can_wait(q))
    return tenon_load_fail(q, "ERR_REQUIRE_ASYNC_MODULE",
                           "it answers later, and whoever imports cannot wait");
  if (q->later)
    return tenon_load_fail(q, NULL, "it has said twice that it answers later");
  l = tenon_p_calloc(sizeof *l + size);
  if (!l) {
    JS_ThrowOutOfMemory(q->ctx);
    return TENON_SAID_FAIL;
  }
  memcpy(l->url, q->url, size);
  l->ready.run = run;
  tenon_p_list_init(&l->ready.link);
  l->box = loop->box;
  tenon_p_mailbox_dup(l->box);
  l->refs = 2;
  l->type = q->type;
  l->message = l->tried = (tenon_p_text)TENON_P_TEXT_INIT;
  l->ctx = JS_DupContext(q->ctx);
  l->attributes = JS_DupValue(q->ctx, q->attributes);
  l->by = q->by;
  tenon_p_list_init(&l->link);
  tenon_p_list_append(&m->loadings, &l->link);
  tenon_p_operation_init(&l->operation);
  tenon_p_operation_begin(loop, &l->operation, &import_kind);
  l->operation.name = l->url;
  tenon_p_loop_hold(loop, true);
  *out = q->later = l;
  return TENON_SAID_LATER;
}

void tenon_p_loading_keep_notes(tenon_loading *l, tenon_p_text *tried)
{
  l->tried = *tried;
  *tried = (tenon_p_text)TENON_P_TEXT_INIT;
}

/* --- On any thread -------------------------------------------------------- */

const char *tenon_loading_url(const tenon_loading *l)
{
  return l->url;
}

const char *tenon_loading_type(const tenon_loading *l)
{
  return tenon_p_modules_type_name(l->type);
}

bool tenon_loading_is_cancelled(const tenon_loading *l)
{
  return __atomic_load_n(&l->is_forgotten, __ATOMIC_RELAXED) ||
         tenon_p_mailbox_is_ending(l->box);
}

static int deliver(tenon_loading *l, enum answer answer)
{
  int r;

  l->answer = answer;
  r = tenon_p_mailbox_put(l->box, &l->ready);
  if (r == 0 && answer == NO_MEMORY) r = TENON_ENOMEM;
  unref(l);
  return r;
}

int tenon_loading_answer(tenon_loading *l, const void *data, size_t len)
{
  if (len < SIZE_MAX && (data || !len))
    l->data = tenon_p_strndup(data ? data : "", len);
  l->len = len;
  return deliver(l, l->data ? DATA : NO_MEMORY);
}

int tenon_loading_answer_native(tenon_loading *l, tenon_module_entry *entry)
{
  l->entry = entry;
  return deliver(l, NATIVE);
}

int tenon_p_loading_compiled(tenon_loading *l, const tenon_p_compiled *c)
{
  l->compiled = *c;
  return deliver(l, COMPILED);
}

int tenon_p_loading_refuse(tenon_loading *l, const char *code, const char *text)
{
  tenon_p_text_puts(&l->message, text);
  l->code = tenon_p_strndup(code, strlen(code));
  return deliver(l, l->message.failed || !l->code ? NO_MEMORY : REFUSED);
}

int tenon_loading_pass(tenon_loading *l, const char *format, ...)
{
  va_list ap;

  va_start(ap, format);
  if (format) tenon_p_text_vprintf(&l->message, format, ap);
  va_end(ap);
  return deliver(l, l->message.failed ? NO_MEMORY : PASS);
}

int tenon_loading_fail(tenon_loading *l, const char *code, const char *format,
                       ...)
{
  va_list ap;

  va_start(ap, format);
  tenon_p_text_vprintf(&l->message, format, ap);
  va_end(ap);
  if (code) l->code = tenon_p_strndup(code, strlen(code));
  return deliver(l, l->message.failed || (code && !l->code) ? NO_MEMORY : FAIL);
}
