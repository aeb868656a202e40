// Of a Proxy the target is shown; none of its traps runs.
// expect: {} [] [Function (anonymous)]
// expect: { a: {} } [ {} ] Map(1) { {} => {} }
// expect: <Revoked Proxy>
// expect: [Object: null prototype] { x: 1 }
// expect: [Function: f]
// expect: traps: 0
let traps = 0;
const handler = new Proxy({}, { get() { traps++; return undefined; } });
const proxy = new Proxy({}, handler);
console.log(proxy, new Proxy([], handler), new Proxy(function () {}, handler));
console.log({ a: proxy }, [proxy], new Map([[proxy, proxy]]));
const { proxy: revoked, revoke } = Proxy.revocable({}, handler);
revoke();
console.log(revoked);
const heir = { __proto__: proxy, x: 1 };
console.log(heir);
function f() {}
Object.defineProperty(f, 'prototype', { value: proxy });
console.log(f);
console.log('traps:', traps);
