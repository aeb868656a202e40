/*
 * A runtime whose memory comes from a host: by a heap that knows each of its
 * blocks, says what is wrong with a call, and may give no more at any point.
 *
 * TENON_OOM_SAMPLE=N tries N points spread over all of them; 0 or unset: all.
 */
#define TENON_MODULE held
#include "harness.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <tenon/export.h>
#include <tenon/import.h>
#include <tenon/realm.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/text.h"
#include "heap/heap.h"

TENON_MODULE_THREADS(any);

/* --- A heap that looks ------------------------------------------------------------- */

enum { FRESH = 0xa5, STALE = 0xdb };

typedef struct piece {
  struct piece *prev, *next;
  size_t size;
  max_align_t data[];
} piece;

typedef struct heap {
  piece all; /* a ring */
  pthread_t thread;
  size_t live_bytes, most_bytes; /* most_bytes 0: no end */
  uint64_t calls, fail_at;       /* of alloc and realloc, from 1 */
  uint64_t allocs, reallocs, frees, zeroed;
  bool is_lasting, is_crooked;
  const char *wrong; /* what nobody may do; the first of it */
} heap;

static void wrong(heap *h, const char *what)
{
  if (!h->wrong) h->wrong = what;
}

static void heap_init(heap *h)
{
  memset(h, 0, sizeof *h);
  h->all.prev = h->all.next = &h->all;
  h->thread = pthread_self();
}

/* Everything is back, and nothing was wrong. */
static void heap_end(heap *h)
{
  if (h->wrong) print_error("%s\n", h->wrong);
  CHECK(!h->wrong);
  CHECK_INT(0, h->live_bytes);
  CHECK_INT(h->allocs, h->frees);
}

static bool gives(heap *h, size_t size)
{
  uint64_t n = ++h->calls;

  if (!pthread_equal(h->thread, pthread_self())) wrong(h, "another thread");
  if (size == 0) wrong(h, "no bytes");
  if (h->most_bytes && h->live_bytes + size > h->most_bytes) return false;
  return !h->fail_at || n < h->fail_at || (n > h->fail_at && !h->is_lasting);
}

static void link_piece(heap *h, piece *p, size_t size)
{
  p->size = size;
  p->next = &h->all;
  p->prev = h->all.prev;
  p->prev->next = p->next->prev = p;
  h->live_bytes += size;
}

static void unlink_piece(heap *h, piece *p)
{
  p->prev->next = p->next;
  p->next->prev = p->prev;
  h->live_bytes -= p->size;
}

/* The one that the caller names, who must be right about its size. */
static piece *find_piece(heap *h, void *data, size_t size)
{
  piece *p;

  if (!data) {
    wrong(h, "a block of NULL");
    return NULL;
  }
  p = (piece *)((char *)data - offsetof(piece, data) - (h->is_crooked ? 8 : 0));
  if (p->prev->next != p || p->next->prev != p)
    wrong(h, "a block of another heap");
  else if (p->size != size)
    wrong(h, "the size of a block");
  return p;
}

static void *heap_alloc(void *data, size_t size)
{
  heap *h = data;
  piece *p = gives(h, size) ? malloc(sizeof *p + size + 8) : NULL;

  if (!p) return NULL;
  h->allocs++;
  link_piece(h, p, size);
  memset(p->data, FRESH, size);
  return (char *)p->data + (h->is_crooked ? 8 : 0);
}

static void *heap_alloc_zeroed(void *data, size_t size)
{
  void *p = heap_alloc(data, size);

  if (p) ((heap *)data)->zeroed++;
  return p ? memset(p, 0, size) : NULL;
}

static void heap_free(void *data, void *block, size_t size)
{
  heap *h = data;
  piece *p = find_piece(h, block, size);

  if (!pthread_equal(h->thread, pthread_self())) wrong(h, "another thread");
  if (!p) return;
  h->frees++;
  unlink_piece(h, p);
  memset(p->data, STALE, p->size);
  free(p);
}

/* Always elsewhere. */
static void *heap_realloc(void *data, void *block, size_t old_size, size_t size)
{
  heap *h = data;
  piece *p = find_piece(h, block, old_size);
  void *q;

  if (!p) return NULL;
  h->reallocs++;
  q = heap_alloc(h, size);
  if (!q) return NULL;
  memcpy(q, block, old_size < size ? old_size : size);
  heap_free(h, block, old_size);
  return q;
}

