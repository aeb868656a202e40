import * as module from './keep.c';
import { done, is, throws, watch } from './check.mjs';

const m = watch(module);

const heard = [];
is('kept', m.add_listener((event, text) => { heard.push([event, text]); }), 1);
is('called later', m.emit(1, 'one'), 1);
await new Promise((r) => setTimeout(r, 1));
m.emit(2, 'ż');
is('what it heard', heard, [[1, 'one'], [2, 'ż']]);
m.add_listener((event) => { heard.push(event); });
m.emit(3, 'both');
is('two of them', heard.slice(2), [[3, 'both'], 3]);
heard.length = 0;
is('a thread begins', m.emit_elsewhere(), 0);
for (let i = 0; i < 500 && heard.length < 2; i++)
  await new Promise((r) => setTimeout(r, 2));
is('from another thread', heard, [[99, 'from a thread'], 99]);
m.forget_all();
is('nobody', m.emit(4, 'x'), 0);
let calls = 0;
m.borrow(() => { calls++; });
throws('after its lifetime', () => m.call_borrowed(1), /Error/);
is('it was not called', calls, 0);
done();
process.exit(process.exitCode ?? 0);
