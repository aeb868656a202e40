/*
 * Functions that C calls, and that call functions of JavaScript. What C is given
 * as its user data is a key and no pointer: a call after the lifetime finds
 * nothing, and nothing is freed under a call.
 */
#include <stdio.h>
#include <string.h>

#include "source/emit.h"
#include "source/layout.h"

static const char support[] =
    "typedef struct held {\n"
    "  uintptr_t key; /* 0: free */\n"
    "  tenon_callback *cb;\n"
    "  const void *owner, *site; /* of one that is kept */\n"
    "  const char *thread;\n"
    "  struct held *next; /* that is free */\n"
    "  char is_kept, has_failed, is_strange;\n"
    "} held;\n"
    "#define CHUNK 256\n"
    "static held *chunks[4096], *free_held;\n"
    "static uint32_t chunk_count;\n"
    "static uint64_t serial;\n"
    "static char held_lock;\n"
    "static __thread char here;\n"
    "\n"
    "static void lock(void)\n"
    "{\n"
    "  while (__atomic_test_and_set(&held_lock, __ATOMIC_ACQUIRE))\n"
    "    sched_yield();\n"
    "}\n"
    "\n"
    "static void unlock(void)\n"
    "{\n"
    "  __atomic_clear(&held_lock, __ATOMIC_RELEASE);\n"
    "}\n"
    "\n"
    "static int more_held(void)\n"
    "{\n"
    "  held *more;\n"
    "  int i;\n"
    "\n"
    "  if (chunk_count == 4096) return -1;\n"
    "  more = (held *)calloc(CHUNK, sizeof *more);\n"
    "  if (!more) return -1;\n"
    "  for (i = 0; i < CHUNK; i++) {\n"
    "    more[i].key = (uintptr_t)chunk_count * CHUNK + (uintptr_t)i;\n"
    "    more[i].owner = &more[i]; /* says: never used */\n"
    "    more[i].next = free_held;\n"
    "    free_held = &more[i];\n"
    "  }\n"
    "  chunks[chunk_count++] = more;\n"
    "  return 0;\n"
    "}\n"
    "\n"
    "/* A key, or 0 without memory. A kept callback is the holder's from here. */\n"
    "static uintptr_t take(tenon_callback *cb, int is_kept, const void *site,\n"
    "                      const void *owner)\n"
    "{\n"
    "  uintptr_t key = 0, index;\n"
    "  held *h;\n"
    "\n"
    "  lock();\n"
    "  if (free_held || more_held() == 0) {\n"
    "    h = free_held;\n"
    "    free_held = h->next;\n"
    "    index = h->key & 0xfffff;\n"
    "    key = ((uintptr_t)++serial << 20) | index;\n"
    "    h->key = key;\n"
    "    h->cb = cb;\n"
    "    h->owner = owner;\n"
    "    h->site = site;\n"
    "    h->thread = &here;\n"
    "    h->is_kept = (char)is_kept;\n"
    "    h->has_failed = h->is_strange = 0;\n"
    "    h->next = h;\n"
    "  }\n"
    "  unlock();\n"
    "  return key;\n"
    "}\n"
    "\n"
    "/* Under the lock; NULL: its lifetime is over. */\n"
    "static held *find(uintptr_t key)\n"
    "{\n"
    "  uintptr_t index = key & 0xfffff;\n"
    "  held *h;\n"
    "\n"
    "  if (index / CHUNK >= chunk_count) return NULL;\n"
    "  h = &chunks[index / CHUNK][index % CHUNK];\n"
    "  return h->key == key && h->next == h ? h : NULL;\n"
    "}\n"
    "\n"
    "static void give_back(held *h)\n"
    "{\n"
    "  h->next = free_held;\n"
    "  free_held = h;\n"
    "}\n"
    "\n"
    "/* The end of a call's callback. */\n"
    "static void drop(uintptr_t key, const char *name)\n"
    "{\n"
    "  int is_strange = 0;\n"
    "  held *h;\n"
    "\n"
    "  lock();\n"
    "  h = find(key);\n"
    "  if (h) {\n"
    "    is_strange = h->is_strange;\n"
    "    give_back(h);\n"
    "  }\n"
    "  unlock();\n"
    "  if (is_strange)\n"
    "    fail(TENON_TYPE_ERROR, \"%s: its callback was called on another \"\n"
    "         \"thread, which cannot wait for a result\", name);\n"
    "}\n"
    "\n"
    "/* Those that a function has kept, or that belong to an owner. */\n"
    "UNUSED static void drop_kept(const void *site, const void *owner)\n"
    "{\n"
    "  uint32_t i = 0;\n"
    "\n"
    "  while (i < chunk_count * CHUNK) {\n"
    "    tenon_callback *cb = NULL;\n"
    "    lock();\n"
    "    for (; i < chunk_count * CHUNK && !cb; i++) {\n"
    "      held *h = &chunks[i / CHUNK][i % CHUNK];\n"
    "      if (h->next != h || !h->is_kept || h->owner != owner ||\n"
    "          (site && h->site != site))\n"
    "        continue;\n"
    "      cb = h->cb;\n"
    "      give_back(h);\n"
    "    }\n"
    "    unlock();\n"
    "    if (cb) host->callback_release(cb);\n"
    "  }\n"
    "}\n"
    "\n"
    "/* For one call of it: NULL where it is not to be made. */\n"
    "static tenon_callback *begin(uintptr_t key, int waits, int *is_elsewhere)\n"
    "{\n"
    "  tenon_callback *cb = NULL;\n"
    "  int is_late = 1;\n"
    "  held *h;\n"
    "\n"
    "  lock();\n"
    "  h = find(key);\n"
    "  if (h) {\n"
    "    is_late = 0;\n"
    "    *is_elsewhere = h->thread != &here;\n"
    "    if (*is_elsewhere && waits && !h->is_kept)\n"
    "      h->is_strange = 1;\n"
    "    else if (!h->has_failed)\n"
    "      cb = host->callback_keep(h->cb);\n"
    "  }\n"
    "  unlock();\n"
    "  if (is_late)\n"
    "    fail(TENON_TYPE_ERROR, \"a callback was called after its lifetime\");\n"
    "  return cb;\n"
    "}\n"
    "\n"
    "static void end(uintptr_t key, tenon_callback *cb, int has_failed)\n"
    "{\n"
    "  held *h;\n"
    "\n"
    "  if (has_failed) {\n"
    "    lock();\n"
    "    h = find(key);\n"
    "    if (h && !h->is_kept) h->has_failed = 1;\n"
    "    unlock();\n"
    "  }\n"
    "  host->callback_release(cb);\n"
    "}\n"
    "\n"
    "/* Of functions that hand on no user data: what their call was given. */\n"
    "typedef struct lent {\n"
    "  tenon_callback *cb;\n"
    "  int has_failed;\n"
    "} lent;\n"
    "\n";

