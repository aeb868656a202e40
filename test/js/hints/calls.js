// A call of what is no function says what was called, where that has a name.
// expect: none is not a function 11
// expect: o.b is not a function 13
// expect: o.a.b is not a function 15
// expect: y is not a function 26
// expect: e is not a function 26
// expect: (...).m.o.p.q is not a function 21
// expect: o.a.b is not a function 17
// expect: (...).b is not a function 32
// expect: this.z is not a function 24
// expect: this.z.y is not a function 26
// expect: later.x is not a function 17
// expect: o.b is not a function 13
// expect: o.zz is not a function 3
// expect: not a function 13
// expect: cannot read property 'g' of undefined 17
// expect: (...).c is not a function 24
// expect: (...).c is not a function 25
// expect: (...).d is not a function 28
// expect: not a function 11
// expect: not a function 12
// expect: not a function 11
// expect: not a function 13
// expect: not a function 47
// expect: not a function 40
// expect: not a function -
// expect: not a function -
// expect: not a function 11
// expect: not a function 37
// expect: not a function 25
// expect: toPrimitive -
// expect: value is not iterable 29
const o = { a: {}, n: { m: { o: { p: {} } } }, f() {} };
const later = async () => {};
let none;

function say(f) {
  try {
    f();
  } catch (error) {
    const [place] = /\d+:\d+(?=\)?$)/.exec(error.stack.split('\n')[0]) ?? ['-'];
    console.log(`${error.message} ${place.replace(/^\d+:/, '')}`);
  }
}

// What is called.
say(() => none());
say(() => o.b());
say(() => o.a.b(1, o, say(() => {}), this));
say(() => { const y = 1; y(o.a, 5); });
say((a, b, c, d, e) => { e(1); });
say(() => o.n.m.o.p.q());
say(() => o?.a?.b(1));
say(() => o.a.b?.c.d());
say(() => { const r = o?.['a'].b(1); return r; });
say(function () { this.z(); }.bind({}));
say(function () { this.z.y(this); }.bind({ z: {} }));
say(() => later.x());
say(() => o.b`text`);
say(() => eval('o.zz()'));
// What has no name, or more than one.
say(() => o.f()());
say(() => o.f().g);
say(() => (o.a || o.b).c());
say(() => (none ?? o.a).c());
say(() => (none ? o : o.a).d(none ? 1 : 2));
say(() => (none ? o.f : o.e)(1));
say(() => o['a']());
say(() => (0, o.b)());
say(() => o.b(...[1]));
say(() => { new (class A { #x = 1; f() { this.#x(); } })().f(); });
say(() => { new (class B { f() { super.g(); } })().f(); });
// Callers that are not the interpreter.
say(() => [1].map(5));
say(() => Reflect.apply(5));
say(() => new Proxy(function () {}, { apply: 5 })());
say(() => ({ [Symbol.iterator]: 5 })[Symbol.iterator]());
say(() => [...{ [Symbol.iterator]: () => ({ next: 5 }) }]);
say(() => `${{ toString: 5, valueOf: 5 }}`);
say(() => { for (const x of 5) say(x); });
