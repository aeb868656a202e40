// What the top of a module throws is an error, not a rejection.
// expect: error Error: top
// expect: timer
export {};
onerror = (m, f, l, c, error) => { console.log('error', `${error}`); return true; };
onunhandledrejection = () => console.log('never');
setTimeout(() => console.log('timer'), 1);
throw new Error('top');
