// Structs are objects: nested, with defaults, optional, null, in lists.
import * as n from 'native';
const j = (v) => console.log(JSON.stringify(v));
j(n.point_sum({ x: 1, y: 2 }, { x: 1, y: 2, z: 3 }));
j(n.shape_back({ at: { x: 1, y: 2 } }));
const s = { name: '\u{1f600}', at: { x: 1, y: 2, z: 3 }, color: 'red', tags: [],
  outline: [{ x: 0, y: 0 }, { x: 1, y: 1, z: 1 }], parent: { x: 4, y: 5 },
  data: new Uint8Array([1, 2]), type: 9 };
j(n.shape_back(s));
const back = n.shape_back(n.shape_back(s));
console.log(Object.keys(back).join(), back.data instanceof Uint8Array);
console.log('outline' in n.shape_back({ at: s.at }), n.shape_back({ at: s.at }).outline);
console.log(n.shapes([]), n.shapes([{ at: { x: 1, y: 2 } }]).length);
for (const f of [() => n.point_sum({ x: 1, y: 2 }, { x: 1 }), () => n.point_sum(1),
  () => n.point_sum(1, 2), () => n.shape_back({ at: s.at, outline: [s.at, { x: 1, y: 'a' }] }),
  () => n.shape_back({ at: s.at, color: 'pink' }), () => n.shape_back({ at: s.at, tags: ['a', 1] }),
  () => n.member_panics({ b: 1 }), () => n.shape_back({ get at() { throw 'mine'; } })])
  try { f(); console.log('?'); } catch (e) { console.log(String(e)); }
console.log(n.member_panics({ a: 1, b: 2 }));
const o = n.owner(1 << 20);
console.log(o.data.length, o.rows);
console.log((await n.owner.async(9)).data.length);
// expect: {"x":2,"y":4,"z":45}
// expect: {"name":"unnamed","at":{"x":1,"y":2,"z":42},"color":"light green","tags":["a","b"],"parent":null,"data":{},"type":3}
// expect: {"name":"😀","at":{"x":1,"y":2,"z":3},"color":"red","tags":[],"outline":[{"x":0,"y":0,"z":42},{"x":1,"y":1,"z":1}],"parent":{"x":4,"y":5,"z":42},"data":{"0":1,"1":2},"type":9}
// expect: name,at,color,tags,outline,parent,data,type true
// expect: true undefined
// expect: [] 156
// expect: TypeError: point_sum: argument 2 'b.y': expected number, got undefined
// expect: TypeError: point_sum: expected 2 arguments, got 1
// expect: TypeError: point_sum: argument 1 'a': expected object, got 1
// expect: TypeError: shape_back: argument 1 's.outline[1].y': expected number, got string
// expect: TypeError: shape_back: argument 1 's.color': expected one of 'red', 'light green', 'Blue', got 'pink'
// expect: TypeError: shape_back: argument 1 's.tags[1]': expected string, got 1
// expect: Error: a member
// expect: mine
// expect: 3
// expect: 1048576 [ [], [ 0.5 ], [ 0.5, 0.5 ] ]
// expect: 9
