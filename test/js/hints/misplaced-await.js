// `await` in a function that is not async, and where it is only a name.
// expect: SyntaxError: await is only valid in async functions and at the top of modules 2:14
// expect: SyntaxError: await is only valid in async functions and at the top of modules 1:7
// expect: SyntaxError: await is only valid in async functions and at the top of modules 1:16
// expect: SyntaxError: await is only valid in async functions and at the top of modules 1:16
// expect: SyntaxError: await is only valid in async functions and at the top of modules 1:16
// expect: SyntaxError: await is only valid in async functions and at the top of modules 1:35
// expect: SyntaxError: await is only valid in async functions and at the top of modules 1:17
// expect: SyntaxError: await is only valid in async functions and at the top of modules 1:1
// expect: ReferenceError: await is not defined; await is only valid in async functions and at the top of modules 1:1
// expect: ReferenceError: await is not defined; await is only valid in async functions and at the top of modules 1:1
// expect: fine
// expect: fine
// expect: fine
// expect: fine
// expect: fine
// expect: SyntaxError: await is only valid in async functions and at the top of modules 1:24
function say(source) {
  try {
    (0, eval)(source);
    console.log('fine');
  } catch (error) {
    const [place] = /\d+:\d+(?=\)?$)/.exec(error.stack.split('\n')[0]) ?? ['-'];
    console.log(`${error.name}: ${error.message} ${place}`);
  }
}

say('function f() {\n  return 1 + await g();\n}');
say('() => await g();');
say('function f() { await new Promise(g); }');
say('function f() { await import("x"); }');
say('function f() { await "text"; await 5; }');
say('async function f() { return () => await 5; }');
say('class A { m() { await this.x; } }');
say('await f;');
// It is a name, which may be unknown.
say('await (1)');
say('await [1]');
say('var await = 1; await instanceof Object; await /* x */ instanceof Object;');
say('var await = 2; await\nawait; await / await; await in {}; await ? 1 : 2;');
say('await: for (await of [1]) break await;');
say('var f = (await) => await; f(1); ({ await, await: await });');
say('async () => { await 1; for await (const x of []); }');
// A script with other mistakes.
say('var await = 1; let x = await 1 2;');
