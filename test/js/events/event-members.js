// A new event has the members and the defaults of the DOM standard.
// expect: x null null null 0 false false false false true false
// expect: true true true
// expect: [object Event] 0
// expect: true
const e = new Event('x');
console.log(e.type, e.target, e.srcElement, e.currentTarget, e.eventPhase, e.bubbles,
  e.cancelable, e.composed, e.defaultPrevented, e.returnValue, e.cancelBubble);
const f = new Event('', { bubbles: 1, cancelable: 'yes', composed: {} });
console.log(f.bubbles, f.cancelable, f.composed);
console.log(String(e), e.composedPath().length);
console.log(e.timeStamp <= performance.now() && e.timeStamp > 0);
