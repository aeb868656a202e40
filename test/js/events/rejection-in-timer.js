// Rejections of each turn are told of at its end, before the next turn.
// expect: turn 1
// expect: rejection 1
// expect: turn 2
// expect: rejection 2
onunhandledrejection = (e) => { console.log('rejection', e.reason); e.preventDefault(); };
setTimeout(() => { console.log('turn 1'); Promise.reject(1); }, 1);
setTimeout(() => { console.log('turn 2'); Promise.reject(2); }, 1);
