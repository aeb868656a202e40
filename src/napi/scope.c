/*
 * Handles and their scopes: a stack of slots, in chunks that do not move.
 *
 * Invariants
 * - A scope is a record in the stack itself. What lies above it belongs to it
 *   or to a scope inside of it; its own values are freed from the top down.
 * - The record of an escapable scope has a slot of the outer scope below it,
 *   for what escapes.
 * - Freeing a value runs nothing that pushes one: finalizers of native code are
 *   queued.
 */
#include "napi/env.h"

enum { CHUNK_SLOTS = 250 };

struct tenon_p_chunk {
  tenon_p_chunk *below, *above;
  size_t used;
  JSValue slot[CHUNK_SLOTS];
};

enum scope_kind { SCOPE_PLAIN, SCOPE_ESCAPABLE, SCOPE_CALLBACK };

struct tenon_p_scope {
  tenon_p_scope *outer;
  tenon_p_chunk *chunk; /* that it lies in */
  JSValue *escape;      /* the slot for what escapes; or NULL */
  const void *owner;    /* of a callback's */
  uint32_t kind;
  bool has_escaped;
};

#define SCOPE_SLOTS \
  ((sizeof(tenon_p_scope) + sizeof(JSValue) - 1) / sizeof(JSValue))

static tenon_p_chunk *new_chunk(napi_env env, tenon_p_chunk *below)
{
  tenon_p_chunk *c = tenon_p_heap_alloc(&env->engine->heap, sizeof *c);

  if (c) c->below = below;
  return c;
}

int tenon_p_handles_init(napi_env env)
{
  env->chunk = new_chunk(env, NULL);
  return env->chunk ? 0 : -1;
}

/* Room for `count` slots side by side; NULL when there is no memory. */
static JSValue *take_slots(napi_env env, size_t count)
{
  tenon_p_chunk *c = env->chunk;

  if (TENON_P_UNLIKELY(CHUNK_SLOTS - c->used < count)) {
    if (!c->above) c->above = new_chunk(env, c);
    if (!c->above) return NULL;
    c = env->chunk = c->above;
  }
  c->used += count;
  return c->slot + c->used - count;
}

/* Frees the values above `mark` of a chunk. One empty chunk is kept, so that a
 * loop at a chunk's end does not allocate one each time. */
static void pop(napi_env env, tenon_p_chunk *c, size_t mark)
{
  tenon_p_chunk *spare;

  for (;;) {
    tenon_p_chunk *top = env->chunk;
    size_t until = top == c ? mark : 0;
    while (top->used > until)
      JS_FreeValue(env->ctx, top->slot[--top->used]);
    if (top == c) break;
    env->chunk = top->below;
  }
  while (c->above && (spare = c->above->above)) {
    c->above->above = spare->above;
    tenon_p_heap_free(&env->engine->heap, spare);
  }
}

napi_value tenon_p_handles_push(napi_env env, JSValue v)
{
  JSValue *slot = take_slots(env, 1);

  if (!slot) {
    JS_FreeValue(env->ctx, v);
    return NULL;
  }
  *slot = v;
  return (napi_value)(void *)slot;
}

static tenon_p_scope *open_scope(napi_env env, enum scope_kind kind)
{
  JSValue *escape = NULL;
  tenon_p_scope *s;

  if (kind == SCOPE_ESCAPABLE) {
    escape = take_slots(env, 1);
    if (!escape) return NULL;
    *escape = JS_UNDEFINED;
  }
  /* Without it the slot is left to the outer scope. */
  s = (tenon_p_scope *)(void *)take_slots(env, SCOPE_SLOTS);
  if (!s) return NULL;
  *s = (tenon_p_scope){env->scope, env->chunk, escape, NULL, kind, false};
  env->scope = s;
  return s;
}

static void close_innermost(napi_env env)
{
  tenon_p_scope *s = env->scope;
  tenon_p_chunk *c = s->chunk;
  size_t at = (size_t)((JSValue *)(void *)s - c->slot);

  env->scope = s->outer;
  pop(env, c, at + SCOPE_SLOTS);
  c->used = at;
}

