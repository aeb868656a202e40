// What programs do, and may not do, with the tables of test/c/test-declare.c.
import {
  access, callbacks, coerced, containers, either, handlers, id, in_place,
  lax, method, on_step, pair, pair_input, place, record, tell, tuples, what,
} from './kinds.js';

function is<T>(_: T): void {}
declare const here: place;

const step: on_step = (at, note, more) => {
  is<place>(at);
  is<string | undefined>(note);
  return more ? 1 : 1n;
};
callbacks(step);
callbacks(() => 1, null);
callbacks(step, (bytes) => is<Uint8Array<ArrayBuffer>>(bytes), { step });
const all: handlers = { step, done: null };
callbacks(step, undefined, all);
// @ts-expect-error returns no number
callbacks(() => 'x');
// @ts-expect-error gets a place
callbacks((at: string) => 1);
// @ts-expect-error needed
callbacks();

coerced('1', '2');
coerced(undefined, true, {});
// @ts-expect-error BigInt() does not take it
coerced(1, undefined);

const two: pair = containers({ a: 1, b: 2n, c: null, d: undefined },
  ['x', { x: 1 }], ['x', undefined], [1, 2n, ['x'], new Date(0)]);
is<number>(two[1].y);
const input: pair_input = two;
containers({}, input, ['x', 1], []);
// @ts-expect-error too short
containers({}, ['x'], ['x', 1], []);
// @ts-expect-error too long
containers({}, ['x', here, 1], ['x', 1], []);
// @ts-expect-error no value of the record
containers({ a: 'x' }, input, ['x', 1], []);
// @ts-expect-error none of them
containers({}, input, ['x', 1], [true]);

const some: id = either(1n);
is<number | string | place>(some);
either('x');
either(here);
// @ts-expect-error none of them
either(true);

is<Float64Array<ArrayBuffer>>(in_place(new Uint8Array(1),
  new BigInt64Array(1), new Int16Array(1), new DataView(new ArrayBuffer(1))));
// @ts-expect-error another typed array
in_place(new Int8Array(1), new BigInt64Array(1), new Int16Array(1), new ArrayBuffer(1));
// @ts-expect-error an array is not written to
in_place(new Uint8Array(1), new BigInt64Array(1), [1], new ArrayBuffer(1));

const flags: readonly access[] = ['read'];
is<Date>(method.call({ x: 1 }, flags, 'a', 'b'));
const holder = { x: 1, method };
is<Date>(holder.method(['read', 'write']));
is<Promise<Date>>(method.async.call(here, []));
// @ts-expect-error `this` is a place
method([]);
method.call(here, 'read');
// @ts-expect-error no flag
method.call(here, 'nope');
// @ts-expect-error no flag
method.call(here, ['nope']);
// @ts-expect-error the rest are texts
method.call(here, [], 1);

is<number | null | undefined>(record(1)['a']);
// @ts-expect-error may not be there
record(1)['a'].toFixed();

is<access[]>(tell(Symbol(), [(bytes) => bytes.length]));
what(1, 2, 3n, ['x']).whatever();
what();
// @ts-expect-error none of them
what(1, 'x');

is<lax>(tuples([1], [undefined, 1]));
tuples([1, null, 2n], [1n, 1, 'x', () => {}]);
tuples([1, (bytes) => bytes.length, 2], [1, 1, undefined, null]);
is<number>(tuples([1], [1, 1])[2]);
// @ts-expect-error too short
tuples([], [1, 1]);
// @ts-expect-error too short
tuples([1], [1]);
// @ts-expect-error too long
tuples([1, null, 2, 3], [1, 1]);
