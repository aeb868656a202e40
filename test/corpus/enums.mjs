import * as module from './enums.c';
import { done, is, throws, watch } from './check.mjs';

const m = watch(module);

is('next', m.next_color('BLUE'), 'RED');
is('number', m.color_number('GREEN'), 10);
throws('unknown name', () => m.color_number('PINK'), /TypeError: color_number: .*RED/);
throws('a number', () => m.color_number(1), /TypeError/);
throws('another case', () => m.color_number('red'), /TypeError/);
is('negative', m.level_of(-1), 'LOW');
is('middle', m.level_of(5), 'MIDDLE');
is('high', m.level_of(100), 'HIGH');
is('negative in', [m.level_number('LOW'), m.level_number('MIDDLE'),
  m.level_number('HIGH')], [-5, -4, 100]);
is('typedef without a tag', m.flip('ON'), 'OFF');
is('sparse', [m.sparse_number('ONE'), m.sparse_number('SIXTEEN'),
  m.sparse_number('MANY')], [1, 16, 0x40000000]);
is('sparse out', m.largest(), 'MANY');
is('32 bits', m.top_number('ALL'), 0xffffffff);
is('32 bits out', [m.top_of(1), m.top_of(0)], ['ALL', 'NONE']);
is('one byte', [m.other_tiny(7, 'A_TINY'), m.other_tiny(7, 'B_TINY')],
  ['B_TINY', 'A_TINY']);
throws('no name for it', () => m.odd_color(), /Error: odd_color/);
is('in a struct', m.repaint({ color: 'RED', level: 'LOW', tiny: 'A_TINY',
  by: ['ON', 'ON'] }),
  { color: 'GREEN', level: 'HIGH', tiny: 'B_TINY', by: ['OFF', 'ON'] });
throws('wrong in a struct', () => m.repaint({ color: 'RED', level: 'RED',
  tiny: 'A_TINY', by: ['ON', 'ON'] }), /TypeError: repaint: .*level/);
is('out', m.pick(7, ), { result: 2, to: 'GREEN', level: 'HIGH' });
is('bit-field', m.flags_of({ c: 'RED', n: 3 }), { c: 'BLUE', n: 4 });
is('constants', [m.MOST, m.LEAST, m.BIG], [4096, -1, 0x7fffffff]);
is('constant in C', [m.is_most(m.MOST), m.is_most(5)], [1, 0]);
is('an enum by its tag', m.color, { RED: 0, GREEN: 1, BLUE: 2 });
is('an enum by its typedef', m.toggle, { OFF: 0, ON: 1 });
is('an enum with negative values', m.level, { LOW: -5, MIDDLE: -4, HIGH: 100 });
is('a sparse enum', m.sparse, { ONE: 1, SIXTEEN: 16, MANY: 0x40000000 });
is('an enum of 32 bits', m.top, { NONE: 0, ALL: 0xffffffff });
is('an enum that is not used', m.unused, { NOBODY: 3, SOMEBODY: 4 });
done();
