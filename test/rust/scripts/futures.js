// An async fn is a Promise: a thousand sleep at once, errors and panics reject.
import * as n from 'native';
n.quiet();
const start = Date.now();
await Promise.all(Array.from({ length: 1000 }, (_, i) => n.sleep(50 + i % 50)));
const took = Date.now() - start;
console.log(took >= 98 && took < 5000 || took);
console.log(await n.sleep(0), await n.later('much'), await n.later('', 0));
console.log(String(await n.later('fail').catch((e) => e)), String(await n.later('panic').catch((e) => e)));
console.log(await n.at_once('x\0\u{1f600}') === 'x\0\u{1f600}');
console.log(await Promise.all([1, 2, 3].map(n.from_a_thread)), await n.yields(1000));
console.log(await n.first_of(10000, 1), await n.first_of(1, 10000));
const order = [];
await Promise.all([30, 10, 20].map((ms) => n.sleep(ms).then(() => order.push(ms))));
console.log(order, n.alive());
console.log(String(await n.sleep(-1).catch((e) => e)), n.sleep instanceof Function);
// expect: true
// expect: undefined much later  later
// expect: RangeError: later Error: later
// expect: true
// expect: [ 2, 3, 4 ] 1000
// expect: 2 1
// expect: [ 10, 20, 30 ] 0
// expect: RangeError: sleep: argument 1 'ms': expected integer from 0 to 18446744073709551615, got -1 true
