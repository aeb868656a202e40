// A handler in the same turn is in time: there is no event.
// expect: caught 2
// expect: caught 1
onunhandledrejection = () => console.log('never');
const p = Promise.reject(1);
queueMicrotask(() => queueMicrotask(() => p.catch((e) => console.log('caught', e))));
(async () => { try { await Promise.reject(2); } catch (e) { console.log('caught', e); } })();
