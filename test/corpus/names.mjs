import * as module from './names.c';
import named, { open, new as made } from './names.c';
import { done, is, ok, watch } from './check.mjs';

const m = watch(module);

['delete', 'new', 'class', 'function', 'var', 'await', 'import', 'yield', 'let',
  'this', 'arguments', 'eval', 'constructor', 'toString', 'null', 'undefined',
  '_', '__double', 'dollar$', 'größe', 'prototype', 'length'].forEach((name, i) => {
  is(name, m[name](), i + 1);
  is(`${name}'s name`, module[name].name, name);
});
is('new by another', made(), 2);
is('chosen', m.open(1), 101);
is('chosen, imported', open(2), 102);
ok('not by its own', !('my_library_open_it' in module));
is('default', named(1), 201);
m.default(1);
is('parameters', m.of_parameters(1, 2, 3, 4, 5, 6), 91);
is('members', m.of_members({ new: 1, delete: 2, constructor: 3, toString: 4 }),
  { new: 2, delete: 1, constructor: 4, toString: 3 });
is('declared without names', m.without_names(1, 2.5), 3);
done();
