// What a listener throws is reported at once, in the middle of its dispatch.
// expect: reported Error: from a listener
// expect: second
// expect: end
onerror = (message, file, line, column, error) => { console.log('reported', `${error}`); return true; };
const t = new EventTarget();
t.addEventListener('x', () => { throw new Error('from a listener'); });
t.addEventListener('x', () => console.log('second'));
t.dispatchEvent(new Event('x'));
console.log('end');
