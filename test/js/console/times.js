// Unknown and repeated timers are warned of; a symbol has no text for a label.
// expect: TypeError
// expect-error: Warning: Label 'default' already exists for console.time()
// expect-error: Warning: No such label 'none' for console.timeEnd()
// expect-error: Warning: No such label 'other' for console.timeLog()
console.time();
console.time('default');
console.timeEnd('none');
console.timeLog('other', 1);
try {
  console.time(Symbol('s'));
} catch (e) {
  console.log(e.name);
}
