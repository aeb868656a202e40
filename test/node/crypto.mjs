// hashes and random bytes are those of node
import crypto, { createHash, createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { Buffer } from 'node:buffer';
import { below, outcome } from './random.js';

const t = (f) => String(outcome(f));
const names = ['md5', 'sha1', 'sha256', 'sha384', 'sha512', 'SHA256', 'RSA-SHA512'];
for (const name of names) {
  for (const data of ['', 'a', 'é€', 'x'.repeat(1000), new Uint8Array([0, 255]), new DataView(new ArrayBuffer(3)), Buffer.from('ab')]) {
    for (const encoding of ['hex', 'base64', 'base64url', 'latin1']) console.log(name, t(() => createHash(name).update(data).digest(encoding)));
  }
  for (const key of ['', 'k', 'k'.repeat(200), Buffer.from('key'), new Uint8Array([1, 2]).buffer]) {
    console.log(name, t(() => createHmac(name, key).update('data').update(Buffer.from('more')).digest('hex')));
  }
}
// In pieces.
for (let i = 0; i < 100; i++) {
  const name = names[below(5)];
  const hash = createHash(name);
  const hmac = createHmac(name, `key ${i}`);
  for (let n = below(6); n > 0; n--) {
    const piece = Buffer.alloc(below(300), `${i}`);
    hash.update(piece);
    hmac.update(piece);
  }
  console.log(hash.copy().digest('hex'), hash.digest('hex'), hmac.digest('base64'));
}
console.log(createHash('md5').update('616263', 'hex').digest('hex'), createHash('md5').digest().constructor.name);
for (const f of [() => createHash('x'), () => createHash(), () => createHash('md5').update(5), () => { const h = createHash('md5'); h.digest(); h.update('a'); },
                 () => { const h = createHash('md5'); h.digest(); h.digest(); }, () => { const h = createHash('md5'); h.digest(); h.copy(); }, () => createHmac('x', 'k'), () => createHmac('md5'), () => createHmac('md5', 5),
                 () => { const h = createHmac('md5', 'k'); h.digest(); return h.digest('hex'); }, () => { const h = createHmac('md5', 'k'); h.digest(); h.update('x'); },
                 () => timingSafeEqual(Buffer.from('a'), Buffer.from('ab')), () => timingSafeEqual('a', 'b'), () => timingSafeEqual(Buffer.from('a'), Buffer.from('a')), () => timingSafeEqual(Buffer.from('a'), Buffer.from('b')),
                 () => randomInt(5, 2), () => randomInt(1.5), () => randomInt(0, 2 ** 50), () => randomInt(5, 'x'), () => randomInt(1, 2, 3), () => randomBytes(-1), () => randomBytes('x'), () => randomBytes(1, 2),
                 () => crypto.randomFillSync('x'), () => crypto.randomFillSync(Buffer.alloc(2), 5), () => crypto.randomFillSync(Buffer.alloc(2), 0, 5), () => crypto.randomFill(Buffer.alloc(2)),
                 () => crypto.getRandomValues([]), () => crypto.getRandomValues(new Float32Array(1)), () => crypto.getRandomValues(new Uint8Array(70000)), () => crypto.hash('md5', 'a'), () => crypto.hash('md5', 5), () => crypto.hash('sha1', 'a', 'base64'),
                 () => crypto.randomUUID(5), () => crypto.randomUUID({ disableEntropyCache: 1 })]) {
  console.log(t(f));
}
console.log(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(crypto.randomUUID()), crypto.randomUUID() !== crypto.randomUUID());
console.log(randomBytes(16).length, randomBytes(0).length, randomBytes(20).toString('hex') !== randomBytes(20).toString('hex'));
const seen = new Set();
for (let i = 0; i < 500; i++) seen.add(randomInt(3, 7));
console.log([...seen].sort().join(), randomInt(1), Array.from({ length: 50 }, () => randomInt(-5, 5)).every((n) => n >= -5 && n < 5));
const part = crypto.randomFillSync(Buffer.alloc(64), 8, 16);
console.log(part.subarray(0, 8).every((b) => b === 0), part.subarray(24).every((b) => b === 0), part.subarray(8, 24).some((b) => b !== 0));
await new Promise((resolve) => randomBytes(4, (e, b) => { console.log(e, b.length); resolve(); }));
await new Promise((resolve) => crypto.randomFill(new Uint8Array(4), (e, b) => { console.log(e, b.length); resolve(); }));
await new Promise((resolve) => randomInt(5, (e, n) => { console.log(e, n < 5); resolve(); }));
console.log(globalThis.crypto.getRandomValues(new Uint16Array(4)).length, globalThis.crypto.randomUUID().length, crypto.webcrypto === globalThis.crypto);
