// import() works in callbacks, relative to the file that it stands in.
// expect: a
// expect: a
setTimeout(async () => console.log((await import('./fixtures/a.js')).default), 1);
queueMicrotask(() => import('./fixtures/a.js').then((m) => console.log(m.default)));
