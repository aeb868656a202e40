// A DOMException has its name and message, which are getters of the engine.
// expect: [DOMException [AbortError]: m]
// expect: [ [DOMException [Error]: n] ] {}
// expect: [own: o]
const without = (...args) => Object.defineProperty(new DOMException(...args), 'stack', { value: '' });
console.log(without('m', 'AbortError'));
console.log([without('n')], {});
const own = without('o', 'AbortError');
Object.defineProperty(own, 'name', { value: 'own', enumerable: true });
console.log(own);
