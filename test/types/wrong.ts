// What no program may do with test/types/module.c: each line that is wrong is
// refused, or the compiler complains of the comment above it.
import all, {
  change, color, delete as remove, digest, distance, fib, flatten, grow, middle,
  file, join, numbers, parse, PI, scale, sleep, sort, stat, unpack, watch, words, account,
  account_input, tree, 'c11 spaced' as spaced,
} from 'all';

declare const one: account;
declare const some: tree;

// @ts-expect-error not from a string
fib('1');
// @ts-expect-error too few
fib();
// @ts-expect-error too many
fib(1, 2);
// @ts-expect-error not a bigint
const big: bigint = fib(1);
// @ts-expect-error not a Promise
fib(1).then;
// @ts-expect-error not null
fib(null);
// @ts-expect-error no y
distance({ x: 1 });
// @ts-expect-error an unknown member
distance({ x: 1, y: 2, z: 3 });
// @ts-expect-error not null: that is no default
distance({ x: 1, y: 2 }, null);
// @ts-expect-error what is a bigint for a moment is a number when it is back
const id: bigint = one.id;
// @ts-expect-error a nullable goes out as null
const place: { x: number; y: number } | undefined = one.place;
// @ts-expect-error an optional text may not be there
one.mail.length;
// @ts-expect-error no color
const lamp: color = 'pink';
// @ts-expect-error no color in a member
const given: account_input = { id: 1, name: '', lamp: 'pink' };
// @ts-expect-error no name
change({ id: 1, lamp: 'red' });
// @ts-expect-error opt is not null
change(one, null, null);
// @ts-expect-error an array of what is not an account
grow({ accounts: [1], colors: [] }, {});
// @ts-expect-error no second argument
grow(some);
// @ts-expect-error not an array
grow(some, { sizes: 1 });
// @ts-expect-error a typed array of bigints
grow(some, { sizes: new BigInt64Array(1) });
// @ts-expect-error not a typed array
grow(some, { sizes: new DataView(new ArrayBuffer(1)) });
// @ts-expect-error a number is no bigint
words({ delete: '', Date: 1 });
// @ts-expect-error an array of numbers is no array of bigints
flatten([], [1], [], []);
// @ts-expect-error null is not undefined
flatten([], [], [], [null]);
// @ts-expect-error an array is no bytes
flatten([], [], [], [], [[1]]);
// @ts-expect-error an object like an array is none
flatten({ length: 0 }, [], [], []);
// @ts-expect-error shared memory is refused
numbers(true, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12n, 13n, '', '', new SharedArrayBuffer(1), 'not low');
// @ts-expect-error not null
middle(null, null, 1);
// @ts-expect-error the last one is needed
middle(undefined, null);
// @ts-expect-error not a text
remove('x');
// @ts-expect-error may be undefined
spaced(1).toFixed();
// @ts-expect-error a Promise
digest('').length;
// @ts-expect-error a function that returns a Promise has no other
sleep.async(1);
declare const some_file: file;
// @ts-expect-error a Date
stat({ ...some_file, changed: 0 }, {});
// @ts-expect-error no flag
stat({ ...some_file, access: ['execute'] }, {});
// @ts-expect-error none of them
stat({ ...some_file, id: null }, {});
// @ts-expect-error a value of the record
stat({ ...some_file, counts: { a: 'x' } }, {});
// @ts-expect-error a value of the record
stat(some_file, { a: 1 });
// @ts-expect-error only under the name that JavaScript has
some_file.max_size;
// @ts-expect-error another typed array
scale(new Float64Array(1), new Uint8Array(1), new ArrayBuffer(1));
// @ts-expect-error memory that is written to cannot be written to elsewhere
scale.async;
// @ts-expect-error too long
sort([['a', 1, 2, 3]], new BigInt64Array(1));
// @ts-expect-error too short
sort([['a']], new BigInt64Array(1));
// @ts-expect-error not the words
sort([[1, 1]], new BigInt64Array(1));
declare const at: { x: number; y: number };
// @ts-expect-error not called on a point
join('', 1, 2);
// @ts-expect-error not called on a point
join.call({ x: 1 }, '', 1, 2);
// @ts-expect-error BigInt() does not take it
join.call(at, '', 1, {});
// @ts-expect-error the rest are texts
join.call(at, '', 1, 2, 3);
// @ts-expect-error too few
join.call(at, '', 1);
// @ts-expect-error no function
watch({ by: 1 });
// @ts-expect-error gives no number
watch({ by: () => 'a' });
// @ts-expect-error a Promise is no number
watch({ by: async () => 1 });
// @ts-expect-error it may be undefined
watch({ by: (a: string, b: string) => 1 });
// @ts-expect-error the place may be null
watch({ by: () => 1 }, (where: { x: number; y: number }) => {});
// @ts-expect-error asks for more than it is given
watch({ by: () => 1 }, (where, more) => {});
// @ts-expect-error any value is for the thread of the loop
parse.async('');
// @ts-expect-error no function
parse('', 'x');
// @ts-expect-error as are those that are inside
unpack.async([]);
// @ts-expect-error the label is missing
unpack([{ inside: 1 }]);
// @ts-expect-error a constant
PI = 3;
// @ts-expect-error a constant in the object
all.PI = 3;
// @ts-expect-error a getter
all.now = 3;
// @ts-expect-error a getter cannot be imported
import { now } from 'all';
// @ts-expect-error a helper is not exported
import { NumberArray } from 'all';
// @ts-expect-error only under its own name
import { delete_ } from 'all';
// @ts-expect-error the words of C are none
import { string } from 'all';