/* Handles that calls of this thread have: scripts may close one in a callback. */
static const char uses[] =
    "typedef struct use {\n"
    "  const void *self;\n"
    "  struct use *outer;\n"
    "  char ends; /* it was closed, and is over when this call is */\n"
    "} use;\n"
    "static __thread use *uses;\n"
    "\n"
    "static use *outermost_use(const void *self)\n"
    "{\n"
    "  use *u, *found = NULL;\n"
    "  for (u = uses; u; u = u->outer)\n"
    "    if (u->self == self) found = u;\n"
    "  return found;\n"
    "}\n"
    "\n";

static const char *result_name(const tenon_p_callback_plan *c, char room[32])
{
  return tenon_p_layout_name(tenon_p_ctype_bare(c->type->to), room);
}

static void write_signature(tenon_p_emitter *e, const tenon_p_callback_plan *c)
{
  unsigned id = (unsigned)c->id;
  char room[32];
  size_t i, n = 0;

  tenon_p_emit(e, "struct ca_%u {\n", id);
  for (i = 0; i < c->param_count; i++) {
    const tenon_p_param_plan *p = &c->params[i];
    switch (p->pass) {
    case TENON_P_PASS_VALUE:
      tenon_p_emit(e, "  %s p%zu;\n", tenon_p_emit_slot(p->word, room), i);
      break;
    case TENON_P_PASS_STRUCT:
      tenon_p_emit(e, "  const %s *p%zu;\n", tenon_p_emit_slot(p->word, room),
                   i);
      break;
    case TENON_P_PASS_STRING:
      tenon_p_emit(e, "  const char *const *p%zu;\n", i);
      break;
    case TENON_P_PASS_BYTES: tenon_p_emit(e, "  tenon_bytes p%zu;\n", i); break;
    case TENON_P_PASS_HANDLE: tenon_p_emit(e, "  void *p%zu;\n", i); break;
    default: break;
    }
  }
  tenon_p_emit(e, "  char last;\n};\nstatic const tenon_field cf_%u[] = {\n",
               id);
  for (i = 0; i < c->param_count; i++) {
    const tenon_p_param_plan *p = &c->params[i];
    const char *descriptor = NULL, *flags = "0";
    switch (p->pass) {
    case TENON_P_PASS_VALUE:
      descriptor = tenon_p_emit_descriptor(p->word, room);
      flags = tenon_p_emit_flags(p->word);
      break;
    case TENON_P_PASS_STRUCT:
      descriptor = tenon_p_emit_descriptor(p->word, room);
      flags = "TENON_FIELD_NULLABLE";
      break;
    case TENON_P_PASS_STRING:
      descriptor = "t_cstr";
      flags = "TENON_FIELD_NULLABLE";
      break;
    case TENON_P_PASS_BYTES: descriptor = "t_bytes"; break;
    case TENON_P_PASS_HANDLE:
      snprintf(room, sizeof room, "ht_%u", (unsigned)p->handle->id);
      descriptor = room;
      flags = "TENON_FIELD_NULLABLE";
      break;
    default: continue;
    }
    n++;
    tenon_p_emit(e, "  {");
    tenon_p_emit_string(e, p->name);
    tenon_p_emit(e,
                 ", &%s, __builtin_offsetof(struct ca_%u, p%zu), %s, NULL},\n",
                 descriptor, id, i, flags);
  }
  tenon_p_emit(
      e,
      "  {NULL, NULL, 0, 0, NULL}};\n"
      "static const tenon_signature cs_%u = {sizeof(tenon_signature), "
      "0, \"callback\", {\"result\", &%s, 0, %s, NULL}, cf_%u, %zu, "
      "sizeof(struct ca_%u)};\n"
      "UNUSED static const tenon_type ct_%u = {TENON_KIND_CALLBACK, "
      "sizeof(void *), \"callback\", NULL, 0, NULL, &cs_%u, NULL};\n",
      id, c->result ? tenon_p_emit_descriptor(c->result, room) : "t_none",
      c->result ? tenon_p_emit_flags(c->result) : "0", id, n, id, id, id);
}

