// A var of a script is the handler's property.
// expect: caught Uncaught Error: x
(0, eval)("var onerror = (message) => { console.log('caught', message); return true; };");
throw new Error('x');
