// Errors in jobs are reported in their place among the jobs.
// expect: before
// expect: reported in a job
// expect: behind
onerror = (m, f, l, c, error) => { console.log('reported', error); return true; };
queueMicrotask(() => console.log('before'));
queueMicrotask(() => { throw 'in a job'; });
queueMicrotask(() => console.log('behind'));
