// That somebody imported the program, and handled that promise, hides nothing.
// expect: import failed
// expect-error: Uncaught Error: top
// exit: 1
import(import.meta.url).catch(() => console.log('import failed'));
await new Promise((done) => setTimeout(done, 1));
throw new Error('top');
