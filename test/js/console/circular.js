// A value that holds itself is marked, and where it comes back.
// expect: <ref *1> { name: 'o', self: [Circular *1] }
// expect: <ref *1> [ 1, [Circular *1], { list: [Circular *1] } ]
// expect: <ref *1> { b: { a: [Circular *1] } } [ <ref *1> { a: { b: [Circular *1] } } ]
// expect: <ref *1> Map(1) { [Circular *1] => [Circular *1] }
// expect: [ { x: 1 }, { x: 1 } ]
// expect: <ref *1> [Function: f] { f: [Circular *1] }
const o = { name: 'o' };
o.self = o;
console.log(o);
const list = [1];
list.push(list, { list });
console.log(list);
const a = {}, b = { a };
a.b = b;
console.log(a, [b]);
const map = new Map();
map.set(map, map);
console.log(map);
const twice = { x: 1 };
console.log([twice, twice]);
const f = () => {};
f.f = f;
console.log(f);
