// A promise that was told of and is dropped is collected.
// expect: collected
let ref;
onunhandledrejection = (e) => { e.preventDefault(); };
(() => { ref = new WeakRef(Promise.reject(1)); })();
const wait = () => {
  if (ref.deref() === undefined) console.log('collected');
  else setTimeout(wait, 1);
};
setTimeout(wait, 1);
