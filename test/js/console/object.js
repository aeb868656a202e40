// The console object: its methods, their names and its tag.
// expect: true
// expect: console [object console]
// expect: [] true
// expect: unbound
// expect:   1
// expect:   default: 1
// expect:   2
// expect:   [ 3 ]
// expect:   x { a: [ 4 ] }
// expect: 
// expect: undefined function
const names = ['log', 'info', 'debug', 'error', 'warn', 'assert', 'count', 'countReset', 'dir', 'dirxml',
  'group', 'groupCollapsed', 'groupEnd', 'table', 'time', 'timeLog', 'timeEnd', 'trace', 'clear'];
for (const name of names) {
  const d = Object.getOwnPropertyDescriptor(console, name);
  if (d.value.name !== name || !d.writable || !d.enumerable || !d.configurable) console.log(name, d);
}
console.log(Object.keys(console).filter((name) => !names.includes(name)).every((name) => globalThis.process?.versions?.node));
console.log(console[Symbol.toStringTag], Object.prototype.toString.call(console));
console.log(Object.keys(Object.getPrototypeOf(console)), Object.getPrototypeOf(Object.getPrototypeOf(console)) === Object.prototype);
const { log, group, groupEnd, count, table, dir, dirxml, clear } = console;
group('unbound');
log(1);
count();
table(2);
dir([3]);
dirxml('x', { a: [4] });
clear();
groupEnd();
log(log(), typeof console.log);
