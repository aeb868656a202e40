// `await` in a function of a module that is not async.
// expect: await is only valid in async functions and at the top of modules await-in-function.js:2:25
// expect: for await is only valid in asynchronous functions for-await-in-function.js:2:7
import './fixtures/nothing.js';
for (const name of ['await-in-function', 'for-await-in-function'])
  await import(`./fixtures/wrong/${name}.js`).catch((error) => {
    const [first] = error.stack.split('\n');
    console.log(`${error.message} ${/[^/]*$/.exec(first)[0]}`);
  });
