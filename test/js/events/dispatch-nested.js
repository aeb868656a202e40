// A listener may dispatch other events, on the same target too.
// expect: x y z x-again
const t = new EventTarget(), said = [];
t.addEventListener('x', () => { said.push('x'); t.dispatchEvent(new Event('y')); });
t.addEventListener('y', () => { said.push('y'); t.dispatchEvent(new Event('z')); });
t.addEventListener('z', () => said.push('z'));
t.addEventListener('x', () => said.push('x-again'));
t.dispatchEvent(new Event('x'));
console.log(said.join(' '));
