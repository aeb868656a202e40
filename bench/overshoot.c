/*
 * How long after its deadline a program still runs: each row is one call of a
 * builtin that takes long, ended by a time limit of 20 ms. Prints a table, and
 * fails only where a program is not ended at all.
 *
 *   overshoot [TEXT]   only the rows in whose names TEXT is
 */
#include <stdio.h>
#include <string.h>
#include <tenon.h>
#include <time.h>

#define LIMIT_MS 20

static const struct {
  const char *name, *before, *call;
} rows[] = {
    {"sort of 3e6 numbers",
     "x = Array.from({length: 3e6}, (_, i) => i * 7919 % 1e6);", "x.sort()"},
    {"sort of 5e5 strings",
     "x = Array.from({length: 5e5}, (_, i) => 'k' + i * 7919 % 1e6);",
     "x.sort()"},
    {"sort of a typed array, 2e7",
     "x = Float64Array.from({length: 2e6}, (_, i) => i * 7919 % 1e6);"
     " x = new Float64Array(2e7).map((_, i) => x[i % 2e6]);",
     "x.sort()"},
    {"toSorted of 3e6 numbers",
     "x = Array.from({length: 3e6}, (_, i) => i * 7919 % 1e6);",
     "x.toSorted()"},
    {"split of 2e7 characters", "x = 'ab,'.repeat(7e6);", "x.split(',')"},
    {"split into characters, 2e7", "x = 'abc'.repeat(7e6);", "x.split('')"},
    {"join of 5e6 numbers", "x = new Array(5e6).fill(12.5);", "x.join()"},
    {"JSON.stringify of 3e6 numbers", "x = new Array(3e6).fill(1.25);",
     "JSON.stringify(x)"},
    {"JSON.stringify of 1e6 objects",
     "x = []; for (let i = 0; i < 1e6; i++) x.push({a: i, b: 'x'});",
     "JSON.stringify(x)"},
    {"JSON.parse of 4e7 characters", "x = '[' + '1,'.repeat(2e7) + '1]';",
     "JSON.parse(x)"},
    {"JSON.parse of 1e6 objects", "x = '[' + '{\"a\":1},'.repeat(1e6) + '1]';",
     "JSON.parse(x)"},
    {"repeat to 1e9", "", "'abc'.repeat(3e8)"},
    {"concat of 5e8 characters", "x = 'ab'.repeat(2.5e8);", "x.concat(x)"},
    {"padStart to 1e9", "", "''.padStart(1e9, 'abc')"},
    {"replaceAll in 2e7", "x = 'ab'.repeat(1e7);", "x.replaceAll('a', 'c')"},
    {"replace by RegExp in 2e6", "x = 'ab'.repeat(1e6);",
     "x.replace(/a/g, 'c')"},
    {"match in 1e7", "x = 'ab'.repeat(5e6);", "x.match(/a/g)"},
    {"RegExp that goes back", "x = 'a'.repeat(40) + 'b';", "/^(a+)+$/.test(x)"},
    {"RegExp over 1e8", "x = 'a'.repeat(1e8);", "/b/.test(x)"},
    {"toUpperCase of 1e8", "x = 'a'.repeat(1e8);", "x.toUpperCase()"},
    {"normalize of 1e7", "x = '\\u00e9\\u0301'.repeat(5e6);",
     "x.normalize('NFD')"},
    {"localeCompare of 2e7", "x = '\\u00e9'.repeat(2e7); y = x + 'a';",
     "x.localeCompare(y)"},
    {"indexOf in 5e8 characters", "x = 'a'.repeat(5e8);", "x.indexOf('b')"},
    {"indexOf of a long text",
     "x = 'a'.repeat(1e6); y = 'a'.repeat(5e5) + 'b';", "x.indexOf(y)"},
    {"lastIndexOf of a long text",
     "x = 'a'.repeat(1e6); y = 'b' + 'a'.repeat(5e5);", "x.lastIndexOf(y)"},
    {"trim of 1e8", "x = ' '.repeat(1e8);", "x.trim()"},
    {"encodeURIComponent of 2e7", "x = '\\u00e9'.repeat(2e7);",
     "encodeURIComponent(x)"},
    {"escape of 2e7", "x = '\\u00e9'.repeat(2e7);", "escape(x)"},
    {"isWellFormed of 1e8", "x = '\\u00e9\\u4e2d'.repeat(5e7);",
     "x.toWellFormed()"},
    {"String.raw of 1e7 parts", "x = {raw: new Array(1e7).fill('a')};",
     "String.raw(x)"},
    {"fill of 2e7 elements", "x = new Array(2e7).fill(0);", "x.fill(1)"},
    {"fill of a sparse array, 4e9", "x = []; x.length = 4e9;",
     "x.fill(1, 4e9 - 1e8)"},
    {"copyWithin of 2e7", "x = new Array(2e7).fill(0);", "x.copyWithin(0, 1)"},
    {"concat of 2e7", "x = new Array(2e7).fill(0);", "x.concat(x)"},
    {"slice of 3e7", "x = new Array(3e7).fill(0);", "x.slice(1)"},
    {"splice of 2e7", "x = new Array(2e7).fill(0);", "x.splice(1, 1)"},
    {"unshift on 2e7", "x = new Array(2e7).fill(0);", "x.unshift(1)"},
    {"reverse of 3e7", "x = new Array(3e7).fill(0);", "x.reverse()"},
    {"indexOf in 5e7 elements", "x = new Array(5e7).fill(0);", "x.indexOf(1)"},
    {"includes in 5e7 elements", "x = new Array(5e7).fill(0);",
     "x.includes(1)"},
    {"indexOf in 1e9 holes", "x = []; x.length = 1e9;", "x.indexOf(1)"},
    {"lastIndexOf in 4e9 holes", "x = []; x.length = 4e9;", "x.lastIndexOf(1)"},
    {"flat of 1e7", "x = new Array(1e7).fill(0);", "x.flat()"},
    {"Array.from of 2e7", "x = new Array(2e7).fill(0);", "Array.from(x)"},
    {"Array.from of a length of 2e7", "", "Array.from({length: 2e7})"},
    {"spread of 2e7", "x = new Array(2e7).fill(0);", "[...x]"},
    {"keys of an array, 5e6", "x = new Array(5e6).fill(0);", "Object.keys(x)"},
    {"keys of 1e6 members",
     "x = {}; for (let i = 0; i < 1e6; i++) x['k' + i] = i;", "Object.keys(x)"},
    {"entries of 1e6 members",
     "x = {}; for (let i = 0; i < 1e6; i++) x['k' + i] = i;",
     "Object.entries(x)"},
    {"spread of 1e6 members",
     "x = {}; for (let i = 0; i < 1e6; i++) x['k' + i] = i;", "({...x})"},
    {"freeze of 1e6 members",
     "x = {}; for (let i = 0; i < 1e6; i++) x['k' + i] = i;",
     "Object.freeze(x)"},
    {"fromEntries of 1e6",
     "x = Array.from({length: 1e6}, (_, i) => ['k' + i, i]);",
     "Object.fromEntries(x)"},
    {"new Map of 3e6", "x = Array.from({length: 3e6}, (_, i) => [i, i]);",
     "new Map(x)"},
    {"new Set of 5e6", "x = Array.from({length: 5e6}, (_, i) => i);",
     "new Set(x)"},
    {"union of sets of 3e6",
     "x = new Set(Array.from({length: 3e6}, (_, i) => i));",
     "x.union(new Set())"},
    {"clear of a map of 3e6",
     "x = new Map(Array.from({length: 3e6}, (_, i) => [i, i]));", "x.clear()"},
    {"fill of a typed array, 1e9", "x = new Uint8Array(1e9);", "x.fill(1)"},
    {"fill of 1e8 doubles", "x = new Float64Array(1e8);", "x.fill(1)"},
    {"set of a typed array, 5e7",
     "x = new Float64Array(5e7); y = new Uint8Array(5e7);", "x.set(y)"},
    {"set of an array, 2e7",
     "x = new Float64Array(2e7); y = new Array(2e7).fill(1);", "x.set(y)"},
    {"indexOf in a typed array, 1e8", "x = new Float64Array(1e8);",
     "x.indexOf(1)"},
    {"reverse of a typed array, 1e8", "x = new Float64Array(1e8);",
     "x.reverse()"},
    {"join of a typed array, 5e6", "x = new Float64Array(5e6).fill(1.5);",
     "x.join()"},
    {"typed array of an array, 2e7", "x = new Array(2e7).fill(1);",
     "new Float64Array(x)"},
    {"typed array of another, 5e7", "x = new Uint8Array(5e7);",
     "new Float64Array(x)"},
    {"new ArrayBuffer of 1e9", "", "new ArrayBuffer(1e9)"},
    {"toHex of 2e8", "x = new Uint8Array(2e8);", "x.toHex()"},
    {"toBase64 of 2e8", "x = new Uint8Array(2e8);", "x.toBase64()"},
    {"btoa of 1e8", "x = 'a'.repeat(1e8);", "btoa(x)"},
    {"TextEncoder of 2e8",
     "x = typeof TextEncoder === 'function' ? 'a'.repeat(2e8) : null;",
     "x && new TextEncoder().encode(x)"},
    {"structuredClone of 1e6", "x = new Array(1e6).fill({a: 1});",
     "typeof structuredClone === 'function' && structuredClone(x)"},
    {"BigInt multiplication, 4e6 bits", "x = (1n << 4000000n) - 1n;", "x * x"},
    {"BigInt division, 8e6 by 4e6 bits",
     "x = (1n << 8000000n) - 1n; y = (1n << 4000000n) - 3n;", "x / y"},
    {"BigInt remainder, 8e6 by 4e6 bits",
     "x = (1n << 8000000n) - 1n; y = (1n << 4000000n) - 3n;", "x % y"},
    {"BigInt to digits, 1e6 bits", "x = (1n << 1000000n) - 1n;",
     "x.toString()"},
    {"BigInt of 3e5 digits", "x = '7'.repeat(300000);", "BigInt(x)"},
    {"BigInt power", "x = 3n ** 100000n;", "x ** 30n"},
    {"parse of 2e6 statements", "x = 'a=1;'.repeat(2e6);", "Function(x)"},
    {"parse of a long string", "x = '\"' + 'a'.repeat(1e8) + '\"';",
     "Function(x)"},
    {"compile of a long RegExp", "x = 'a|b'.repeat(1e6);", "new RegExp(x)"},
    {"parse of a number, 1e8 digits", "x = '1'.repeat(1e8);", "Number(x)"},
    {"console.log of 1e6 elements", "x = new Array(1e6).fill(0);",
     "console.log(x.length && ' ')"},
    {"collection of 3e6 objects",
     "x = []; for (let i = 0; i < 3e6; i++) x.push({a: x});",
     "(() => { for (let i = 0; i < 1e7; i++) ({a: {}}).b = {}; })()"},
    {"freeing of 1e7 elements",
     "x = []; for (let i = 0; i < 5e6; i++) x.push({a: 1});", "x = null"},
    {"flattening of a long rope",
     "x = ''; for (let i = 0; i < 3e6; i++) x += 'abcdefgh' + i;",
     "x.indexOf('q')"},
    {"atoms of a long text", "x = 'a'.repeat(3e8);", "({})[x]"},
    {"comparison of long texts", "x = 'a'.repeat(3e8); y = 'a'.repeat(3e8);",
     "x + 'a' < y + 'a'"},
    {"Date.parse", "x = '1'.repeat(1e7);", "Date.parse(x)"},
    {"bind and apply of 6e4", "x = new Array(6e4).fill(0);",
     "Math.max.apply(null, x)"},
    {"getOwnPropertyDescriptors",
     "x = {}; for (let i = 0; i < 1e6; i++) x['k' + i] = i;",
     "Object.getOwnPropertyDescriptors(x)"},
    {"Atomics and holes: every", "x = []; x.length = 1e9;", "x.every(() => 1)"},
    {"forEach over 4e9 holes", "x = []; x.length = 4e9;", "x.forEach(() => 1)"},
    {"shift of a sparse array", "x = {length: 2 ** 53 - 1};",
     "Array.prototype.shift.call(x)"},
    {"reverse of a huge length", "x = {length: 2 ** 53 - 1};",
     "Array.prototype.reverse.call(x)"},
    {"join of a huge length", "x = {length: 2 ** 53 - 1};",
     "Array.prototype.join.call(x, '')"},
    {"with a proxy of a huge length",
     "x = new Proxy({length: 2 ** 53 - 1}, {});",
     "Array.prototype.includes.call(x, 1)"},
    {"toReversed of holes, 1e8", "x = []; x.length = 1e8;", "x.toReversed()"},
    {"copyWithin of a huge length", "x = {length: 2 ** 53 - 1};",
     "Array.prototype.copyWithin.call(x, 0, 1)"},
    {"lastIndexOf of a huge length", "x = {length: 2 ** 53 - 1};",
     "Array.prototype.lastIndexOf.call(x, 1)"},
    {"fill of a huge length",
     "x = new Proxy({length: 2 ** 53 - 1}, {set: Reflect.set.bind()});",
     "Array.prototype.fill.call({length: 2 ** 53 - 1, set 0(v) {}}, 0)"},
};

