// A lazy global can be assigned before it was ever looked at.
// expect: mine
process = 'mine';
console.log(process);
