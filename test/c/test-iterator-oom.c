/*
 * Every allocation of a program that iterates over instances, on the loop and
 * off, fails once: it does everything right or fails with an error, and each
 * cursor ends once. The same program under a collection at every allocation.
 *
 * TENON_OOM_SAMPLE=N tries N points spread over all of them; 0 or unset: all.
 */
#define TENON_MODULE iterated
#include "harness.h"

#include <stdlib.h>
#include <string.h>
#include <tenon/allocator.h>
#include <tenon/export.h>

#include "base/alloc.h"
#include "engine/engine.h"

static tenon_p_text said;
static int open_cursors, twice;

TENON_FUNCTION(none, say, (str, line))
{
  tenon_p_text_append(&said, line.data, line.len);
  tenon_p_text_puts(&said, ";");
  if (said.failed) tenon_fail(TENON_ERROR, "out of memory");
}

/* Owns memory once it has begun. */
typedef struct at {
  int *count;
} at;

typedef struct list {
  int count;
} list;

static bool step(const list *self, at *cursor)
{
  if (!cursor->count) {
    cursor->count = tenon_p_calloc(sizeof *cursor->count);
    if (!cursor->count) return tenon_fail(TENON_ERROR, "out of memory"), false;
    __atomic_add_fetch(&open_cursors, 1, __ATOMIC_SEQ_CST);
  }
  if (*cursor->count == 3 && self->count == 13)
    return tenon_fail(TENON_RANGE_ERROR, "13 is unlucky"), false;
  return (*cursor->count)++ < self->count;
}

TENON_CLASS_AS("List", list)
TENON_CONSTRUCTOR(list, (i32, count))
{
  self->count = count;
}
TENON_METHOD(none, list, drop)
{
  tenon_dispose(self);
}
TENON_ITERATOR(copy(list), list, at)
{
  if (!step(self, cursor)) return false;
  value->count = *cursor->count;
  return true;
}
TENON_ASYNC_ITERATOR(str, list, at)
{
  char *text;

  if (!step(self, cursor)) return false;
  text = tenon_alloc(1);
  if (!text) return tenon_fail(TENON_ERROR, "out of memory");
  *text = (char)('a' + *cursor->count);
  *value = (tenon_str){text, 1};
  return true;
}
TENON_ITERATOR_END(list, at)
{
  if (!cursor->count) return;
  if (*cursor->count < 0) twice++;
  *cursor->count = -1;
  free(cursor->count);
  open_cursors--;
}
TENON_MEMBERS(list, (i32, count))

TENON_STRUCT(entry, (str, key), (any, value))
typedef struct entries {
  int unused;
} entries;
TENON_CLASS_AS("Entries", entries)
TENON_CONSTRUCTOR(entries)
{}
TENON_ITERATOR(entry, entries, int)
{
  value->key = (tenon_str){"k", 1};
  value->value = NULL;
  return (*cursor)++ < 2;
}

static const char program[] =
    "import { say, List, Entries } from 'iterated';\n"
    "const attempt = (type, f) => {\n"
    "  try { f(); } catch (e) {\n"
    "    if (!(e instanceof type)) throw e;\n"
    "    say(e.message);\n"
    "  }\n"
    "};\n"
    "const l = new List(3);\n"
    "say([...l].map((x) => x.count).join());\n"
    "for (const x of l) if (x.count == 2) break;\n"
    "say(`${[...l[Symbol.iterator]().take(2)].length}`);\n"
    "const i = l[Symbol.iterator]();\n"
    "say(JSON.stringify([i.next(), i.return(5), i.next()]));\n"
    "attempt(RangeError, () => [...new List(13)]);\n"
    "attempt(TypeError, () => List.prototype[Symbol.iterator].call({}));\n"
    "attempt(TypeError, () => i.next.call({}));\n"
    "const gone = new List(5), j = gone[Symbol.iterator](); j.next();\n"
    "gone.drop(); attempt(TypeError, () => j.next());\n"
    "say(JSON.stringify([...new Entries()]));\n"
    "(() => { const k = l[Symbol.iterator](); k.next(); k.self = k; })();\n"
    "const all = []; for await (const t of l) all.push(t);\n"
    "say(all.join());\n"
    "for await (const t of l) break;\n"
    "const a = l[Symbol.asyncIterator]();\n"
    "say(JSON.stringify(await Promise.all([a.next(), a.next(), a.return(1),"
    " a.next()])));\n"
    "const b = new List(13)[Symbol.asyncIterator]();\n"
    "say((await Promise.allSettled([b.next(), b.next(), b.next(), b.next(),"
    " b.next()])).map((r) => {\n"
    "  if (r.reason && !(r.reason instanceof RangeError)) throw r.reason;\n"
    "  return r.reason?.message ?? r.value.value; }).join());\n"
    "await a.next.call({}).catch((e) => {\n"
    "  if (!(e instanceof TypeError)) throw e; say('refused'); });\n"
    "globalThis.kept = [l[Symbol.iterator](), l[Symbol.asyncIterator]()];\n"
    "kept[0].next(); await kept[1].next();\n"
    "say('end');\n";

