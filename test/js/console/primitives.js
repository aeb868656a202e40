// Primitive values stand as they are at the top, and as in source inside.
// expect: 
// expect: 
// expect: a 1 -0 0n 1e+21 1.5 null undefined true NaN -Infinity
// expect: Symbol(s) Symbol() Symbol() Symbol(Symbol.iterator)
// expect: [ 1, -0, 0n, null, undefined, true, NaN, Symbol(s) ]
// expect: two
// expect: lines [ 'two\nlines' ]
// expect: info
// expect: debug
console.log();
console.log('');
console.log('a', 1, -0, 0n, 1e21, 1.5, null, undefined, true, NaN, -Infinity);
console.log(Symbol('s'), Symbol(), Symbol(''), Symbol.iterator);
console.log([1, -0, 0n, null, undefined, true, NaN, Symbol('s')]);
console.log('two\nlines', ['two\nlines']);
console.info('info');
console.debug('debug');
