// What programs do with test/types/module.c: all of it is right.
import all, {
  change, color, delete as remove, digest, distance, fib, flatten, grow, level,
  middle, month, nothing, numbers, Options, PI, point, sleep, string_, tree,
  tree_input, words, access, entry, file, file_input, id, join, scale, sort, stat,
  account, account_input, box, hooks, parse, unpack, walk, watch, 'a name' as named,
  'c11 spaced' as spaced,
} from 'all';

function is<T>(_: T): void {}

is<number>(fib(1));
is<number>(fib(1n));
is<Promise<number>>(fib.async(1n));
is<number>(distance({ x: 1, y: 2 }));
const here: point = { x: 1, y: 2 };
is<number>(distance(here, undefined));

const given: account_input = { id: 1n, name: 'Ada', lamp: 'red' };
const all_given: account_input = {
  id: 1, name: 'Ada', mail: undefined, place: null, limit: undefined,
  lamp: 'green',
};
const taken: account = change(given, null);
is<number>(taken.id);
is<string | undefined>(taken.mail);
is<point | null>(taken.place);
is<number>(taken.limit);
// What came out goes in again.
is<account>(change(taken, undefined, 'mail'));
is<account>(change(all_given));

const how: Options = {};
const trees: tree = grow({ accounts: [given], colors: ['red', null, undefined] },
  { deep: true, sizes: new Float64Array(2) });
is<tree>(grow(trees, how));
const frozen: readonly account_input[] = Object.freeze([given]);
const small: tree_input = { accounts: frozen, colors: [] };
is<account[]>(grow(small, { sizes: [1, 2] }).accounts);
is<(color | null)[]>(grow(small, how).colors);

nothing();
is<string_>(words({ delete: '', Date: 1n }));
const high: level = 'it\'s \\ high';
const may: month = 'may';
is<Uint8Array<ArrayBuffer>>(numbers(true, 1, 2, 3, 4, 5, 6, 7, 8n, 9, 10, 11,
  12n, 13n, '', '', new Uint8Array(1), high));
is<Uint8Array<ArrayBuffer>>(numbers(true, 1, 2, 3, 4, 5, 6, 7n, 8, 9n, 10, 11,
  12n, 13n, '', '', new ArrayBuffer(1), 'not low', may));
numbers(true, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12n, 13n, '', '',
  new DataView(new ArrayBuffer(1)), high, undefined);

is<number[]>(flatten([[1], new Float32Array(1)], [1n], [1, 2n], ['', undefined]));
flatten([], new BigInt64Array(1), new BigUint64Array(1), [], null);
flatten([], [], new Uint8Array(1), [],
  [new Uint8Array(1), new ArrayBuffer(1)] as const);
is<point | null>(middle(undefined, null, 1));
is<Promise<point | null>>(middle.async(here, here, 1));

remove(1);
remove(1, 'x');
is<Promise<void>>(remove.async(1));
is<number | undefined>(spaced(1));
is<Promise<string>>(digest(''));
is<Promise<void>>(sleep(1));

const some: file_input = {
  changed: new Date(0), access: 'read', id: 1n, counts: { a: 1, b: null },
};
const seen: file = stat(some, { de: 'x' });
stat(seen, {}, new Date());
is<number>(seen.maxSize);
is<access[]>(seen.access);
is<id>(seen.id);
is<Date>(seen.changed);
is<Record<string, number | null>>(seen.counts);
const either: number | string | Uint8Array<ArrayBuffer> = seen.id;
is<typeof either>(either);
const scaled: Float32Array<ArrayBuffer> = scale(new Float32Array(1),
  new Uint8ClampedArray(1), new DataView(new ArrayBuffer(1)));
is<Float32Array>(scaled);
const sorted: entry[] = sort([['a', 1], ['b', 2n, 3]], new BigInt64Array(1));
is<number | undefined>(sorted[0]?.[2]);
sort(sorted, new BigInt64Array(1));

is<string>(join.call(here, 1, '2', '3', 'a', null, undefined));
const joined = { x: 1, y: 2, join };
is<string>(joined.join(null, undefined, true));
is<Promise<string>>(join.async.call(here, '', 1, 2));

watch({ by: (a, b) => a.length - (b?.length ?? 0) });
watch({ by: () => 1, then: async (where) => is<point | null>(where) }, () => 5);
is<Promise<void>>(watch.async({ by: () => 0, then: undefined }));
const given_hooks: hooks = { by: (a: string) => a.length };
watch(given_hooks, undefined);
parse('{}', (key, value) => key + value);
parse('{}', undefined);
const boxed: box[] = unpack([{ label: 'a', inside: () => {} }]);
is<string | undefined>(boxed[0]?.label);

for await (const at of walk(3)) is<point>(at);
is<Promise<AsyncIterableIterator<point>>>(walk.async());

is<number>(PI);
is<account | null>(named);
is<number>(all.now);
is<number>(all.PI);
is<account | null>(all['a name']);
all['c11 spaced'](1);
is<Promise<number>>(all.fib.async(2));
all.fib = fib;
