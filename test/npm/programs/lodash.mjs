import '../show.js';
import _ from 'lodash';
import fp from 'lodash/fp.js';
show(
  _.chunk([1, 2, 3, 4, 5], 2),
  _.groupBy([6.1, 4.2, 6.3], Math.floor),
  _.merge({ a: [{ b: 2 }] }, { a: [{ c: 3 }] }),
  _.template('hi <%= n %>!')({ n: 'x' }),
  _.debounce.length,
  fp.map((x) => x * 2)([1, 2]),
  _.VERSION,
  _.kebabCase('fooBarBaz'),
  _.sortBy([{ a: 3 }, { a: 1 }], 'a'),
);
