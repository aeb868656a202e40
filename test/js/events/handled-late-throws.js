// What its handler throws is an error; what it rejects is told of.
// expect: error thrown
// expect: rejection rejected
onerror = (m, f, l, c, error) => { console.log('error', error); return true; };
const p = Promise.reject(1);
onunhandledrejection = (e) => {
  e.preventDefault();
  if (e.reason !== 1) console.log('rejection', e.reason);
};
addEventListener('rejectionhandled', () => { throw 'thrown'; });
addEventListener('rejectionhandled', async () => { throw 'rejected'; });
setTimeout(() => p.catch(() => {}), 1);