tenon_p_scope *tenon_p_scope_open(napi_env env)
{
  return open_scope(env, SCOPE_CALLBACK);
}

void tenon_p_scope_close(napi_env env, tenon_p_scope *s)
{
  while (env->scope != s)
    close_innermost(env);
  close_innermost(env);
}

static tenon_p_scope *of_callback(napi_env env)
{
  tenon_p_scope *s = env->scope;

  while (s && s->kind != SCOPE_CALLBACK)
    s = s->outer;
  return s;
}

const void *tenon_p_scope_owner(napi_env env)
{
  tenon_p_scope *s = of_callback(env);

  return s ? s->owner : NULL;
}

void tenon_p_scope_own(napi_env env, const void *owner)
{
  of_callback(env)->owner = owner;
}

void tenon_p_handles_clear(napi_env env)
{
  tenon_p_chunk *bottom;

  while (env->scope)
    close_innermost(env);
  for (bottom = env->chunk; bottom->below;)
    bottom = bottom->below;
  pop(env, bottom, 0);
}

void tenon_p_handles_release(napi_env env)
{
  tenon_p_chunk *c = env->chunk, *above;

  if (!c) return;
  while (c->below)
    c = c->below;
  for (; c; c = above) {
    above = c->above;
    tenon_p_heap_free(&env->engine->heap, c);
  }
  env->chunk = NULL;
}

/* An open scope of this kind that the caller may close; else NULL. */
static tenon_p_scope *find_scope(napi_env env, const void *scope,
                                 enum scope_kind kind)
{
  tenon_p_scope *s = env->scope;

  while (s && s != scope && s->kind != SCOPE_CALLBACK)
    s = s->outer;
  return s && s == scope && s->kind == kind ? s : NULL;
}

/* --- Node-API ---------------------------------------------------------------------------- */

static napi_status open_plain(napi_env env, enum scope_kind kind, void **result)
{
  napi_status status = tenon_p_napi_check(env, result);
  tenon_p_scope *s;

  if (status) return status;
  s = open_scope(env, kind);
  if (!s) return tenon_p_napi_set(env, napi_generic_failure);
  *result = s;
  return tenon_p_napi_set(env, napi_ok);
}

static napi_status close_plain(napi_env env, enum scope_kind kind,
                               const void *scope)
{
  napi_status status = tenon_p_napi_check(env, scope);
  tenon_p_scope *s;

  if (status) return status;
  s = find_scope(env, scope, kind);
  if (!s) return tenon_p_napi_set(env, napi_handle_scope_mismatch);
  tenon_p_scope_close(env, s);
  return tenon_p_napi_set(env, napi_ok);
}

napi_status napi_open_handle_scope(napi_env env, napi_handle_scope *result)
{
  return open_plain(env, SCOPE_PLAIN, (void **)result);
}

napi_status napi_close_handle_scope(napi_env env, napi_handle_scope scope)
{
  return close_plain(env, SCOPE_PLAIN, scope);
}

napi_status napi_open_escapable_handle_scope(
    napi_env env, napi_escapable_handle_scope *result)
{
  return open_plain(env, SCOPE_ESCAPABLE, (void **)result);
}

napi_status napi_close_escapable_handle_scope(napi_env env,
                                              napi_escapable_handle_scope scope)
{
  return close_plain(env, SCOPE_ESCAPABLE, scope);
}

napi_status napi_escape_handle(napi_env env, napi_escapable_handle_scope scope,
                               napi_value escapee, napi_value *result)
{
  napi_status status = tenon_p_napi_check(env, scope && escapee && result);
  tenon_p_scope *s;

  if (status) return status;
  s = find_scope(env, scope, SCOPE_ESCAPABLE);
  if (!s) return tenon_p_napi_set(env, napi_handle_scope_mismatch);
  if (s->has_escaped) return tenon_p_napi_set(env, napi_escape_called_twice);
  s->has_escaped = true;
  *s->escape = JS_DupValue(env->ctx, tenon_p_napi_value(escapee));
  *result = (napi_value)(void *)s->escape;
  return tenon_p_napi_set(env, napi_ok);
}
