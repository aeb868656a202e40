import * as module from './later.c';
import { done, is, ok, watch } from './check.mjs';

const m = watch(module);

const p = m.nap(5);
ok('a Promise', p instanceof Promise);
let turns = 0;
const timer = setInterval(() => { turns++; }, 1);
is('its value', await m.nap(30), 30);
clearInterval(timer);
ok('the loop goes on', turns > 3);
is('the first', await p, 5);
is('text', await m.shout('abc ż'), 'ABC ż');
const data = Uint8Array.of(1, 2, 3);
const sum = m.sum_later(data);
data.fill(100);
is('bytes are copied', await sum, 6);
is('structs', await m.middle({ x: 0, y: 0 }, { x: 2, y: 4 }), { x: 1, y: 2 });
const rejected = m.nap('x');
ok('never throws', rejected instanceof Promise);
is('rejects', await rejected.catch((e) => e.name), 'TypeError');
is('all at once', await Promise.all([1, 2, 3].map((n) => m.nap(n))), [1, 2, 3]);
is('not said', m.at_once(4), 4);
is('on request', await m.at_once.async(5), 5);
done();
