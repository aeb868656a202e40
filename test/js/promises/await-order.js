// expect: n< s< r< l< d< t< o< constructor x< f< e< h< end caught a0 n:1 s:settled r!refused then o:own e:undefined h!thrown p1 l:later b0 a1 t:thenable g1 p2 b1 a2 d:derived x:other f:settled p3 b2 a3 gsettled b3 a4 b4 a5 b5 a6 g3 q< a7 q:1 rejected,fulfilled

// Every kind of value behind an await, between other jobs: the order is that of
// the language.
const log = [];
const say = what => log.push(what);
const settled = Promise.resolve('settled');
const refused = Promise.reject(new Error('refused'));
refused.catch(() => say('caught'));
let resolveLater;
const later = new Promise(resolve => { resolveLater = resolve; });
class Derived extends Promise {}
const thenable = { then(resolve) { say('then'); resolve('thenable'); } };
const own = Promise.resolve('own');
Object.defineProperty(own, 'constructor', { get() { say('constructor'); return Promise; } });
const other = Promise.resolve('other');
other.constructor = Derived;

async function plain(name, value) {
  say(`${name}<`);
  try {
    say(`${name}:${await value}`);
  } catch (error) {
    say(`${name}!${error.message}`);
  }
  return name;
}
async function chain(name, n) {
  for (let i = 0; i < n; i++) { await null; say(`${name}${i}`); }
}
async function* generate() { yield 1; yield settled; yield* [3]; }
async function iterate() { for await (const v of generate()) say(`g${v}`); }
async function returned(value) { return value; }
async function thrown() { throw new Error('thrown'); }
async function empty() {}

async function main() {
  chain('a', 8);
  plain('n', 1);
  plain('s', settled);
  plain('r', refused);
  plain('l', later);
  plain('d', Derived.resolve('derived'));
  plain('t', thenable);
  plain('o', own);
  plain('x', other);
  plain('f', returned(settled));
  plain('e', empty());
  plain('h', thrown());
  iterate();
  Promise.resolve().then(() => say('p1')).then(() => say('p2')).then(() => say('p3'));
  resolveLater('later');
  say('end');
  await chain('b', 6);
  await Promise.all([plain('q', 1), returned(2)]);
  say((await Promise.allSettled([thrown(), later])).map(r => r.status).join());
  let max = 0;
  await Promise.race([new Promise(() => {}), returned(max)]);
}
main().then(() => {
  console.log(log.join(' '));
});
