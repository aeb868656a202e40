// The first argument is a format when it is a text and more arguments follow.
// expect: a and 1 rest { a: 1 }
// expect: 42.5 42 42.5 1
// expect: 5n 5n NaN NaN
// expect: -0 5n Symbol(x) null
// expect: {"a":[1]} { a: { b: { c: [Object] } } }
// expect:  styled
// expect: 100% 5 %
// expect: % x
// expect: %%
// expect: %s
// expect: only one %d
// expect: %x x
// expect: a% 1 %s 2
// expect: 1 %s 2
// expect: a
// expect: b [ 'a\nb' ]
console.log('%s and %s', 'a', 1, 'rest', { a: 1 });
console.log('%d %i %f', '42.5', '42.5', '42.5', 1);
console.log('%d %i %d %d', 5n, 5n, Symbol('x'), 'x');
console.log('%s %s %s %s', -0, 5n, Symbol('x'), null);
console.log('%j %O', { a: [1] }, { a: { b: { c: { d: 1 } } } });
console.log('%c styled', 'color: red');
console.log('100%', 5, '%');
console.log('%% %s', 'x');
console.log('%%');
console.log('%s');
console.log('%s %d', 'only one');
console.log('%x %s', 'x');
console.log('a%', 1, '%s', 2);
console.log(1, '%s', 2);
console.log('%s', 'a\nb', ['a\nb']);
