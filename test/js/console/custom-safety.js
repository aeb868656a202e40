// A getter for a value's own method is not called, and of a Proxy the method of its
// target runs on the target: no trap is.
// expect: shown 1
// expect: {}
// expect: 0
const custom = Symbol.for('nodejs.util.inspect.custom');
let called = 0;
const handler = new Proxy({}, { get() { called++; } });
class Shown { secret = 1; [custom]() { return `shown ${this.secret}`; } }
console.log(new Proxy(new Shown(), handler));
console.log(Object.create({ get [custom]() { called++; } }));
console.log(called);
