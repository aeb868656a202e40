// Interfaces look as those of the web: lengths, names, tags, enumerability.
// expect: Event 1 [object Event] false true false
// expect: CustomEvent 1 [object CustomEvent] false true false
// expect: ErrorEvent 1 [object ErrorEvent] false true false
// expect: PromiseRejectionEvent 2 [object PromiseRejectionEvent] false true false
// expect: EventTarget 0 [object EventTarget] false true false
// expect: type,target,srcElement,currentTarget,eventPhase,bubbles,cancelable,defaultPrevented,composed,timeStamp,returnValue,cancelBubble,composedPath,stopPropagation,stopImmediatePropagation,preventDefault,initEvent,NONE,CAPTURING_PHASE,AT_TARGET,BUBBLING_PHASE
// expect: 2 2 1 1 1
// expect: true true true
for (const C of [Event, CustomEvent, ErrorEvent, PromiseRejectionEvent, EventTarget]) {
  const tag = Object.getOwnPropertyDescriptor(C.prototype, Symbol.toStringTag);
  console.log(C.name, C.length, Object.prototype.toString.call(C.prototype),
    tag.enumerable, tag.configurable, tag.writable);
}
console.log(Object.keys(Event.prototype).join());
const p = EventTarget.prototype;
console.log(p.addEventListener.length, p.removeEventListener.length, p.dispatchEvent.length,
  Event.prototype.initEvent.length, reportError.length);
console.log(new CustomEvent('x') instanceof Event,
  Object.getPrototypeOf(ErrorEvent) === Event, Object.keys(p).length === 3);
