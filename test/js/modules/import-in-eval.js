// import() in eval and new Function is relative to the file that calls them.
// expect: a
// expect: a
// expect: a
console.log((await eval("import('./fixtures/a.js')")).default);
console.log((await (0, eval)("import('./fixtures/a.js')")).default);
console.log((await new Function("return import('./fixtures/a.js')")()).default);
