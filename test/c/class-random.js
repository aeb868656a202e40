import * as native from 'native';
const { random, complain, collect_now, settle, fail_soon, fail_no_more } = native;
const KINDS = ['plain', 'valued', 'part', 'pointed', 'derived', 'counted'];
const mayFail = fail_no_more();
const slots = Array(10).fill(null);
const metas = new WeakMap(), known = new Map();
let realm = 0, depth = 0, isFailing = false, picked = [], steps = 0;
globalThis.other = null;
globalThis.nextRealm = () => { realm++ };

const chain = (m, f) => { for (; m; m = m.parent) if (f(m)) return true; return false };
const isDead = m => chain(m, x => x.dead);
const isFuzzy = m => isFailing || chain(m, x => x.fuzzy);
const isBusy = m => chain(m, x => x.out > 0);
const text = e => String(e?.message ?? e);
const isBusyError = e => text(e).includes('in use by another call');
const mayThrow = e => isFailing || /^busy:|thrown|in use by another call|disposed of|another realm|its realm was freed|that it is borrowed from|got Instance$|a pointer that is no /.test(text(e));
/* What was out when its realm ended is nothing any more. */
const isCut = (o, e) => text(e).endsWith('got Instance') && !KINDS.some(k => o instanceof native[k]);
function tell(what, e) {
  if (isFailing) return;
  complain(`${what}: ${e ? e.stack ? text(e) + '\n' + e.stack : text(e) : ''}\n${new Error().stack}`);
}

/* What is known of an object that came from native code. */
function learn(o, kind, parent = null, inRealm = 0) {
  if (o === null || o === undefined) return o;
  let m = metas.get(o);
  if (m) return o;
  m = { kind, id: 0, dead: false, parent, out: 0, fuzzy: isFailing, held: undefined, hits: 0, x: 0 };
  try { m.id = o.id() } catch (e) { m.fuzzy = true; if (!mayThrow(e)) tell('new', e) }
  metas.set(o, m);
  if (m.fuzzy) return o;
  const key = kind === 'counted' ? `${inRealm}:${m.id}` : m.id;
  const before = known.get(key)?.deref();
  if (before && before !== o) {
    const b = metas.get(before);
    if (!isDead(b) && !isFuzzy(b)) tell(`another object for ${m.id}`);
  }
  known.set(key, new WeakRef(o));
  return o;
}
function pick(...kinds) {
  const from = random(slots.length);
  for (let i = 0; i < slots.length; i++) {
    const o = slots[(from + i) % slots.length];
    if (!o) continue;
    const m = metas.get(o);
    if (kinds.length && !kinds.includes(m.kind)) continue;
    picked.push(m);
    return o;
  }
  return null;
}
const put = o => { if (o && metas.has(o)) slots[random(slots.length)] = o; return o };
const like = o => { const k = o && metas.get(o).kind; return k === 'derived' || k === 'pointed' ? ['pointed', 'derived'] : [k] };
const may = n => random(n) === 0;

