import '../show.js';
import * as acorn from 'acorn';
show(
  acorn.parse('let x = a?.b ?? 1n; class A { #p = 1; static {} }', {
    ecmaVersion: 'latest',
  }),
  [...acorn.tokenizer('a+1', { ecmaVersion: 2020 })].length,
);
try {
  acorn.parse('let let');
} catch (e) {
  show(e.message, e.pos);
}
