// Behind an await it is an error too.
// expect: error Error: top
// expect: timer
onerror = (m, f, l, c, error) => { console.log('error', `${error}`); return true; };
onunhandledrejection = () => console.log('never');
setTimeout(() => console.log('timer'), 5);
await new Promise((done) => setTimeout(done, 1));
throw new Error('top');