static tenon_allocator allocator_of(heap *h)
{
  return (tenon_allocator){.size = sizeof(tenon_allocator),
                           .data = h,
                           .alloc = heap_alloc,
                           .realloc = heap_realloc,
                           .free = heap_free};
}

static int runtime_new(heap *h, size_t limit_bytes, tenon_runtime **out)
{
  tenon_allocator a = allocator_of(h);
  tenon_options o = {.size = sizeof o, .memory_limit_bytes = limit_bytes};
  int r;

  o.allocator = &a;
  r = t_runtime_new(&o, out);
  /* It was copied. */
  memset(&a, 0xff, sizeof a);
  if (r == 0) {
    r = tenon_runtime_add_module(*out, "held", tenon_module_held);
    if (r) t_free(*out);
  }
  return r;
}

static tenon_runtime *runtime(heap *h)
{
  tenon_runtime *rt = NULL;

  heap_init(h);
  CHECK_INT(0, runtime_new(h, 0, &rt));
  return rt;
}

static void end(tenon_runtime *rt, heap *h)
{
  t_free(rt);
  heap_end(h);
}

/* They outlive a test that fails, as its runtime does. */
static heap h, other;

/* --- What is wrong with an allocator -------------------------------------------------- */

static int new_with(const tenon_allocator *a)
{
  tenon_options o = {.size = sizeof o};
  tenon_runtime *rt = NULL;
  int r;

  o.allocator = a;
  r = tenon_runtime_new(&o, &rt);
  if (r) CHECK(!rt);
  tenon_runtime_free(rt);
  return r;
}

TEST(an_allocator_that_lacks_a_function_is_refused)
{
  tenon_allocator a;

  heap_init(&h);
  a = allocator_of(&h);
  CHECK_INT(0, new_with(&a));
  a.alloc = NULL;
  CHECK_INT(TENON_EINVAL, new_with(&a));
  a = allocator_of(&h);
  a.realloc = NULL;
  CHECK_INT(TENON_EINVAL, new_with(&a));
  a = allocator_of(&h);
  a.free = NULL;
  CHECK_INT(TENON_EINVAL, new_with(&a));
  heap_end(&h);
}

TEST(an_allocator_of_another_size_is_refused)
{
  tenon_allocator a;

  heap_init(&h);
  a = allocator_of(&h);
  a.size = 0;
  CHECK_INT(TENON_EINVAL, new_with(&a));
  a.size = sizeof a + 1;
  CHECK_INT(TENON_EINVAL, new_with(&a));
  CHECK_INT(0, h.calls);
}

TEST(a_block_that_is_not_aligned_counts_as_none)
{
  tenon_allocator a;

  heap_init(&h);
  h.is_crooked = true;
  a = allocator_of(&h);
  CHECK_INT(TENON_ENOMEM, new_with(&a));
  CHECK(h.allocs > 0);
  heap_end(&h);
}

TEST(an_allocator_that_gives_nothing_makes_no_runtime)
{
  tenon_allocator a;

  heap_init(&h);
  h.most_bytes = 1;
  a = allocator_of(&h);
  CHECK_INT(TENON_ENOMEM, new_with(&a));
  CHECK(h.calls > 0);
  heap_end(&h);
}

/* --- What comes from it, and goes back ------------------------------------------------ */

TENON_CALLBACK(str, echo, (str, s))
TENON_CALLBACK(none, told, (str, s))

/* By value, and by a copy that becomes one. */
typedef struct box {
  double size;
} box;

TENON_CLASS_AS("Box", box)
TENON_CONSTRUCTOR(box, (f64, size))
{
  self->size = size;
}
TENON_METHOD(copy(box), box, twice)
{
  box r = {self->size * 2};
  return r;
}

TENON_BLOCKING(str, ask, (echo, f), (u32, times))
{
  tenon_str r = {"", 0};
  uint32_t i;

  for (i = 0; i < times; i++)
    if (echo_call(f, &r, r)) break;
  return r;
}

TENON_FUNCTION(f64, add, (f64, a), (f64, b, 1))
{
  return a + b;
}

