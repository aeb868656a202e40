// Native functions, sync and async, as imports; and what they say when they
// are called wrongly.
import * as native from 'native';
import { fib, sleep } from 'native';

function attempt(f, ...args) {
  try {
    f(...args);
  } catch (error) {
    console.log('❌', error.message);
    console.log(error.stack);
  }
}

console.log('exports of native:', Object.keys(native));

console.log('begin to sleep for 2 s');
await sleep(2000);
console.log('slept');

console.log('fib(3) =', fib(3));

console.log('two mistakes:');
attempt(fib);
attempt(fib, '*');
