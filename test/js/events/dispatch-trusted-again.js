// An event that a script dispatches again is not trusted any more.
// expect: true
// expect: false
let first;
addEventListener('error', (e) => { first ??= e; e.preventDefault(); console.log(e.isTrusted); });
reportError(1);
dispatchEvent(first);
