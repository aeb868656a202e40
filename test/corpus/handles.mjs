import * as module from './handles.c';
import { done, is, leftOut, ok, throws, watch } from './check.mjs';

const m = watch(module);

const c = m.counter_new(5);
is('made', typeof c, 'object');
ok('of its class', c instanceof module.counter);
m.counter_add(c, 3);
is('used', m.counter_value(c), 8);
const d = m.counter_new(9);
is('two', [m.counter_compare(c, d), m.counter_compare(d, c), m.counter_compare(c, c)],
  [-1, 1, 0]);
is('alive', m.alive_count(), 2);
is('closed', m.counter_free(c), undefined);
is('one less', m.alive_count(), 1);
throws('used after close', () => m.counter_value(c), /TypeError: counter_value: /);
throws('passed after close', () => m.counter_compare(d, c), /TypeError/);
throws('closed again', () => m.counter_free(c), /TypeError/);
is('closed once', m.alive_count(), 1);
is('NULL', m.counter_new(-1), null);
for (const v of [null, undefined, {}, 5, module.counter, Object.create(d)])
  throws(`no counter, ${typeof v}`, () => m.counter_value(v), /TypeError/);
d[Symbol.dispose]();
is('disposed of', m.alive_count(), 0);
throws('used after that', () => m.counter_value(d), /TypeError/);
throws('new', () => new module.counter(), /TypeError/);

const s = m.stack_open();
m.stack_push(s, 1.5);
m.stack_push(s, 2.5);
is('popped', m.stack_pop(s), 2.5);
throws('of another class', () => m.counter_value(s), /TypeError/);
is('what close returns', m.stack_close(s), 1);
throws('a stack after close', () => m.stack_pop(s), /TypeError/);

const { result, to: f } = m.file_like_open('a.txt');
is('out', result, 0);
is('out, used', m.file_like_name(f), 'a.txt');
is('out, NULL', m.file_like_open(''), { result: -1, to: null });
m.file_like_destroy(f);
throws('out, closed', () => m.file_like_name(f), /TypeError/);

const e = m.engine_start();
is('by a line', m.engine_runs(e), 1);
is('opt', [m.engine_runs(null), m.engine_runs()], [-1, -1]);
m.engine_halt(e);
throws('closed by a line', () => m.engine_runs(e), /TypeError/);

for (let i = 0; i < 100; i++) m.counter_new(i);
is('the collector closes none', m.alive_count(), 100);
m.end_counters(2);
await leftOut(new URL('./handles.c', import.meta.url).href, 'left_loose', /pointer/);
done();