/* Uses an object, and compares with what is known of it. */
function check(o) {
  const m = metas.get(o);
  let id;
  try {
    id = o.id();
  } catch (e) {
    if (isFuzzy(m) || isFailing || isCut(o, e)) return;
    if (isBusy(m) && isBusyError(e)) return;
    if (isDead(m) && text(e).includes('disposed of')) return;
    tell(`check ${m.kind} ${m.id}`, e);
    return;
  }
  if (isFuzzy(m)) return;
  if (id !== m.id) tell(`${m.kind} ${m.id} is ${id}`);
  if (isDead(m)) tell(`${m.kind} ${m.id} was disposed of`);
}
/* A function for native code: does anything. */
const step = (f = null) => () => {
  if (++steps > 2000) return;
  f?.();
  if (depth < 3) { depth++; try { op() } finally { depth-- } }
  if (may(9)) throw new Error('thrown');
};
function strict(o, f) {
  const m = metas.get(o), isSure = !isFuzzy(m) && !isDead(m) && !isBusy(m);
  try { return f() } catch (e) {
    if (isSure && !isFailing && !isCut(o, e) && !text(e).includes('thrown') && !text(e).startsWith('busy:')) tell(`${m.kind} ${m.id}`, e);
    throw e;
  }
}
const of = () => other && may(3) ? [other.native, realm] : [native, 0];
function make(kind = KINDS[random(KINDS.length)]) {
  const [n, r] = of();
  if (kind === 'part') kind = 'pointed';
  let C = n[kind], args = [];
  if (kind === 'plain') args = may(6) ? [1] : [];
  if (kind === 'valued') args = may(2) ? [pick(), step()] : [undefined];
  /* Also those of other realms are for some_pointed: where a realm ends, native
   * code that has one off the loop owns it, and nobody else. */
  if (kind === 'pointed') args = [may(4) ? random(4) : 0];
  if (kind === 'derived') args = [0];
  if (may(4)) {
    const D = class extends C { y = may(5) ? (() => { throw new Error('thrown') })() : 1; z = may(3) ? put(learnMade(this)) : 0 };
    return new D(...args);
  }
  if (may(5)) {
    const target = new Proxy(function () {}, { get(_, k) { if (k === 'prototype') step()(); return may(2) ? C.prototype : null } });
    return Reflect.construct(C, args, target);
  }
  return new C(...args);
}
/* Without a slot that holds it. */
const temporary = kind => {
  if (may(2)) return pick(...kind === 'pointed' ? ['pointed', 'derived'] : [kind]);
  if (may(2)) return null;
  if (kind === 'part') {
    const p = learn(new native.pointed(), 'pointed');
    return learn(p.part(0), 'part', metas.get(p));
  }
  return kind === 'valued' ? new native.valued(undefined) : new native[kind]();
};
function goesOut(o, p, others = []) {
  const all = [metas.get(o), ...others.filter(x => x).map(x => metas.get(x))].filter(m => m);
  all.forEach(m => m.out++);
  const back = e => { all.forEach(m => m.out--); if (e !== undefined && typeof e !== 'number' && !mayThrow(e) && !(mayFail && text(e).includes('out of memory')) && !all.some(isFuzzy)) tell('promise', e) };
  p.then(() => back(), back);
  if (isFailing) all.forEach(m => m.fuzzy = true);
}