TENON_STRUCT(point, (f64, x), (f64, y, 0), (str, name, tenon_str_of("p")))

TENON_FUNCTION(array(point), points, (array(point), all))
{
  return all;
}

T_SETTLED_ELSEWHERE(i32, elsewhere)
{
  TENON_RESOLVE(elsewhere, deferred, 42);
}

static tenon_p_text said;

TENON_FUNCTION(none, say, (str, line))
{
  tenon_p_text_append(&said, line.data, line.len);
  tenon_p_text_puts(&said, ";");
  if (said.failed) tenon_fail_memory();
}

static int freed;

static void count_free(void *p)
{
  freed++;
  free(p);
}

TENON_FUNCTION(bytes, moved, (bytes, b))
{
  tenon_bytes r = {tenon_defer(free, malloc(b.len + 1)), b.len};

  if (!r.data) return tenon_fail_memory();
  memcpy((void *)r.data, b.data, b.len);
  return r;
}

TENON_FUNCTION(bytes, lent, (bytes, b))
{
  tenon_bytes r = {tenon_defer(count_free, malloc(b.len + 1)), b.len};

  if (!r.data) return tenon_fail_memory();
  memcpy((void *)r.data, b.data, b.len);
  return r;
}

static const char program[] =
    "import { say, add, ask, points, elsewhere, moved, Box } from 'held';\n"
    "say(`${add(1)} ${add(1, 2)}`);\n"
    "say(JSON.stringify(points([{ x: 1 }, { x: 2, name: 'n'.repeat(9) }])));\n"
    "say((await ask((s) => s + 'a', 3)));\n"
    "say((await Promise.all([1, 2, 3].map((i) => ask((s) => s + i, 4)))) + '');\n"
    "say((await ask(() => { throw new Error('no'); }, 1)\n"
    "  .catch((e) => {\n"
    "    if (e.message !== 'no') throw e;\n"
    "    return e.message; })));\n"
    "say(`${await elsewhere()} ${await add.async(3, 4)}`);\n"
    "say(`${moved(new Uint8Array([1, 2, 3]))}`);\n"
    "let text = '';\n"
    "for (let i = 0; i < 3000; i++) text += i;\n"
    "say(`${text.length} ${[...text].sort().lastIndexOf('0')}`);\n"
    "const grown = [];\n"
    "for (let i = 0; i < 2000; i++) grown.push({ i, ['k' + i % 50]: i });\n"
    "grown.length = 3;\n"
    "say(JSON.stringify(grown));\n"
    "const b = new ArrayBuffer(100, { maxByteLength: 9000 });\n"
    "b.resize(8000); new Uint8Array(b).fill(7);\n"
    "say(`${b.transfer(50).byteLength}`);\n"
    "say(`${new Map([[{}, 1]]).size} ${/(a+)b/.exec('xaab')[1]} ${2n ** 99n}`);\n"
    "try { eval('let = ;'); } catch (e) {\n"
    "  if (!(e instanceof SyntaxError)) throw e;\n"
    "  say(e.name); }\n"
    "const cycle = {}; cycle.self = new WeakRef(cycle);\n"
    "await new Promise((done) => setTimeout(done, 0));\n"
    "globalThis.boxes = [];\n"
    "for (let i = 0; i < 50; i++) {\n"
    "  const box = new Box(i); box.self = box; boxes[i % 5] = box.twice(); }\n"
    "say(`${boxes.length}`);\n"
    "function* g() { yield* [1, 2]; }\n"
    "say([...g()].join());\n"
    "const t = new EventTarget();\n"
    "t.addEventListener('x', (e) => say(e.type));\n"
    "t.dispatchEvent(new Event('x'));\n";

static const char expected[] =
    "2 3;[{\"x\":1,\"y\":0,\"name\":\"p\"},"
    "{\"x\":2,\"y\":0,\"name\":\"nnnnnnnnn\"}];aaa;1111,2222,3333;no;"
    "42 7;1,2,3;10890 789;"
    "[{\"i\":0,\"k0\":0},{\"i\":1,\"k1\":1},{\"i\":2,\"k2\":2}];50;"
    "1 aa 633825300114114700748351602688;SyntaxError;5;1,2;x;";

