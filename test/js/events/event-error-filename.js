// The file name of an ErrorEvent is a string of Unicode scalar values.
// expect: true false
const e = new ErrorEvent('x', { filename: 'a\ud800', message: 'a\ud800' });
console.log(e.filename === 'a\ufffd', e.message.isWellFormed());