const ops = [
  () => { const [k] = [KINDS[random(6)]]; const o = make(k); put(o); const r = 0; if (o) learnMade(o) },
  () => { const o = make(); learnMade(o); put(o) },
  () => { const o = pick(); if (o) check(o) },
  () => { const o = pick(); if (o) check(o) },
  () => { const o = pick(); if (o && strict(o, () => o.me()) !== o) tell('me') },
  () => {
    const o = pick();
    if (!o) return;
    const m = metas.get(o);
    const id = strict(o, () => o.run(step(may(4) ? () => dispose(o) : null)));
    if (id !== m.id && !isFuzzy(m)) tell(`run ${m.id} is ${id}`);
  },
  () => {
    const o = pick();
    if (!o) return;
    const m = metas.get(o);
    try { o.end() } catch (e) { if (!mayThrow(e)) tell('end', e); if (isBusyError(e)) return; if (isDead(m)) return }
    if (isFailing) m.fuzzy = true;
    m.dead = true;
  },
  () => {
    const o = pick();
    if (!o) return;
    const kind = metas.get(o).kind === 'derived' ? 'pointed' : metas.get(o).kind;
    const list = [];
    for (let i = random(4); i > 0; i--) {
      const x = temporary(kind);
      if (!x) continue;
      if (may(2)) { list.push(x); continue }
      Object.defineProperty(list, list.length, { enumerable: true, configurable: true, get: () => { if (may(3)) step()(); if (may(6)) dispose(o); return may(2) ? x : temporary(kind) ?? x } });
    }
    if (list.some(x => !x)) return;
    const a = may(2) ? o : null, b = may(2) ? temporary(kind) ?? undefined : undefined;
    const r = native[kind + '_pass'](a, list, b, may(2) ? step() : undefined);
    if (r) put(learn(r, kindOf(r)));
    if (a && r !== a && !isDead(metas.get(a)) && !isFuzzy(metas.get(a))) tell('pass');
  },
  () => {
    const o = pick('pointed', 'derived', 'part');
    if (!o) return;
    const p = strict(o, () => o.part(random(2)));
    picked.push(metas.get(o));
    put(learn(p, 'part', metas.get(o)));
  },
  () => {
    const o = pick('pointed', 'derived', 'part');
    if (!o) return;
    const p = o.take(random(2), step());
    learn(p, 'part');
    const m = metas.get(p);
    if (m.parent) {
      if (isDead(m) && !isFuzzy(m)) tell('took what is dead');
      m.parent = null;
    }
    if (isFailing) m.fuzzy = true;
    put(p);
  },
  () => { slots[random(slots.length)] = null },
  () => { slots[random(slots.length)] = null },
  () => { const o = pick(); if (o) dispose(o) },
  () => { collect_now() },
  () => { const o = pick('valued'); if (o) put(learn(strict(o, () => o.copy()), 'valued')) },
  () => {
    const o = pick('valued'), q = pick('valued');
    if (!o || !q) return;
    const [a, b] = o.twice(q);
    if (a !== o || b !== q) tell('twice');
  },
  () => {
    const o = pick('valued'), v = may(3) ? o : may(2) ? pick() : { o: may(2) ? o : pick() };
    if (!o || !v) return;
    if (strict(o, () => o.hold(v)) === 0) metas.get(o).held = new WeakRef(v);
    else if (!isFailing) tell('hold');
  },
  () => {
    const o = pick('valued');
    if (!o) return;
    const m = metas.get(o), v = strict(o, () => o.held());
    if (m.held && v !== m.held.deref() && !isFuzzy(m)) tell(`held ${m.id} ${typeof v}`);
  },
  () => {
    const o = pick('valued');
    if (!o) return;
    const m = metas.get(o), s = step(), with_ = may(2) ? o : null;
    if (strict(o, () => o.keep(() => { m.hits++; with_; s() })) !== 0) { if (!isFailing) tell('keep') } else m.keeps = true;
  },
  () => {
    const o = pick('valued');
    if (!o) return;
    const m = metas.get(o), before = m.hits;
    if (strict(o, () => o.fire()) === 0 && m.keeps && m.hits === before && !isFuzzy(m)) tell('fire');
  },
  () => {
    const o = pick(), q = may(2) ? pick(...like(o)) ?? undefined : undefined;
    if (!o) return;
    goesOut(o, o.later(q), [q]);
  },
  () => {
    const o = pick(), q = may(2) ? pick(...like(o)) ?? undefined : undefined;
    if (!o) return;
    goesOut(o, o.block(q), [q]);
  },
  () => { settle(random(1000)) },
  () => { settle(random(1000)) },
  () => { const n = may(3) && other ? other.native : native; const o = n.some_pointed(); if (o) { learn(o, kindOf(o)); put(o) } },
  () => {
    const o = pick('plain', 'valued');
    if (!o) return;
    const m = metas.get(o), x = random(1000);
    strict(o, () => { o.x = x; if (o.x !== x) tell('x') });
  },
  () => {
    const o = pick('valued');
    if (!o) return;
    strict(o, () => { o.grow(random(1000)); o.report(random(5000)) });
  },
  () => {
    const o = pick('valued');
    if (!o) return;
    const m = metas.get(o), p = o[Symbol.asyncDispose]();
    goesOut(o, p);
    p.then(() => { m.dead = true }, () => {});
  },
  () => { const o = pick('counted'); if (o) strict(o, () => o.share()) },
  () => {
    const [n, r] = of();
    const o = n.get_shared(may(4));
    if (o) put(learn(o, 'counted', null, r));
  },
  () => { const o = pick('derived'); if (o && strict(o, () => o.more()) !== metas.get(o).id && !isFuzzy(metas.get(o))) tell('more') },
  () => { const o = pick(), q = pick(); if (o && q && Object.isExtensible(o)) { o.friend = may(3) ? o : q; if (may(5)) Object.setPrototypeOf(o, Object.getPrototypeOf(o)) } },
];
const kindOf = o => KINDS.find(k => k !== 'pointed' && (o instanceof native[k] || other && o instanceof other.native[k])) ?? 'pointed';
function learnMade(o) {
  const isOther = other && KINDS.some(k => o instanceof other.native[k]);
  return learn(o, kindOf(o), null, isOther ? realm : 0);
}
function dispose(o) {
  const m = metas.get(o);
  if (!m) return;
  picked.push(m);
  try { o[Symbol.dispose]() } catch (e) { if (!isFailing && !isCut(o, e)) tell('dispose', e); m.fuzzy = true; return }
  m.dead = true;
}
function op() {
  const isOuter = depth === 0;
  if (isOuter) { picked = []; if (mayFail && may(2)) { isFailing = true; fail_soon(1 + random(may(2) ? 12 : 120)) } }
  try {
    ops[random(ops.length)]();
  } catch (e) {
    if (!mayThrow(e)) tell('op', e);
  } finally {
    if (isOuter && isFailing) { fail_no_more(); picked.forEach(m => { if (m) m.fuzzy = true }); isFailing = false }
  }
}
globalThis.play = n => {
  steps = 0; depth = 0;
  for (let i = 0; i < n; i++) op();
};
globalThis.rest = () => { slots.fill(null); known.clear() };
globalThis.drop = () => { for (let i = 0; i < 5; i++) slots[random(slots.length)] = null };
