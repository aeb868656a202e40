// A handler that was set before anything was loaded is the first one.
// expect: handler
// expect: listener
onerror = () => console.log('handler');
addEventListener('error', () => console.log('listener'));
dispatchEvent(new Event('error'));
