// The phases are constants of the interface and of its prototype.
// expect: 0 1 2 3
// expect: 0 1 2 3
// expect: false true false
console.log(Event.NONE, Event.CAPTURING_PHASE, Event.AT_TARGET, Event.BUBBLING_PHASE);
const e = new Event('x');
console.log(e.NONE, e.CAPTURING_PHASE, e.AT_TARGET, e.BUBBLING_PHASE);
const d = Object.getOwnPropertyDescriptor(Event, 'AT_TARGET');
console.log(d.writable, d.enumerable, d.configurable);
