// A Promise where its value was meant.
// expect: (...).json is not a function; the object is a Promise: is an await missing?
// expect: o.p.map is not a function; the object is a Promise: is an await missing?
// expect: not a function; the object is a Promise: is an await missing?
// expect: not a function; it is a Promise: is an await missing?
// expect: o.p is not a function; it is a Promise: is an await missing?
// expect: value is not iterable; it is a Promise: is an await missing?
// expect: value is not iterable; it is a Promise: is an await missing?
// expect: value is not iterable; it is a Promise: is an await missing?
// expect: value is not iterable; it is a Promise: is an await missing?
// expect: value is not iterable; it is a Promise: is an await missing?
// expect: value is not iterable; it is a Promise: is an await missing?
// expect: value is not iterable; it is a Promise: is an await missing?
// expect: value is not iterable; it is a Promise: is an await missing?
// expect: value is not iterable; it is a Promise: is an await missing?
// expect: value is not iterable
// expect: value is not iterable
// expect: value is not iterable
// expect: (...).json is not a function
// expect: Promise.nothing is not a function
// expect: p.then is not a function
const later = async () => [1];
const o = { p: later() };

async function say(f) {
  try {
    await f();
  } catch (error) {
    console.log(error.message);
  }
}

// A Promise where its value was meant.
await say(() => later().json());
await say(() => o.p.map((x) => x));
await say(() => later().then(1)['text']());
await say(() => later()());
await say(() => o.p());
await say(() => { for (const x of later()) say(x); });
await say(() => [...later()]);
await say(() => Math.max(...later()));
await say(() => { const [first] = later(); say(first); });
await say(() => { let first; [first] = later(); say(first); });
await say(() => new Map(later()));
await say(() => Promise.all(later()));
await say(async () => { for await (const x of later()) say(x); });
await say(() => { [...(function* () { yield* later(); })()]; });
// Another mistake.
await say(() => [...{}]);
await say(async () => { for await (const x of 5) say(x); });
await say(async () => { for await (const x of { [Symbol.asyncIterator]: 1 }); });
await say(() => ({}).json());
await say(() => Promise.nothing());
await say(() => { const p = later(); p.then = 5; p.then(); });