/* The parameters as C has them. */
static void write_head(tenon_p_emitter *e, const tenon_p_callback_plan *c,
                       const char *name)
{
  char room[32];
  size_t i;

  tenon_p_emit(e, "UNUSED static %s %s(", result_name(c, room), name);
  for (i = 0; i < c->param_count; i++)
    tenon_p_emit(
        e, "%s%s c%zu", i ? ", " : "",
        tenon_p_layout_name(tenon_p_ctype_bare(c->params[i].type), room), i);
  tenon_p_emit(e, "%s)\n{\n", c->param_count ? "" : "void");
  tenon_p_emit(e, "  struct ca_%u a;\n", (unsigned)c->id);
  if (c->result) {
    tenon_p_emit(e, "  ");
    tenon_p_emit_variable(e, c->type->to, "r");
    tenon_p_emit(e, ";\n  %s slot;\n", tenon_p_emit_slot(c->result, room));
  }
  for (i = 0; i < c->param_count; i++)
    if (c->params[i].pass == TENON_P_PASS_STRUCT)
      tenon_p_emit(e, "  %s s%zu;\n",
                   tenon_p_emit_slot(c->params[i].word, room), i);
}

static void write_arguments(tenon_p_emitter *e, const tenon_p_callback_plan *c)
{
  char slot[64], from[64], room[32];
  size_t i;

  tenon_p_emit(e, "  a.last = 0;\n");
  for (i = 0; i < c->param_count; i++) {
    const tenon_p_param_plan *p = &c->params[i];
    snprintf(slot, sizeof slot, "a.p%zu", i);
    snprintf(from, sizeof from, "c%zu", i);
    switch (p->pass) {
    case TENON_P_PASS_VALUE: tenon_p_emit_out(e, p->word, from, slot); break;
    case TENON_P_PASS_STRUCT:
      tenon_p_emit(e, "  a.p%zu = NULL;\n  if (c%zu) {\n", i, i);
      snprintf(slot, sizeof slot, "s%zu", i);
      snprintf(from, sizeof from, "(*(const %s *)c%zu)",
               tenon_p_layout_name(p->word->type, room), i);
      tenon_p_emit_out(e, p->word, from, slot);
      tenon_p_emit(e, "  a.p%zu = &s%zu;\n  }\n", i, i);
      break;
    case TENON_P_PASS_STRING:
      tenon_p_emit(e,
                   "  a.p%zu = c%zu ? (const char *const *)(const void *)&c%zu "
                   ": NULL;\n",
                   i, i, i);
      break;
    case TENON_P_PASS_BYTES:
      tenon_p_emit(e,
                   "  a.p%zu.data = (const uint8_t *)c%zu;\n"
                   "  a.p%zu.len = c%zu ? (size_t)c%d : 0;\n",
                   i, i, i, i, p->other);
      break;
    case TENON_P_PASS_HANDLE:
      tenon_p_emit(e, "  a.p%zu = c%zu;\n", i, i);
      break;
    default: break;
    }
  }
}

