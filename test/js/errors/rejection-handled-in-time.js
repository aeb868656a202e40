// A handler that comes in the same turn is in time.
// expect: caught 1
const p = Promise.reject(1);
queueMicrotask(() => queueMicrotask(() => p.catch((e) => console.log('caught', e))));