/* A whole life; the result of what went wrong. */
static int live(heap *h)
{
  tenon_allocator a = allocator_of(h);
  tenon_options o = {.size = sizeof o};
  tenon_realm *realm = NULL;
  tenon_runtime *rt;
  int r;

  o.allocator = &a;
  tenon_p_text_clear(&said);
  r = tenon_runtime_new(&o, &rt);
  if (r == 0) r = tenon_runtime_add_module(rt, "held", tenon_module_held);
  if (r == 0)
    r = tenon_runtime_eval_module(rt, program, strlen(program), "held.js");
  if (r == 0) r = tenon_runtime_run(rt);
  if (r == TENON_EEXCEPTION) {
    CHECK(tenon_runtime_exception(rt) != NULL);
    CHECK(tenon_runtime_explain(rt, r, TENON_FORM_TEXT) != NULL);
  }
  if (r == 0) r = tenon_realm_new(rt, NULL, &realm);
  if (realm) r = tenon_realm_free(realm);
  tenon_runtime_free(rt);
  return r;
}

TEST(every_block_goes_back_with_its_size_on_the_runtimes_thread)
{
  heap_init(&h);
  CHECK_INT(0, live(&h));
  CHECK_TEXT(expected, said.data);
  CHECK(h.allocs > 100 && h.reallocs > 10);
  heap_end(&h);
  tenon_p_text_release(&said);
}

static void live_elsewhere(void *result)
{
  heap h;

  heap_init(&h);
  *(int *)result = live(&h);
  if (h.wrong || h.live_bytes) *(int *)result = 1;
}

TEST(a_runtime_of_another_thread_asks_there)
{
  int r = -1;

  t_elsewhere(live_elsewhere, &r);
  CHECK_INT(0, r);
  tenon_p_text_release(&said);
}

TEST(two_runtimes_of_one_thread_have_their_own)
{
  tenon_runtime *rt = runtime(&h), *second = runtime(&other);
  size_t before = other.live_bytes;

  t_run(rt, "globalThis.kept = new Uint8Array(1000000);");
  CHECK(h.live_bytes > before + 900000);
  CHECK_INT(before, other.live_bytes);
  end(rt, &h);
  t_run(second, "globalThis.kept = 1;");
  end(second, &other);
}

/* Is there a block around it? */
static bool holds(const heap *h, const void *p)
{
  const piece *q;

  for (q = h->all.next; q != &h->all; q = q->next)
    if ((const char *)p >= (const char *)q->data &&
        (const char *)p < (const char *)q->data + q->size)
      return true;
  return false;
}

static heap *looked_at;

TENON_FUNCTION(bool, holds_bytes, (bytes, b))
{
  return holds(looked_at, b.data);
}

TEST(the_contents_of_buffers_come_from_it)
{
  tenon_runtime *rt = runtime(&h);

  looked_at = &h;
  t_run(rt, "import { holds_bytes } from 'held'; import { log } from 'test';\n"
            "log(`${holds_bytes(new Uint8Array(10))}`);\n"
            "log(`${holds_bytes(new ArrayBuffer(1000000))}`);\n"
            "log(`${holds_bytes(new Uint8Array(10).buffer.transfer(100))}`);");
  CHECK_LOG("true\ntrue\ntrue\n");
  end(rt, &h);
}

TEST(a_buffer_that_a_function_hands_over_is_copied_into_it)
{
  tenon_runtime *rt = runtime(&h);

  looked_at = &h;
  freed = 0;
  t_run(rt, "import { holds_bytes, moved, lent } from 'held';\n"
            "import { log } from 'test';\n"
            "const b = moved(new Uint8Array(9999).fill(3));\n"
            "log(`${holds_bytes(b)} ${b[9998]} ${b.length}`);\n"
            "log(`${holds_bytes(lent(new Uint8Array(10)))}`);");
  CHECK_LOG("true 3 9999\ntrue\n");
  CHECK_INT(1, freed);
  end(rt, &h);
}

TEST(zeroed_memory_is_asked_for_where_there_is_some)
{
  tenon_allocator a;
  tenon_options o = {.size = sizeof o};
  tenon_runtime *rt;

  heap_init(&h);
  a = allocator_of(&h);
  a.alloc_zeroed = heap_alloc_zeroed;
  o.allocator = &a;
  CHECK_INT(0, t_runtime_new(&o, &rt));
  h.zeroed = 0;
  t_run(rt, "import { log } from 'test';\n"
            "const b = new Uint8Array(100000);\n"
            "log(`${b.every((x) => x === 0)}`);");
  CHECK_LOG("true\n");
  CHECK(h.zeroed > 0);
  end(rt, &h);
}

