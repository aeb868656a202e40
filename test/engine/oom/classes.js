// Private fields and methods, accessors, statics, inheritance.
{
  class A {
    #x = 1;
    static count = 0;
    static #made = [];
    static { A.count = 10; A.#made.push('s'); }
    constructor(x) { this.#x = x; A.count++; A.#made.push(x); }
    get x() { return this.#x; }
    set x(v) { this.#x = v; }
    #secret() { return this.#x * 2; }
    secret() { return this.#secret(); }
    static has(o) { return #x in o; }
    static made() { return A.#made.join(); }
    ['comp' + 'uted']() { return 'c'; }
  }
  class B extends A {
    y = super.secret();
    constructor() { super(4); this.z = new.target.name; }
    toString() { return `B(${this.x},${this.y},${this.z})`; }
    static made() { return 'B' + super.made(); }
  }
  class C extends Array { last() { return this[this.length - 1]; } }
  const b = new B();
  b.x = 5;
  globalThis.out = `${b} ${b.secret()} ${A.has(b)} ${A.has({})} ${A.count} ` +
    `${B.made()} ${b.computed()} ${C.of(1, 2).last()}`;
}
