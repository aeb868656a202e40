import * as module from './strings.c';
import { done, is, leftOut, throws, watch } from './check.mjs';

const m = watch(module);

is('ASCII', m.length_of('abc'), 3);
is('empty', m.length_of(''), 0);
is('UTF-8', m.length_of('zażółć€😀'), 2 + 8 + 3 + 4);
is('Latin-1', m.length_of('é'), 2);
is('a rope', m.length_of('a'.repeat(3000) + 'ż'.repeat(1000)), 5000);
is('a long one', m.length_of('x'.repeat(1e6)), 1e6);
is('a lone surrogate', m.length_of('\ud800'), 3);
throws('NUL inside', () => m.length_of('a\0b'), /TypeError: length_of: .*NUL/);
for (const v of [1, null, undefined, {}, ['a'], Symbol('a')])
  throws(`no string, ${typeof v}`, () => m.length_of(v), /TypeError/);
is('char', m.first_char('A'), 65);
is('two', [m.compare_text('a', 'b'), m.compare_text('b', 'a'),
  m.compare_text('ż', 'ż')], [-1, 1, 0]);
is('UTF-8 out', m.greeting(), 'zażółć gęślą jaźń €😀');
is('static', [m.name_of_day(0), m.name_of_day(1)], ['Monday', 'Tuesday']);
is('NULL', m.name_of_day(2), null);
is('char *', [m.shared_text(1), m.shared_text(22)], ['number 1', 'number 22']);
is('an argument', [m.back('abc'), m.back('xyz'), m.back('xż')], ['abc', 'yz', 'ż']);
is('ill-formed', m.ill_formed(), 'a\ufffd\ufffdz');
is('own', m.joined('żó', 'łć'), 'żółć');
is('own, plain', m.repeated('ab', 3), 'ababab');
is('own, NULL', m.repeated('ab', -1), null);
is('own, its function', [m.counted('a'), m.counted('b')], ['<a>', '<b>']);
is('freed', m.freed_count(), 2);
is('opt', [m.or_default('x'), m.or_default(null), m.or_default(undefined),
  m.or_default()], ['x', 'default', 'default', 'default']);
is('out', m.split('key=value', 61), { result: 1, head: 'key', tail: 'value' });
is('out, NULL', m.split('key', 61), { result: 0, head: 'key', tail: null });
is('out, static', [m.static_out(1), m.static_out(0)], ['static', null]);
const room = new Uint8Array(8);
is('characters written', m.write_text(room, 42), 4);
is('what was written', String.fromCharCode(...room.subarray(0, 4)), 'n=42');
is('str', m.count_char('banana', 97), 3);
is('texts among others', m.texts('a', 1, 'bb', 2.5, 'ccc'), 126);
is('off the loop', await m.joined.async('a', 'b'), 'ab');
const url = new URL('./strings.c', import.meta.url).href;
await leftOut(url, 'left_writer', /written/);
await leftOut(url, 'text_give_back', /leaves it out/);
done();
