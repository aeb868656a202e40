// The type of an event is a string; a symbol is none.
// expect: null undefined 1 a,b
// expect: TypeError
console.log(new Event(null).type, new Event(undefined).type, new Event(1).type,
  new Event(['a', 'b']).type);
try { new Event(Symbol('x')); } catch (error) { console.log(error.name); }
