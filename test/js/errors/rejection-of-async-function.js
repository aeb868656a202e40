// An async function that nobody waits for rejects as any promise does.
// expect-error: Uncaught (in promise) Error: not awaited
// exit: 1
(async () => { await 1; throw new Error('not awaited'); })();