TEST(memory_that_is_not_zeroed_is)
{
  tenon_runtime *rt = runtime(&h);

  t_run(rt, "import { log } from 'test';\n"
            "const b = new Uint8Array(100000);\n"
            "log(`${b.every((x) => x === 0)}`);");
  CHECK_LOG("true\n");
  end(rt, &h);
}

/* --- After the runtime ------------------------------------------------------------------ */

/* An arena that only goes forward, and that nothing may touch in the end. */
typedef struct arena {
  char *data;
  size_t used, size;
} arena;

static void *arena_alloc(void *data, size_t size)
{
  arena *a = data;
  size_t rounded = (size + 15) & ~(size_t)15;

  if (rounded > a->size - a->used) return NULL;
  a->used += rounded;
  return a->data + a->used - rounded;
}

static void *arena_realloc(void *data, void *p, size_t old_size, size_t size)
{
  void *q = arena_alloc(data, size);

  return q ? memcpy(q, p, old_size < size ? old_size : size) : NULL;
}

static void arena_free(void *data, void *p, size_t size)
{
  (void)data;
  memset(p, STALE, size);
}

static tenon_deferred *unsettled;
static told *kept;

TENON_ASYNC(none, never)
{
  unsettled = deferred;
}

TENON_FUNCTION(none, keep, (told, f))
{
  kept = told_keep(f);
}

static void settle_late(void *p)
{
  (void)p;
  CHECK_INT(TENON_ECLOSING, TENON_RESOLVE(never, unsettled));
  CHECK_INT(TENON_ECLOSING, told_post(kept, tenon_str_of("late")));
  CHECK_INT(TENON_ECLOSING, told_call(kept, tenon_str_of("late")));
  tenon_callback_release(kept);
}

