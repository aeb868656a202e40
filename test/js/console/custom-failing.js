// What a value's own method throws is thrown by console.log, and nothing is
// written; endless recursion is an error like any other. Its getter and its Proxy
// are not asked.
// expect: RangeError no
// expect: TypeError deep
// expect: RangeError Maximum call stack size exceeded
// expect: { a: 1 } [ [ 1 ] ]
const custom = Symbol.for('nodejs.util.inspect.custom');
const attempt = (v) => {
  try {
    console.log('not written', v);
  } catch (e) {
    console.log(e.name, e.message);
  }
};
attempt({ [custom]() { throw new RangeError('no'); } });
attempt([[{ [custom]() { throw new TypeError('deep'); } }]]);
attempt({ [custom](d, options, inspect) { return inspect(this, options); } });
console.log({ a: 1 }, [[1]]);
