#!/bin/sh
# What is bound of a file of native source, and what each of it does in JavaScript.
#
# usage: rules-test.sh BUILD_DIR SCRATCH_DIR
set -eu
. "$(dirname "$0")/../tap.sh"
build=$(cd "$1" && pwd)
mkdir -p "$2"
cd "$2"
export TENON_CACHE_DIR="$PWD/cache"
unset CC CXX CFLAGS
# What the run of main.mjs prints, on both outputs, with its exit code.
run() { # [ARGUMENT...]
  "$build/tenon" main.mjs "$@" 2>&1 && code=0 || code=$?
  [ "$code" = 0 ] || echo "exit $code"
}

# A line for each expression of the arguments: what it gives, or its error.
cat >shown.mjs <<'END'
export function show(module, ...sources) {
  const names = Object.keys(module);
  for (const source of sources) {
    const f = new Function(...names, `return (${source})`);
    try {
      console.log(source, '->', f(...names.map((name) => module[name])));
    } catch (e) {
      console.log(source, '->', `${e.name}: ${e.message}`);
    }
  }
}
export async function refused(file, ...names) {
  const url = new URL(file, import.meta.url);
  for (const name of names) {
    try {
      await import(`data:text/javascript,import { ${name} } from '${url}'`);
      console.log(name, 'is exported');
    } catch (e) {
      console.log(e.message.replace(/^.*\.c(pp)?': /, ''));
    }
  }
}
END

# --- Names --------------------------------------------------------------------------

cat >names.c <<'END'
int fail(int n) { return n + 1; }
int find(int n) { return n + 2; }
int begin(int n) { return n + 3; }
int end(int n) { return n + 4; }
int lock(int n) { return n + 5; }
int t_0(int n) { return n + 6; }
int d_1(int n) { return n + 7; }
int host(int n) { return n + 8; }
int module(int n) { return n + 9; }
int functions(int n) { return n + 10; }
int data(int n) { return n + 11; }
int alloc(int n) { return n + 12; }
int chunks(int n) { return n + 13; }
int unused(int n) { return n + 14; }
int visibility(int n) { return n + 15; }
int result(int n) { return n + 16; }
int args(int n) { return n + 17; }
int drop(int (*fn)(int n, void *user), void *user) { return fn(18, user); }
int take(int (*fn)(int n)) { return fn(19); }
struct text { char text[4]; };
struct text text_in(struct text t) { return t; }
const int items = 20;
END
cat >main.mjs <<'END'
import * as module from './names.c';
import { show } from './shown.mjs';
show(module, '[fail(0), find(0), begin(0), end(0), lock(0), t_0(0), d_1(0)]',
  '[host(0), module(0), functions(0), data(0), alloc(0), chunks(0)]',
  '[unused(0), visibility(0), result(0), args(0)]',
  '[drop((n) => n), take((n) => n), items, text_in({ text: "abc" }).text]');
END
is 'functions may have the names that generated code has' \
"[fail(0), find(0), begin(0), end(0), lock(0), t_0(0), d_1(0)] -> [
  1, 2, 3, 4,
  5, 6, 7
]
[host(0), module(0), functions(0), data(0), alloc(0), chunks(0)] -> [ 8, 9, 10, 11, 12, 13 ]
[unused(0), visibility(0), result(0), args(0)] -> [ 14, 15, 16, 17 ]
[drop((n) => n), take((n) => n), items, text_in({ text: \"abc\" }).text] -> [ 18, 19, 20, 'abc' ]" "$(run)"

# --- Values -------------------------------------------------------------------------

cat >values.c <<'END'
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum color { RED, GREEN = 5, BLUE };
enum { LIMIT = 64 };
const int version = 3;
const char *const title = "values";
const double ratios[2] = {0.5, 1.5};

int add(int a, int b) { return a + b; }
int64_t same(int64_t n) { return n; }
bool flip(bool b) { return !b; }
enum color next(enum color c) { return c == RED ? GREEN : BLUE; }
int length(const char *s) { return (int)strlen(s); }
const char *word(bool is_there) { return is_there ? "word" : NULL; }
_Complex double turn(_Complex double z) { return z * 1i; }
double first(const double *v) { return v[0]; }
void fill(int32_t *v) { v[0] = 7; }
uint32_t total(const uint8_t *data, size_t len)
{
  uint32_t n = 0;
  while (len) n += data[--len];
  return n;
}
END
cat >main.mjs <<'END'
import * as module from './values.c';
import { show } from './shown.mjs';
show(module, 'add(1, 2)', 'add(1.5, 2)', 'add(1)', 'add(2 ** 31, 0)',
  'same(2n ** 53n)', 'flip(true)', 'flip(1)',
  'next("RED")', 'next(0)', 'color.GREEN', 'LIMIT + version', 'title', 'ratios',
  'length("h\u00e9")', 'length("a\\0b")', 'length(null)', 'word(true)',
  'word(false)', 'turn([1, 2])', 'first(new Float64Array([4]))', 'first([4])',
  '((v) => (fill(v), v))(new Int32Array(2))', 'total(new Uint8Array([1, 2]))',
  'total(new Uint8Array([1, 2]).buffer)', 'total("ab")');
END
is 'values go by their types' \
"add(1, 2) -> 3
add(1.5, 2) -> TypeError: add: argument 1 'a': expected integer, got 1.5
add(1) -> TypeError: add: expected 2 arguments, got 1
add(2 ** 31, 0) -> RangeError: add: argument 1 'a': expected integer from -2147483648 to 2147483647, got 2147483648
same(2n ** 53n) -> RangeError: same: result: 9007199254740992 is not a safe integer
flip(true) -> false
flip(1) -> TypeError: flip: argument 1 'b': expected boolean, got 1
next(\"RED\") -> GREEN
next(0) -> TypeError: next: argument 1 'c': expected one of 'RED', 'GREEN', 'BLUE', got 0
color.GREEN -> 5
LIMIT + version -> 67
title -> values
ratios -> [ 0.5, 1.5 ]
length(\"hé\") -> 3
length(\"a\\0b\") -> TypeError: length: argument 1 's': expected string without NUL, got one with it
length(null) -> TypeError: length: argument 1 's': expected string, got null
word(true) -> word
word(false) -> null
turn([1, 2]) -> [ -2, 1 ]
first(new Float64Array([4])) -> 4
first([4]) -> TypeError: first: argument 1 'v': expected Float64Array, got array
((v) => (fill(v), v))(new Int32Array(2)) -> Int32Array(2) [ 7, 0 ]
total(new Uint8Array([1, 2])) -> 3
total(new Uint8Array([1, 2]).buffer) -> 3
total(\"ab\") -> TypeError: total: argument 1 'data': expected Uint8Array or ArrayBuffer, got string" "$(run)"

cat >structs.c <<'END'
struct inner { char word[4]; };
struct outer { char name[8]; unsigned low : 3; struct inner in; };
struct outer same(int n, struct outer o) { return o; }
int length(const struct inner *i) { return i->word[0] != 0; }
struct outer called(struct outer (*fn)(void)) { return fn(); }
END
cat >main.mjs <<'END'
import * as module from './structs.c';
import { show } from './shown.mjs';
globalThis.o = { name: 'abcdefg', low: 7, in: { word: 'abc' } };
show(module, 'JSON.stringify(same(1, o))', 'same(1, { ...o, name: "abcdefgh" })',
  'same(1, { ...o, name: "a\\0b" })', 'same(1, { ...o, low: 8 })',
  'same(1, { ...o, in: { word: "four" } })', 'same(1, { ...o, in: {} })',
  'length({ word: "four" })', 'called(() => ({ ...o, low: -1 }))',
  'called(() => ({ ...o, low: 9 }))', 'called(() => o).low');
END
is 'what does not fit into a struct is told with its place' \
"JSON.stringify(same(1, o)) -> {\"name\":\"abcdefg\",\"low\":7,\"in\":{\"word\":\"abc\"}}
same(1, { ...o, name: \"abcdefgh\" }) -> RangeError: same: argument 2 'o': 'name': expected a string of at most 7 bytes, got 8
same(1, { ...o, name: \"a\\0b\" }) -> TypeError: same: argument 2 'o': 'name': expected a string without NUL, got one with it
same(1, { ...o, low: 8 }) -> RangeError: same: argument 2 'o': 'low': expected a number of 3 bits, got 8
same(1, { ...o, in: { word: \"four\" } }) -> RangeError: same: argument 2 'o': 'word': expected a string of at most 3 bytes, got 4
same(1, { ...o, in: {} }) -> TypeError: same: argument 2 'o.in.word': expected string, got undefined
length({ word: \"four\" }) -> RangeError: length: argument 1 'i': 'word': expected a string of at most 3 bytes, got 4
called(() => ({ ...o, low: -1 })) -> RangeError: callback: result 'low': expected integer from 0 to 4294967295, got -1
called(() => ({ ...o, low: 9 })) -> RangeError: callback: result: 'low': expected a number of 3 bits, got 9
called(() => o).low -> 7" "$(run)"

# --- Lines of @js -------------------------------------------------------------------

cat >said.c <<'END'
// @js cflags: -DSCALE=3
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct point { double x, y; } point;
typedef struct box box;
struct box { int n; };

// @js sum(buf(v, count))
double sum(const double *v, int count)
{
  double total = 0;
  int i;
  for (i = 0; i < count; i++) total += v[i] * SCALE;
  return total;
}
// @js clear(buf(to, room))
void clear(void *to, uint8_t room) { memset(to, 1, room); }
/* @js divide(out quot, out rem) */
void divide(int a, int b, int *quot, int *rem) { *quot = a / b; *rem = a % b; }
/*
 * @js halve(out half)
 */
int halve(int n, int *half) { *half = n / 2; return n % 2; }
// @js shift(inout p)
void shift(point *p, double by) { p->x += by; }
// @js where(out p)
void where(point *p) { *p = (point){1, 2}; }
// @js twice(own)
char *twice(const char *s)
{
  char *r = malloc(2 * strlen(s) + 1);
  return r ? strcat(strcpy(r, s), s) : NULL;
}
void give_back(char *s) { free(s); }
// @js digit(out text, own(give_back), skip)
int digit(int n, char **text) { return n; }
// @js letter(out text, own(free))
int letter(int n, char **text)
{
  *text = calloc(2, 1);
  if (*text) (*text)[0] = (char)('a' + n);
  return 0;
}
// @js upper(str s, name first_byte)
int upper(char *s) { return s[0]; }
// @js size(opt s, opt p)
int size(const char *s, const point *p) { return (s ? (int)strlen(s) : -1) + (p ? (int)p->x : -10); }
// @js box_make(out b)
int box_make(int n, box **b)
{
  *b = n < 0 ? NULL : malloc(sizeof **b);
  if (*b) (*b)->n = n;
  return *b ? 0 : -1;
}
int box_get(const box *b) { return b->n; }
void box_free(box *b) { free(b); }
// @js later(async)
int later(int n) { return n + 1; }
END
cat >main.mjs <<'END'
import * as module from './said.c';
import { show } from './shown.mjs';
show(module, 'sum(new Float64Array([1, 2]))',
  '((v) => (clear(v), v))(new Uint8Array(2))', 'clear(new Uint8Array(256))',
  'divide(7, 2)', 'halve(7)', 'shift({ x: 1, y: 2 }, 3)', 'where()',
  'twice("ab")', 'letter(2)', 'digit(1)', 'first_byte("A")', 'upper("A")',
  'size("abc", { x: 4, y: 0 })', 'size(null, null)', 'size()', 'box_make(-1)',
  '((b) => [box_get(b), box_free(b)])(box_make(5).b)',
  '((b) => { b.close(); return box_get(b); })(box_make(6).b)',
  '(() => { using b = box_make(7).b; return box_get(b); })()',
  'box_get({})', 'new box()');
console.log(await module.later(1), await module.divide.async(9, 4));
END
is 'lines of @js say more' \
"sum(new Float64Array([1, 2])) -> 9
((v) => (clear(v), v))(new Uint8Array(2)) -> Uint8Array(2) [ 1, 1 ]
clear(new Uint8Array(256)) -> RangeError: clear: 'to': more than 255 elements
divide(7, 2) -> { quot: 3, rem: 1 }
halve(7) -> { result: 1, half: 3 }
shift({ x: 1, y: 2 }, 3) -> { x: 4, y: 2 }
where() -> { x: 1, y: 2 }
twice(\"ab\") -> abab
letter(2) -> { result: 0, text: 'c' }
digit(1) -> ReferenceError: digit is not defined
first_byte(\"A\") -> 65
upper(\"A\") -> ReferenceError: upper is not defined
size(\"abc\", { x: 4, y: 0 }) -> 7
size(null, null) -> -11
size() -> -11
box_make(-1) -> { result: -1, b: null }
((b) => [box_get(b), box_free(b)])(box_make(5).b) -> [ 5, undefined ]
((b) => { b.close(); return box_get(b); })(box_make(6).b) -> TypeError: box_get: argument 1 'b': expected box, got one that was disposed of
(() => { using b = box_make(7).b; return box_get(b); })() -> 7
box_get({}) -> TypeError: box_get: argument 1 'b': expected box, got object
new box() -> TypeError: box: there is no constructor
2 { quot: 2, rem: 1 }" "$(run)"

# --- What is refused ----------------------------------------------------------------

cat >refused.c <<'END'
#include <stdarg.h>
struct point { double x, y; };
union either { int i; float f; };
struct open;
int fine(void) { return 1; }
int many(const char *format, ...) { return 0; }
void *raw(void) { return 0; }
void any(void *p) { }
void move(struct point *p) { p->x++; }
long double precise(void) { return 1; }
int which(union either e) { return e.i; }
__int128 wide(void) { return 0; }
void write_to(char *s) { *s = 0; }
int of(struct open *o) { return 0; }
int sorted(int (*compare)(const void *, const void *)) { return 0; }
static int inner(void) { return 1; }
// @js hidden(skip)
int hidden(void) { return inner(); }
// @js slow(async)
int slow(int (*fn)(void)) { return fn(); }
int old(a) int a; { return a; }
END
cat >main.mjs <<'END'
import { refused } from './shown.mjs';
await refused('./refused.c', 'fine', 'many', 'raw', 'any', 'move', 'precise',
  'which', 'wide', 'write_to', 'of', 'sorted', 'hidden', 'slow', 'old');
END
is 'what is left out says why where it is imported' \
"fine is exported
refused.c:6: it is variadic
refused.c:7: its result is a pointer: nothing says how much is there, or who frees it
refused.c:8: parameter 'p': a void pointer: nothing says what is there
refused.c:9: parameter 'p': a struct that is written to; a line of @js can say inout or out
refused.c:10: its result: a long double, which a number does not hold
refused.c:11: parameter 'e': a union: which member counts is not known
refused.c:12: its result: an integer of 128 bits
refused.c:13: parameter 's': characters that are written to; a line of @js can say buf(p, count), or str where they are only read
refused.c:14: parameter 'o': nothing here both makes and closes what it points at
refused.c:15: parameter 'compare': a callback: it is given a void pointer besides the user's data
refused.c:18: a line of @js leaves it out
refused.c:20: parameter 'fn': the function is async, and this belongs to the loop
refused.c:21: its definition is of the old style, without a prototype" "$(run)"

# --- Callbacks ----------------------------------------------------------------------

cat >callbacks.c <<'END'
// @js cflags: -pthread
// @js link: -pthread
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

typedef void each_fn(int i, void *data);
int each(int n, each_fn *fn, void *data)
{
  int i;
  for (i = 0; i < n; i++) fn(i, data);
  return n;
}
int apply(int (*fn)(int n), int n) { return fn(n); }
void parts(void (*fn)(const uint8_t *data, size_t len, void *user), void *user)
{
  static const uint8_t bytes[] = {1, 2, 3};
  fn(bytes, 3, user);
  fn(NULL, 0, user);
}
static each_fn *stale;
static void *stale_data;
void lend(each_fn *fn, void *data) { stale = fn; stale_data = data; }
void call_lent(void) { stale(1, stale_data); }
static each_fn *kept;
static void *kept_data;
// @js on_event(keep fn, opt fn)
void on_event(each_fn *fn, void *data) { kept = fn; kept_data = data; }
void event(int n) { if (kept) kept(n, kept_data); }
static void *work(void *p)
{
  int i;
  for (i = 0; i < 3; i++) kept(i, kept_data);
  return p;
}
int events_of_thread(void)
{
  pthread_t t;
  if (pthread_create(&t, NULL, work, NULL)) return -1;
  return pthread_join(t, NULL);
}
typedef struct ask { int (*fn)(int n, void *data); void *data; int answer; } ask;
static void *run_ask(void *p)
{
  ask *a = p;
  a->answer = a->fn(1, a->data);
  return NULL;
}
static void *run_bare(void *p)
{
  (*(void (**)(void))p)();
  return NULL;
}
void bare_elsewhere(void (*fn)(void))
{
  pthread_t t;
  if (pthread_create(&t, NULL, run_bare, &fn) == 0) pthread_join(t, NULL);
}
int asked_elsewhere(int (*fn)(int n, void *data), void *data)
{
  ask a = {fn, data, -1};
  pthread_t t;
  if (pthread_create(&t, NULL, run_ask, &a)) return -1;
  pthread_join(t, NULL);
  return a.answer;
}
END
cat >main.mjs <<'END'
import * as module from './callbacks.c';
import { show } from './shown.mjs';
globalThis.log = [];
show(module, 'each(3, (i) => log.push(i))', 'log.splice(0)',
  'each(3, (i) => { log.push(i); if (i === 1) throw new Error("stop"); })',
  'log.splice(0)', 'apply((n) => n * 2, 21)', 'apply(() => "no", 1)',
  'parts((b) => log.push(b.length))', 'log.splice(0)',
  'lend(() => log.push("late"))', 'call_lent()', 'log.length',
  'on_event((n) => log.push(n))', 'event(1)', 'event(2)', 'log.splice(0)',
  'on_event(null)', 'event(3)', 'log.length',
  'on_event(() => { throw new Error("in an event"); })', 'event(4)',
  'on_event((n) => log.push("thread", n))', 'events_of_thread()', 'log.length',
  'asked_elsewhere((n) => n)', 'bare_elsewhere(() => log.push("bare"))');
await new Promise((resolve) => setTimeout(resolve, 20));
console.log(log.join(' '));
module.on_event(null);
END
is 'callbacks last as long as they are said to' \
"each(3, (i) => log.push(i)) -> 3
log.splice(0) -> [ 0, 1, 2 ]
each(3, (i) => { log.push(i); if (i === 1) throw new Error(\"stop\"); }) -> Error: stop
log.splice(0) -> [ 0, 1 ]
apply((n) => n * 2, 21) -> 42
apply(() => \"no\", 1) -> TypeError: callback: result: expected integer, got string
parts((b) => log.push(b.length)) -> undefined
log.splice(0) -> [ 3, 0 ]
lend(() => log.push(\"late\")) -> undefined
call_lent() -> TypeError: a callback was called after its lifetime
log.length -> 0
on_event((n) => log.push(n)) -> undefined
event(1) -> undefined
event(2) -> undefined
log.splice(0) -> [ 1, 2 ]
on_event(null) -> undefined
event(3) -> undefined
log.length -> 0
on_event(() => { throw new Error(\"in an event\"); }) -> undefined
event(4) -> Error: in an event
on_event((n) => log.push(\"thread\", n)) -> undefined
events_of_thread() -> 0
log.length -> 0
asked_elsewhere((n) => n) -> TypeError: asked_elsewhere: its callback was called on another thread, which cannot wait for a result
bare_elsewhere(() => log.push(\"bare\")) -> TypeError: bare_elsewhere: its callback was called on another thread
thread 0 thread 1 thread 2" "$(run)"

# --- Handles ------------------------------------------------------------------------

cat >handles.c <<'END'
#include <stdlib.h>

typedef struct room room;
struct room {
  int n;
  void (*listener)(int n, void *user);
  void *user;
};
static int closed;
room *room_new(int n)
{
  room *r = calloc(1, sizeof *r);
  if (r) r->n = n;
  return r;
}
int room_visit(room *r, void (*fn)(void *user), void *user)
{
  fn(user);
  return r->n;
}
int room_both(room *a, room *b, void (*fn)(void *user), void *user)
{
  fn(user);
  return a->n + b->n;
}
// @js room_listen(keep fn)
void room_listen(room *r, void (*fn)(int n, void *user), void *user)
{
  r->listener = fn;
  r->user = user;
}
int room_tell(room *r, int n)
{
  r->listener(n, r->user);
  return r->n;
}
int room_close(room *r)
{
  int n = r->n;
  closed++;
  r->n = -1;
  free(r);
  return n;
}
int closed_count(void) { return closed; }
END
cat >main.mjs <<'END'
import * as module from './handles.c';
import { show } from './shown.mjs';
globalThis.r = module.room_new(5);
show(module, 'room_visit(r, () => room_close(r))', 'room_close(r)', 'room_close(r)',
  '(r = room_new(6), room_visit(r, () => r.close()))', 'closed_count()',
  'room_visit(r, () => {})',
  '(r = room_new(7), room_both(r, r, () => room_visit(r, () => r.close())))',
  'closed_count()',
  '(r = room_new(8), room_listen(r, () => r.close()), room_tell(r, 1))',
  'closed_count()',
  '(r = room_new(9), room_visit(r, () => { throw new Error("mine"); }))',
  'room_close(r)', 'closed_count()');
END
is 'a handle that a call uses is closed behind it' \
"room_visit(r, () => room_close(r)) -> Error: room_close: this room is in use by another call
room_close(r) -> 5
room_close(r) -> TypeError: room_close: argument 1 'r': expected room, got one that was disposed of
(r = room_new(6), room_visit(r, () => r.close())) -> 6
closed_count() -> 2
room_visit(r, () => {}) -> TypeError: room_visit: argument 1 'r': expected room, got one that was disposed of
(r = room_new(7), room_both(r, r, () => room_visit(r, () => r.close()))) -> 14
closed_count() -> 3
(r = room_new(8), room_listen(r, () => r.close()), room_tell(r, 1)) -> 8
closed_count() -> 4
(r = room_new(9), room_visit(r, () => { throw new Error(\"mine\"); })) -> Error: mine
room_close(r) -> 9
closed_count() -> 5" "$(run)"

echo "1..$count"
exit $failed
