import '../show.js';
import * as R from 'ramda';
show(
  R.pipe(R.map(R.add(1)), R.reduce(R.multiply, 1))([1, 2, 3]),
  R.groupBy((x) => x[0], ['ab', 'ac', 'b']),
  R.path(['a', 'b'], { a: { b: 1 } }),
  R.curry((a, b, c) => a + b + c)(1)(2)(3),
  R.equals([1, { a: 2 }], [1, { a: 2 }]),
  Object.keys(R).length,
);
