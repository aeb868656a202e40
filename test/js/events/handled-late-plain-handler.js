// onrejectionhandled alone, and only once for each promise.
// expect: handled 1
const p = Promise.reject(1);
globalThis.onrejectionhandled = (e) => console.log('handled', e.reason);
onunhandledrejection = (e) => e.preventDefault();
setTimeout(() => { p.catch(() => {}); }, 1);
setTimeout(() => { p.catch(() => {}); }, 5);
