// A handler is no listener that could be removed as one.
// expect: handler
// expect: handler
const f = () => console.log('handler');
onerror = f;
removeEventListener('error', f);
removeEventListener('error', null);
dispatchEvent(new Event('error'));
addEventListener('error', f);
removeEventListener('error', f);
dispatchEvent(new Event('error'));
