// Of one turn, late handlers are told of before new rejections.
// expect: unhandled 1
// expect: handled 1
// expect: unhandled 2
const p = Promise.reject(1);
onunhandledrejection = (e) => { e.preventDefault(); console.log('unhandled', e.reason); };
onrejectionhandled = (e) => console.log('handled', e.reason);
setTimeout(() => { Promise.reject(2); p.catch(() => {}); }, 1);
