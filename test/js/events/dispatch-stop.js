// stopImmediatePropagation stops the rest; stopPropagation here only before.
// expect: a
// expect: b true
// expect: c false
// expect: none true
// expect: after c false
const t = new EventTarget();
t.addEventListener('a', (e) => { console.log('a'); e.stopImmediatePropagation(); });
t.addEventListener('a', () => console.log('never'));
t.dispatchEvent(new Event('a'));
t.addEventListener('b', (e) => { e.stopPropagation(); });
t.addEventListener('b', (e) => console.log('b', e.cancelBubble));
t.dispatchEvent(new Event('b'));
t.addEventListener('c', (e) => console.log('c', e.cancelBubble));
const e = new Event('c');
e.cancelBubble = true;
e.cancelBubble = false;
const before = e.cancelBubble;
t.dispatchEvent(new Event('c'));
t.dispatchEvent(e);
console.log('none', before);
console.log('after c', e.cancelBubble);