static double now_ms(void)
{
  struct timespec t;

  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int eval(tenon_runtime *rt, const char *text)
{
  return tenon_runtime_eval_script(rt, text, strlen(text), "overshoot.js");
}

/* 0, or 1 where it cannot be told. */
static int measure(const char *name, const char *before, const char *call)
{
  tenon_options options = {.size = sizeof options,
                           .memory_limit_bytes = (size_t)4 << 30,
                           .ends_at_memory_limit = true};
  char text[1024];
  tenon_runtime *rt;
  double start, took;
  int r = tenon_runtime_new(&options, &rt);

  if (r) return 1;
  snprintf(text, sizeof text, "var x, y; %s; void 0", before);
  r = eval(rt, text);
  if (r) {
    printf("%-36s %s in its beginning\n", name, tenon_error_name(r));
    tenon_runtime_free(rt);
    return 1;
  }
  snprintf(text, sizeof text, "%s; void 0", call);
  start = now_ms();
  r = tenon_runtime_set_time_limit(rt, LIMIT_MS);
  if (r == 0) r = eval(rt, text);
  took = now_ms() - start;
  if (r == TENON_ETERMINATED && tenon_runtime_limit(rt) == TENON_LIMIT_TIME)
    printf("%-36s %9.1f ms over\n", name, took - LIMIT_MS);
  else if (took > LIMIT_MS)
    printf("%-36s %9.1f ms over, %s\n", name, took - LIMIT_MS,
           r ? tenon_error_name(r) : "to its end");
  else
    printf("%-36s %9.1f ms in all, %s\n", name, took,
           r ? tenon_error_name(r) : "done");
  tenon_runtime_free(rt);
  return 0;
}

int main(int argc, char **argv)
{
  size_t i;
  int failed = 0;

  setvbuf(stdout, NULL, _IOLBF, 0);
  for (i = 0; i < sizeof rows / sizeof *rows; i++)
    if (argc < 2 || strstr(rows[i].name, argv[1]))
      failed |= measure(rows[i].name, rows[i].before, rows[i].call);
  return failed;
}