static void write_return(tenon_p_emitter *e, const tenon_p_callback_plan *c)
{
  if (c->result) tenon_p_emit(e, "  return r;\n");
  tenon_p_emit(e, "}\n\n");
}

static void write_zero(tenon_p_emitter *e, const tenon_p_callback_plan *c)
{
  if (c->result)
    tenon_p_emit(e, "  memset(&r, 0, sizeof r);\n"
                    "  memset(&slot, 0, sizeof slot);\n");
}

static void write_keyed(tenon_p_emitter *e, const tenon_p_callback_plan *c)
{
  char name[32];

  snprintf(name, sizeof name, "call_%u", (unsigned)c->id);
  write_head(e, c, name);
  tenon_p_emit(
      e,
      "  int elsewhere = 0, code = -1;\n"
      "  tenon_callback *cb = begin((uintptr_t)c%d, %d, &elsewhere);\n",
      c->user, c->result != NULL);
  write_zero(e, c);
  tenon_p_emit(e, "  if (!cb) return%s;\n", c->result ? " r" : "");
  write_arguments(e, c);
  if (c->result)
    tenon_p_emit(e, "  code = host->callback_call(cb, &a, &slot);\n"
                    "  if (code) goto out;\n"
                    "  code = -1;\n");
  else
    tenon_p_emit(e,
                 "  code = elsewhere ? host->callback_post(cb, &a)\n"
                 "                   : host->callback_call(cb, &a, NULL);\n");
  if (c->result) {
    e->where = "\"callback: result\"";
    tenon_p_emit_in(e, c->result, "slot", "r", "goto out");
    tenon_p_emit(e, "  code = 0;\nout:\n");
  }
  tenon_p_emit(e, "  end((uintptr_t)c%d, cb, code && !elsewhere);\n", c->user);
  write_return(e, c);
}

void tenon_p_emit_bare_callback(tenon_p_emitter *e, const char *name,
                                const tenon_p_callback_plan *c)
{
  tenon_p_emit(e, "static __thread lent *lent_%s;\nstatic unsigned late_%s;\n",
               name, name);
  write_head(e, c, name);
  tenon_p_emit(e, "  lent *l = lent_%s;\n  int code = -1;\n", name);
  write_zero(e, c);
  tenon_p_emit(
      e,
      "  if (!l) {\n"
      "    __atomic_add_fetch(&late_%s, 1, __ATOMIC_RELAXED);\n"
      "    fail(TENON_TYPE_ERROR, \"a callback was called after its \"\n"
      "         \"lifetime, or on another thread\");\n"
      "  }\n"
      "  if (!l || l->has_failed) return%s;\n",
      name, c->result ? " r" : "");
  write_arguments(e, c);
  tenon_p_emit(e, "  code = host->callback_call(l->cb, &a, %s);\n",
               c->result ? "&slot" : "NULL");
  if (c->result) {
    tenon_p_emit(e, "  if (code) goto out;\n  code = -1;\n");
    e->where = "\"callback: result\"";
    tenon_p_emit_in(e, c->result, "slot", "r", "goto out");
    tenon_p_emit(e, "  code = 0;\nout:\n");
  }
  tenon_p_emit(e, "  if (code) l->has_failed = 1;\n");
  write_return(e, c);
}

void tenon_p_emit_callbacks(tenon_p_emitter *e)
{
  const tenon_p_plan *p = e->plan;
  size_t i, k;

  if (!p->callback_count) return;
  tenon_p_text_puts(&e->out, support);
  if (p->handle_count) tenon_p_text_puts(&e->out, uses);
  for (i = 0; i < p->callback_count; i++) {
    const tenon_p_callback_plan *c = p->callbacks[i];
    for (k = 0; k < c->param_count; k++)
      tenon_p_emit_word(e, c->params[k].word);
    tenon_p_emit_word(e, c->result);
    write_signature(e, c);
    if (c->user >= 0) write_keyed(e, c);
  }
}
