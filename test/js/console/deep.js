// A value of any depth is shown, or cut where the stack ends.
// expect: { deep: { deep: { deep: [Object] } } }
// expect: true
let deep = {};
for (let i = 0; i < 1e5; i++) deep = { deep };
console.log(deep);
let shown = 'nothing';
console.log({ [Symbol.for('nodejs.util.inspect.custom')](d, o, inspect) {
  shown = inspect(deep, { depth: Infinity, compact: 1, breakLength: Infinity });
  return String(shown.includes('Inspection interrupted prematurely. Maximum call stack size exceeded.'));
} });
