/*
 * Every allocation fails once, in turn, of programs with streams and watches:
 * each run either fails with an error or does everything right.
 * TENON_OOM_SAMPLE as in test-oom.c.
 */
#define TENON_MODULE stream_oom
#include "harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tenon.h>
#include <unistd.h>

#include "base/alloc.h"

TENON_MODULE_THREADS(any);

static tenon_p_text said;

TENON_FUNCTION(none, say, (str, line))
{
  tenon_p_text_append(&said, line.data, line.len);
  tenon_p_text_puts(&said, ";");
  if (said.failed) tenon_fail_memory();
}

TENON_STRUCT(piece, (str, text), (array(str), parts), (opt(i32), n))
TENON_STREAM(piece, pieces)
TENON_STREAM(bytes, chunks)
TENON_ITERABLE(piece, read_pieces)

typedef struct reader {
  tenon_deferred *deferred;
  read_pieces *from;
  int32_t n;
} reader;

static void on_piece(void *p, int code);
TENON_ASYNC(i32, count_later, (read_pieces, from))
{
  reader *r = tenon_deferred_alloc(deferred, sizeof *r);
  int code = TENON_ENOMEM;

  if (r) {
    *r = (reader){deferred, from, 0};
    code = read_pieces_read(from, on_piece, r);
  }
  if (code) tenon_fail_system(code, NULL, NULL);
}
static void on_piece(void *p, int code)
{
  reader *r = p;

  if (code == 0) {
    r->n += (int32_t)read_pieces_value(r->from)->parts.len;
    code = read_pieces_read(r->from, on_piece, r);
    if (code == 0) return;
  }
  if (code == TENON_EEND)
    (void)TENON_RESOLVE(count_later, r->deferred, r->n);
  else if (code != TENON_EEXCEPTION ||
           tenon_deferred_reject_failed(r->deferred))
    (void)tenon_deferred_reject_system(r->deferred, code, NULL, NULL);
}

static void *zeros(size_t size)
{
  return tenon_p_calloc(size);
}

/* Ends by what it failed by, or as it should. */
static int write_pieces(pieces *s)
{
  static const int32_t n = 7;
  tenon_str parts[] = {tenon_str_of("x"), tenon_str_of("yy")};
  piece p = {tenon_str_of("piece"), {parts, 2}, &n};
  int r = 0, i;

  for (i = 0; r == 0 && i < 12; i++)
    r = pieces_write(s, p);
  return r;
}

TENON_FUNCTION(pieces, twelve)
{
  pieces *s = pieces_new(20);
  int r;

  if (!s) return tenon_fail_memory();
  r = write_pieces(s);
  if (r)
    (void)tenon_stream_fail_system(s, r, NULL, NULL);
  else
    (void)tenon_stream_fail(s, TENON_RANGE_ERROR, "%s", "at the end");
  tenon_stream_release(s);
  return s;
}

TENON_FUNCTION(chunks, moved)
{
  chunks *s = chunks_new(2);
  uint8_t *p = zeros(100);
  tenon_bytes b = {p, 100};
  int r = s && p ? chunks_write_take(s, b, free, p) : TENON_ENOMEM;

  if (r) free(p);
  if (r == 0) r = chunks_write(s, b);
  if (r == 0)
    (void)tenon_stream_end(s);
  else if (s)
    (void)tenon_stream_fail_system(s, r, NULL, NULL);
  tenon_stream_release(s);
  if (!s) tenon_fail_memory();
  return s;
}

/* One that is written to while JavaScript waits. */
static pieces *open_one;
TENON_FUNCTION(pieces, opened)
{
  tenon_stream_release(open_one);
  open_one = pieces_new(2);
  if (!open_one) return tenon_fail_memory();
  return open_one;
}
TENON_FUNCTION(none, feed)
{
  piece p = {tenon_str_of("fed"), {NULL, 0}, NULL};
  int r = pieces_write(open_one, p);

  if (r)
    (void)tenon_stream_fail_system(open_one, r, NULL, NULL);
  else
    (void)tenon_stream_end(open_one);
}

