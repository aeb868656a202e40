#include "bind/state.h"

#include <stdlib.h>
#include <tenon/error.h>

#include "bind/any.h"
#include "engine/finalize.h"
#include "engine/realm.h"

/* One that was made, or is being made. */
typedef struct made {
  struct made *next;
  tenon_p_finalizer finalizer;
  const tenon_state_type *type;
  bool is_ready;
  _Alignas(16) char data[];
} made;

/* Those of a realm or a runtime. */
typedef struct states {
  made *first; /* what was last ready first */
} states;

/* --- Ending ---------------------------------------------------------------------- */

static void release(void *p)
{
  made *m = p;

  m->type->release(m->data);
}

static void end(tenon_p_engine *e, tenon_p_finalizer *f)
{
  made *m = tenon_p_container(f, made, finalizer);

  if (m->type->release) tenon_p_call_finalizer(e, release, m);
  tenon_p_heap_free(&e->heap, m);
}

static void free_of_engine(tenon_p_engine *e, void *state)
{
  states *s = state;
  made *m;

  while ((m = s->first)) {
    s->first = m->next;
    end(e, &m->finalizer);
  }
  tenon_p_heap_free(&e->heap, s);
}

/* Maybe during a collection: they end by the queue, where the functions of the
 * realm, which are gone before it, are in front of them. */
static void free_of_realm(tenon_p_realm *r, JSRuntime *rt, void *state)
{
  states *s = state;
  made *m, *next;

  for (m = s->first; m; m = next) {
    next = m->next;
    tenon_p_finalize_later(rt, &m->finalizer);
  }
  tenon_p_heap_free(&r->engine->heap, s);
}

static const tenon_p_state_type of_engine = {.name = "states",
                                             .free = free_of_engine};
static const tenon_p_realm_type of_realm = {.name = "states",
                                            .free = free_of_realm};

/* --- Finding ---------------------------------------------------------------------- */

static states *find_of_engine(tenon_p_engine *e, bool makes)
{
  states *s = tenon_p_engine_get(e, &of_engine);

  if (s || !makes) return s;
  s = tenon_p_heap_alloc(&e->heap, sizeof *s);
  if (!s || tenon_p_engine_attach(e, &of_engine, s) == 0) return s;
  tenon_p_heap_free(&e->heap, s);
  return NULL;
}

static states *find_of_realm(JSContext *ctx, bool makes)
{
  states *s = tenon_p_realm_get(ctx, &of_realm);
  tenon_p_realm *r;

  if (s || !makes) return s;
  r = tenon_p_realm_adopt(ctx);
  if (!r) return NULL;
  s = tenon_p_heap_alloc(&r->engine->heap, sizeof *s);
  if (!s || tenon_p_realm_attach(r, &of_realm, s) == 0) return s;
  tenon_p_heap_free(&r->engine->heap, s);
  return NULL;
}

static states *find_states(JSContext *ctx, const tenon_state_type *type,
                           bool makes)
{
  return type->scope == TENON_STATE_REALM
             ? find_of_realm(ctx, makes)
             : find_of_engine(tenon_p_engine_of(ctx), makes);
}

static made *find(states *s, const tenon_state_type *type)
{
  made *m = s ? s->first : NULL;

  while (m && m->type != type)
    m = m->next;
  return m;
}

/* --- Making ------------------------------------------------------------------------ */

static void fail(tenon_p_call *c, int error, const char *format, ...)
{
  tenon_failure f = {
      .size = sizeof f, .error_class = TENON_ERROR, .error = error};
  va_list ap;

  va_start(ap, format);
  tenon_p_call_fail(c, &f, format, ap);
  va_end(ap);
}

static void unlink_made(states *s, const made *m)
{
  made **at = &s->first;

  while (*at != m)
    at = &(*at)->next;
  *at = m->next;
}

/* An initializer that has failed without a word had no memory. */
static bool init(tenon_p_call *c, made *m)
{
  bool had_failed = c->failed;
  int r = m->type->init ? m->type->init(m->data) : 0;

  if (r == 0 && (had_failed || !c->failed)) return true;
  if (!c->failed) fail(c, TENON_ENOMEM, NULL);
  return false;
}

static void *make(tenon_p_call *c, const tenon_state_type *type)
{
  tenon_p_engine *e = tenon_p_engine_of(c->ctx);
  size_t size = sizeof(made) + type->state_size;
  states *s;
  made *m = NULL;

  if (type->state_size <= SIZE_MAX / 2 && tenon_p_engine_admits(e, size))
    m = tenon_p_heap_alloc(&e->heap, size);
  s = m ? find_states(c->ctx, type, true) : NULL;
  if (!s) {
    tenon_p_heap_free(&e->heap, m);
    fail(c, TENON_ENOMEM, NULL);
    return NULL;
  }
  m->finalizer.run = end;
  m->type = type;
  m->next = s->first;
  s->first = m;
  m->is_ready = init(c, m);
  /* What it has asked for meanwhile is to outlive it. */
  unlink_made(s, m);
  if (!m->is_ready) {
    tenon_p_heap_free(&e->heap, m);
    return NULL;
  }
  m->next = s->first;
  s->first = m;
  return m->data;
}

static bool is_valid(const tenon_state_type *type)
{
  return type && type->size >= sizeof *type && type->name &&
         type->scope <= TENON_STATE_REALM;
}

void *tenon_p_state_get(tenon_p_call *c, const tenon_state_type *type)
{
  made *m;

  if (!is_valid(type)) {
    fail(c, 0, "a state that is not described as one");
    return NULL;
  }
  if (!c->ctx || tenon_p_call_is_finalizer(c)) {
    fail(c, 0, "%s: its state is there in functions on the loop only",
         type->name);
    return NULL;
  }
  m = find(find_states(c->ctx, type, false), type);
  if (TENON_P_LIKELY(m && m->is_ready)) return m->data;
  if (m) {
    fail(c, 0, "%s: its state is being made", type->name);
    return NULL;
  }
  if (!tenon_p_finalize_has_runtime(tenon_p_engine_of(c->ctx))) {
    fail(c, 0, "%s: its runtime is being freed", type->name);
    return NULL;
  }
  return make(c, type);
}

void *tenon_p_host_state(const tenon_state_type *type)
{
  tenon_p_call *c = tenon_p_current_call;

  return c ? tenon_p_state_get(c, type) : NULL;
}
