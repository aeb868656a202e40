// Where an error is said to be: the part that failed, in bytes from 1.
// expect: null.x; 6
// expect:   null.x; 8
// expect: a.b.c; 5
// expect: a.f(1, g.h); 3
// expect: a.f(1, g); 3
// expect: a.b.c.d(); 5
// expect: g.p.q.r(); 7
// expect: a[1][2][3]; 5
// expect: a?.b.c.d; 6
// expect: a.b(...[1]); 3
// expect: a.b`x`; 3
// expect: 2 + a.x.y + 3; 9
// expect: throw new TypeError(a.b); 7
// expect: a; a(a.b); 4
// expect: 'é漢'; a.b.c; 14
// expect: [1].map((x) => x.y.z); 20
// expect: class A { #x; static f(o) { return o.#x; } } A.f(a); 38
// expect: a\n  .b\n  .c() 3:4
globalThis.a = {};
globalThis.g = { p: { q: {} } };

function place(error) {
  return /<input>:(\d+:\d+)/.exec(error.stack)[1];
}

for (const source of ['null.x;', '  null.x;', 'a.b.c;', 'a.f(1, g.h);',
  'a.f(1, g);', 'a.b.c.d();', 'g.p.q.r();', 'a[1][2][3];', 'a?.b.c.d;',
  'a.b(...[1]);', 'a.b`x`;', '2 + a.x.y + 3;', 'throw new TypeError(a.b);',
  'a; a(a.b);', "'é漢'; a.b.c;", '[1].map((x) => x.y.z);',
  'class A { #x; static f(o) { return o.#x; } } A.f(a);',
  'a\n  .b\n  .c()']) {
  try {
    (0, eval)(source);
  } catch (error) {
    console.log(source.replaceAll('\n', '\\n'),
      place(error).replace(/^1:/, ''));
  }
}
