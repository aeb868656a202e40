// console.count counts by label; unknown ones are warned of.
// expect: default: 1
// expect: default: 2
// expect: x: 1
// expect: default: 3
// expect: default: 1
// expect: null: 1
// expect: %s: 1
// expect: __proto__: 1
// expect: __proto__: 2
// expect: TypeError
// expect-error: Warning: Count for 'none' does not exist
console.count();
console.count();
console.count('x');
console.count('default');
console.countReset();
console.count(undefined);
console.count(null);
console.count('%s');
console.count('__proto__');
console.count('__proto__');
console.countReset('none');
try {
  console.count(Symbol('s'));
} catch (e) {
  console.log(e.name);
}