static void outlive(bool on_another_thread)
{
  static const char left[] = "import { never } from 'held';\n"
                             "never(); setTimeout(() => {}, 1000000);";
  arena a = {NULL, 0, 256u << 20};
  tenon_allocator functions = {.size = sizeof functions,
                               .data = &a,
                               .alloc = arena_alloc,
                               .realloc = arena_realloc,
                               .free = arena_free};
  tenon_options o = {.size = sizeof o};
  tenon_runtime *rt;

  a.data = mmap(NULL, a.size, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  CHECK(a.data != MAP_FAILED);
  o.allocator = &functions;
  CHECK_INT(0, tenon_runtime_new(&o, &rt));
  CHECK_INT(0, tenon_runtime_add_module(rt, "held", tenon_module_held));
  CHECK_INT(0, t_eval_module(rt, "import { never, keep } from 'held';\n"
                                 "keep((s) => {});"));
  CHECK_INT(0, tenon_runtime_eval_module(rt, left, strlen(left), "b.js"));
  tenon_runtime_free(rt);
  /* Whoever still touches it crashes. */
  CHECK_INT(0, mprotect(a.data, a.size, PROT_NONE));
  if (on_another_thread)
    t_elsewhere(settle_late, NULL);
  else
    settle_late(NULL);
  munmap(a.data, a.size);
}

TEST(what_outlives_the_runtime_lies_elsewhere)
{
  outlive(false);
}

TEST(what_another_thread_still_holds_lies_elsewhere)
{
  outlive(true);
}

/* --- Limits and failures ---------------------------------------------------------------- */

TEST(what_the_runtime_counts_is_what_it_has_got)
{
  tenon_runtime *rt = runtime(&h);
  size_t used = tenon_runtime_memory(rt).used_bytes, more;

  CHECK(h.live_bytes > used / 2 && h.live_bytes < used * 2);
  t_run(rt, "globalThis.kept = new ArrayBuffer(10000000);");
  more = tenon_runtime_memory(rt).used_bytes - used;
  CHECK(more >= 10000000 && more < 10100000);
  CHECK(h.live_bytes >= used / 2 + 10000000);
  t_run(rt, "globalThis.kept = null;");
  tenon_runtime_collect(rt);
  CHECK(tenon_runtime_memory(rt).used_bytes < used + 100000);
  end(rt, &h);
}

TEST(a_limit_holds_as_with_malloc)
{
  tenon_runtime *rt;

  heap_init(&h);
  CHECK_INT(0, runtime_new(&h, 4 << 20, &rt));
  CHECK_THROWS(rt, "out of memory",
               "{ const all = []; for (;;) all.push(new Uint8Array(1000)); }");
  CHECK(h.live_bytes < 5 << 20);
  t_run(rt, "globalThis.a = 1;");
  end(rt, &h);
}

TEST(garbage_is_collected_below_what_the_allocator_has)
{
  tenon_runtime *rt;

  heap_init(&h);
  h.most_bytes = 5 << 20;
  CHECK_INT(0, runtime_new(&h, 4 << 20, &rt));
  t_run(rt, "for (let i = 0; i < 300000; i++) { const a = { i }; a.a = a; }\n"
            "for (let i = 0; i < 300; i++) {\n"
            "  const b = [new ArrayBuffer(200000)]; b.push(b); }");
  end(rt, &h);
}

TEST(a_script_that_it_gives_nothing_sees_an_error)
{
  tenon_runtime *rt = runtime(&h);

  h.most_bytes = h.live_bytes + (1 << 20);
  t_run(rt, "import { log } from 'test';\n"
            "let all = [];\n"
            "try { for (;;) all.push({}); } catch (e) {\n"
            "  all = null;\n"
            "  log(`${e.name}: ${e.message}`);\n"
            "}");
  CHECK_LOG("InternalError: out of memory\n");
  end(rt, &h);
}

TEST(a_program_may_end_by_it)
{
  tenon_allocator a;
  tenon_options o = {.size = sizeof o, .ends_at_memory_limit = true};
  tenon_runtime *rt;

  heap_init(&h);
  a = allocator_of(&h);
  o.allocator = &a;
  CHECK_INT(0, t_runtime_new(&o, &rt));
  h.most_bytes = h.live_bytes + (1 << 20);
  CHECK_INT(TENON_ETERMINATED,
            t_eval_module(rt, "const all = [];\n"
                              "for (;;) try { all.push({}); } catch {}"));
  CHECK_INT(TENON_LIMIT_MEMORY, tenon_runtime_limit(rt));
  end(rt, &h);
}

TEST(injected_failures_still_come)
{
  tenon_allocator a;
  tenon_p_heap own;
  tenon_runtime *rt;
  uint64_t count;

  heap_init(&h);
  tenon_p_alloc_inject(0, false);
  CHECK_INT(0, live(&h));
  count = tenon_p_alloc_stop();
  CHECK(count > h.allocs);
  tenon_p_alloc_inject(3, true);
  CHECK_INT(TENON_ENOMEM, runtime_new(&h, 0, &rt));
  tenon_p_alloc_stop();
  heap_end(&h);
  a = allocator_of(&h);
  tenon_p_heap_init(&own, 0, &a);
  tenon_p_alloc_inject(1, true);
  CHECK(!tenon_p_heap_alloc(&own, 10));
  CHECK(!tenon_p_heap_grow(&own, NULL, 10));
  CHECK_INT(2, tenon_p_alloc_stop());
  heap_end(&h);
  tenon_p_text_release(&said);
}

/* A point of failure after the other: each run fails or does all right. */
static void fail_each(bool is_lasting)
{
  uint64_t at, count, step;

  heap_init(&h);
  CHECK_INT(0, live(&h));
  count = h.calls;
  step = t_oom_step(count);
  for (at = 1; at <= count; at += step) {
    int r;
    heap_init(&h);
    h.fail_at = at;
    h.is_lasting = is_lasting;
    alarm(60);
    r = live(&h);
    alarm(0);
    if (r == 0 && (!said.data || strcmp(said.data, expected) != 0)) {
      print_error("call %llu of %llu failed unnoticed: %s\n",
                  (unsigned long long)at, (unsigned long long)count,
                  said.data ? said.data : "");
      fail();
    }
    heap_end(&h);
  }
  tenon_p_text_release(&said);
}

TEST(each_call_fails_once)
{
  fail_each(false);
}

TEST(each_call_fails_from_some_point_on)
{
  fail_each(true);
}