static void on_ready(tenon_watch *w, int status, uint32_t events, void *p);
TENON_ASYNC(str, written, (i32, fd))
{
  tenon_watch *w;
  int r = tenon_watch_open(fd, TENON_WATCH_WRITABLE, on_ready, deferred, &w);

  if (r) tenon_fail_system(r, "watch", NULL);
}
static void on_ready(tenon_watch *w, int status, uint32_t events, void *p)
{
  tenon_deferred *d = p;

  (void)events;
  if (status)
    (void)tenon_deferred_reject_system(d, status, "watch", NULL);
  else
    (void)TENON_RESOLVE(written, d, tenon_str_of("ready"));
  CHECK_INT(0, tenon_watch_close(w, NULL));
}

static const char program[] =
    "import { say, twelve, moved, opened, feed, written,\n"
    "  count_later } from 'oom';\n"
    "let n = 0, end = '';\n"
    "try { for await (const p of twelve()) n += p.parts.length; }\n"
    "catch (e) { if (!(e instanceof RangeError)) throw e; end = e.message; }\n"
    "say(`${n} ${end}`);\n"
    "n = 0; for await (const c of moved()) n += c.length; say(`${n}`);\n"
    "for await (const p of twelve()) { say(p.text); break; }\n"
    "const t = opened(), all = [t.next(), t.next(), t.next()];\n"
    "feed(); say(JSON.stringify(await Promise.all(all)));\n"
    "const u = opened(), p = u.next(); await u.return();\n"
    "say(JSON.stringify(await p));\n"
    "say(await written(FD));\n"
    "const piece = { text: 'a', parts: ['x', 'y'.repeat(600)] };\n"
    /* Of an async generator the engine may lose a step, and so the end. */
    "const g = () => ({ i: 0, [Symbol.asyncIterator]() { return this; },\n"
    "  next() { return Promise.resolve({ value: piece,\n"
    "    done: this.i++ > 1 }); } });\n"
    "say(`${await count_later(g())} ${await count_later([piece])}`);\n"
    "say(await count_later([piece, 1]).catch((e) => {\n"
    "  if (!(e instanceof TypeError)) throw e; return e.message; }));\n";

static const char expected[] =
    "24 at the end;200;piece;"
    "[{\"value\":{\"text\":\"fed\",\"parts\":[]},\"done\":false},"
    "{\"done\":true},{\"done\":true}];{\"done\":true};ready;4 2;"
    "read_pieces: value: expected object, got 1;";

static int fd[2];

static int live(void)
{
  static char text[sizeof program + 16];
  const char *at = strstr(program, "FD");
  tenon_runtime *rt = NULL;
  int r;

  snprintf(text, sizeof text, "%.*s%d%s", (int)(at - program), program, fd[1],
           at + 2);
  tenon_p_text_clear(&said);
  r = tenon_runtime_new(NULL, &rt);
  if (r == 0) r = tenon_runtime_add_module(rt, "oom", tenon_module_stream_oom);
  if (r == 0) r = tenon_runtime_eval_module(rt, text, strlen(text), "oom.js");
  if (r == 0) r = tenon_runtime_run(rt);
  if (r == TENON_EEXCEPTION) CHECK(tenon_runtime_exception(rt) != NULL);
  tenon_runtime_free(rt);
  tenon_stream_release(open_one);
  open_one = NULL;
  return r;
}

static const t_oom oom = {.live = live, .said = &said, .expected = expected};

static void fail_each(bool is_lasting)
{
  CHECK_INT(0, pipe(fd));
  CHECK(t_fail_each(&oom, is_lasting) > 1500);
  close(fd[0]);
  close(fd[1]);
}

TEST(every_allocation_fails_once)
{
  fail_each(false);
}

TEST(every_allocation_fails_from_some_point_on)
{
  fail_each(true);
}
