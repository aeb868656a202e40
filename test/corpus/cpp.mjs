import * as module from './cpp.cpp';
import { done, is, leftOut, ok, throws, watch } from './check.mjs';

const m = watch(module);
const url = new URL('./cpp.cpp', import.meta.url).href;

is('add', m.cpp_add(1, 2), 3);
is('bool', m.cpp_not(true), false);
is('enum class', [m.cpp_next('Red'), m.cpp_next('Blue')], ['Green', 'Red']);
is('enum', [m.cpp_plain('SMALL'), m.cpp_plain('LARGE')], [1, 1000]);
is('struct', m.cpp_swap({ x: 1, y: 2 }), { x: 2, y: 1 });
is('const references', m.cpp_dot({ x: 1, y: 2 }, { x: 3, y: 4 }), 11);
is('typed array', m.cpp_sum(Float64Array.of(1, 2, 3.5), 3), 6.5);
is('text', m.cpp_length('żó'), 4);
is('own', m.cpp_joined('a', 'b'), 'ab');
is('out references', m.cpp_split(3.25), { whole: 3, part: 0.25 });
is('callback', m.cpp_map(3, (n) => n * 10), 31);
throws('exception of a callback', () => m.cpp_map(3, () => { throw new RangeError('x'); }),
  /RangeError: x/);
is('widths', m.cpp_wide(-1, 65535, 5), 65539);
const t = m.tally_new(1);
m.tally_add(t, 2);
m.tally_add(t, 3);
is('class', m.tally_total(t), 6);
ok('its class', t instanceof module.Tally);
m.tally_free(t);
throws('class after close', () => m.tally_total(t), /TypeError/);
if (m.cpp_derived)
  is('derived', m.cpp_derived({ id: 1, weight: 2 }), { id: 2, weight: 4 });
is('constant', m.cpp_version, 17);
await leftOut(url, 'left_string', /left_string|parameter 's'|class|destructor/);
await leftOut(url, 'left_owner', /destructor|copy|Owner/);
ok('no namespace', !('hidden_in_namespace' in module));
await leftOut(url, 'overloaded', /extern "C"|overloaded/);
done();