static const char expected[] =
    "1,2,3;2;[{\"value\":{\"count\":1},\"done\":false},"
    "{\"value\":5,\"done\":true},{\"done\":true}];13 is unlucky;"
    "List[Symbol.iterator]: this: expected List, got object;"
    "next: this: expected an iterator of a native class;"
    "List Iterator.next: this: expected List, got one that was disposed of;"
    "[{\"key\":\"k\"},{\"key\":\"k\"}];b,c,d;"
    "[{\"value\":\"b\",\"done\":false},{\"value\":\"c\",\"done\":false},"
    "{\"value\":1,\"done\":true},{\"done\":true}];"
    "b,c,d,13 is unlucky,;refused;end;";

static int run(tenon_runtime *rt)
{
  int r = tenon_runtime_add_module(rt, "iterated", tenon_module_iterated);

  if (r == 0)
    r = tenon_runtime_eval_module(rt, program, strlen(program), "it.js");
  if (r == 0) r = tenon_runtime_run(rt);
  return r;
}

/* What it returned; TENON_ENOMEM and the like too. */
static int live(void)
{
  tenon_runtime *rt = NULL;
  int r;

  tenon_p_text_clear(&said);
  r = tenon_runtime_new(NULL, &rt);
  if (r == 0) r = run(rt);
  if (r == TENON_EEXCEPTION) CHECK(tenon_runtime_exception(rt) != NULL);
  tenon_runtime_free(rt);
  CHECK_INT(0, open_cursors);
  CHECK_INT(0, twice);
  return r;
}

static const t_oom oom = {.live = live, .said = &said, .expected = expected};

TEST(every_allocation_fails_once_of_a_program_that_iterates)
{
  CHECK(t_fail_each(&oom, false) > 1000);
}

TEST(every_allocation_fails_from_some_point_on_of_a_program_that_iterates)
{
  CHECK(t_fail_each(&oom, true) > 1000);
}

/* The engine collects when an object is made, and forgets a threshold of 0. */
static JSRuntime *collected;

static void *collecting_alloc(void *data, size_t size)
{
  (void)data;
  if (collected) JS_SetGCThreshold(collected, 0);
  return malloc(size);
}
static void *plain_realloc(void *data, void *p, size_t old_size, size_t size)
{
  (void)data;
  (void)old_size;
  return realloc(p, size);
}
static void plain_free(void *data, void *p, size_t size)
{
  (void)data;
  (void)size;
  free(p);
}

TEST(a_collection_at_every_allocation_harms_no_iteration)
{
  const tenon_allocator a = {.size = sizeof a,
                             .alloc = collecting_alloc,
                             .realloc = plain_realloc,
                             .free = plain_free};
  tenon_options options = {.size = sizeof options, .allocator = &a};
  tenon_runtime *rt;

  tenon_p_text_clear(&said);
  CHECK_INT(0, t_runtime_new(&options, &rt));
  /* A runtime begins with its engine. */
  collected = (*(tenon_p_engine **)rt)->rt;
  CHECK_INT(0, run(rt));
  collected = NULL;
  CHECK_TEXT(expected, said.data);
  t_free(rt);
  CHECK_INT(0, open_cursors);
  CHECK_INT(0, twice);
  tenon_p_text_release(&said);
}
