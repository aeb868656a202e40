// Names that objects have are types as all others.
// expect: __proto__ constructor toString  null
const t = new EventTarget(), said = [];
for (const type of ['__proto__', 'constructor', 'toString', '', null]) {
  t.dispatchEvent(new Event(type));
  t.addEventListener(type, (e) => said.push(e.type));
  t.dispatchEvent(new Event(type));
}
console.log(said.join(' '));
