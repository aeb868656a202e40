// A promise that was never told of has no event when it is handled.
// expect: caught
onrejectionhandled = () => console.log('never');
const p = Promise.reject(1);
p.catch(() => console.log('caught'));
setTimeout(() => p.catch(() => {}), 1);
