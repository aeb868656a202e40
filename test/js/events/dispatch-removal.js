// What is removed during a dispatch is not called; what is added neither.
// expect: a d
// expect: a d e
const t = new EventTarget();
let said = [];
const b = () => said.push('b'), c = () => said.push('c'), e = () => said.push('e');
t.addEventListener('x', function a() {
  said.push('a');
  t.removeEventListener('x', a);
  t.removeEventListener('x', b);
  t.removeEventListener('x', c);
  t.addEventListener('x', a);
  t.addEventListener('x', e);
});
t.addEventListener('x', b);
t.addEventListener('x', c);
t.addEventListener('x', () => said.push('d'));
t.dispatchEvent(new Event('x'));
console.log(said.join(' '));
said = [];
t.dispatchEvent(new Event('x'));
console.log(said.sort().join(' '));
