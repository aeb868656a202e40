// A script may declare a name of a lazy global.
// expect: 1 2
(0, eval)(`
  var process = 1;
  { let process = 2; console.log(globalThis.process, process); }
`);
