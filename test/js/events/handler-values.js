// A handler is an object or null; any other value is null.
// expect: null
// expect: null null null
// expect: true true
// expect: null
// expect: TypeError TypeError
console.log(onerror);
const values = [1, 'f', undefined].map((v) => { globalThis.onerror = v; return onerror; });
console.log(...values);
const f = () => {}, o = {};
onerror = f;
const same = onerror === f;
onerror = o;
console.log(same, onerror === o);
onerror = null;
console.log(onerror);
const d = Object.getOwnPropertyDescriptor(globalThis, 'onerror');
const fails = (g) => { try { g(); return 'nothing'; } catch (error) { return error.name; } };
console.log(fails(() => d.get.call({})), fails(() => d.set.call({}, f)));
