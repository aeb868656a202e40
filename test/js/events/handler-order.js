// A handler has its place from when it was first set.
// expect: 1 handler-b 3
// expect: 1 3 handler-c
// expect: handler-0 5
const said = [];
const run = () => { dispatchEvent(new Event('error')); console.log(said.splice(0).join(' ')); };
const one = () => said.push(1), three = () => said.push(3);
addEventListener('error', one);
onerror = () => said.push('handler-a');
addEventListener('error', three);
onerror = () => said.push('handler-b');
run();
onerror = null;
onerror = () => said.push('handler-c');
run();
removeEventListener('error', one);
removeEventListener('error', three);
onerror = null;
onerror = () => said.push('handler-0');
addEventListener('error', () => said.push(5));
run();
