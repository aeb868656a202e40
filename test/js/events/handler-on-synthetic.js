// onerror gets five arguments of an ErrorEvent, and any other event itself.
// expect: 5 m f 1 2 e
// expect: false
// expect: 1 true
// expect: true
onerror = (...args) => { console.log(args.length, ...args); return true; };
console.log(dispatchEvent(new ErrorEvent('error', {
  message: 'm', filename: 'f', lineno: 1, colno: 2, error: 'e', cancelable: true,
})));
onerror = (...args) => { console.log(args.length, args[0] instanceof Event); return true; };
console.log(dispatchEvent(new Event('error', { cancelable: true })));
