// What the top throws is reported before jobs and rejections.
// expect: error top
// expect: job
// expect: error from the job
// expect: rejection 1
onerror = (m, f, l, c, error) => { console.log('error', error); return true; };
onunhandledrejection = (e) => { console.log('rejection', e.reason); e.preventDefault(); };
Promise.reject(1);
queueMicrotask(() => { console.log('job'); throw 'from the job'; });
throw 'top';
