// Options are read in order, also when there is no callback; other values are
// taken for capture.
// expect: capture once passive signal
// expect: capture
// expect: 2
const t = new EventTarget(), read = [];
const options = () => new Proxy({}, { get(_, key) { read.push(key); } });
t.addEventListener('x', null, options());
console.log(read.splice(0).join(' '));
t.removeEventListener('x', null, options());
console.log(read.join(' '));
let n = 0;
const f = () => n++;
t.addEventListener('x', f, '');
t.addEventListener('x', f, 'capture');
t.addEventListener('x', f, 1);
t.addEventListener('x', f, null);
t.dispatchEvent(new Event('x'));
console.log(n);
