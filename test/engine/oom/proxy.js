// Every trap, Reflect, revocation.
{
  const log = [];
  const target = { a: 1, b: 2 };
  const p = new Proxy(target, new Proxy({}, {
    get(_, trap) { log.push(trap); return Reflect[trap]; },
  }));
  p.a; p.c = 3; 'a' in p; delete p.b; Object.keys(p);
  Object.defineProperty(p, 'd', { value: 4, configurable: true });
  Object.getOwnPropertyDescriptor(p, 'd');
  Object.getPrototypeOf(p); Object.setPrototypeOf(p, null);
  Object.isExtensible(p); Object.preventExtensions(p);
  const f = new Proxy(function (x) { this && (this.x = x); return x; }, {
    apply: (t, th, args) => Reflect.apply(t, th, args) + 1,
    construct: (t, args, nt) => Reflect.construct(t, args, nt),
  });
  log.push(f.call({}, 1), new f({ o: 1 }).o);
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  try { proxy.x; } catch (e) {
    if (!(e instanceof TypeError)) throw e;
    log.push('revoked');
  }
  log.push(Reflect.ownKeys({ b: 1, 2: 1, [Symbol.iterator]: 1 }).length);
  for (const k in new Proxy({ x: 1, y: 2 }, {})) log.push(k);
  globalThis.out = log.join('|');
}
