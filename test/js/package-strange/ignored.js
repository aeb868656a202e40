// A "type" that is none of the two words is as if it were not there.
// expect: true
console.log(typeof module === 'object');
