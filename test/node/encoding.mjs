// TextEncoder and TextDecoder are those of node, for UTF-8
import { TextDecoder as D, TextEncoder as E } from 'node:util';
import { below, outcome } from './random.js';

console.log(D === TextDecoder, E === TextEncoder, Object.keys(globalThis).includes('TextDecoder'));
for (const v of [undefined, '', 'a', 'é€𝄞', '\ud800', '\udc00x', 'x\ud83d', 5, null]) {
  console.log([...new E().encode(v)].join());
}
for (const size of [0, 1, 2, 3, 4, 5, 6, 10, 20]) {
  const bytes = new Uint8Array(size);
  console.log(outcome(() => new E().encodeInto('aé€𝄞b\ud800', bytes)), [...bytes].join());
}
for (const args of [[5, new Uint8Array(1)], ['a', []], ['a', new Int8Array(1)], ['a', new DataView(new ArrayBuffer(1))]]) {
  console.log(outcome(() => new E().encodeInto(...args)));
}
for (const label of ['utf-8', 'UTF8', ' utf-8\n', 'unicode-1-1-utf-8', 'x-unicode20utf8', 'nothing', '']) {
  console.log(outcome(() => new D(label).encoding));
}
for (const options of [{}, { fatal: true }, { ignoreBOM: 1 }, null, undefined]) {
  console.log(outcome(() => { const d = new D('utf8', options); return [d.fatal, d.ignoreBOM, d.encoding]; }));
}
for (const input of [undefined, new ArrayBuffer(2), new DataView(new ArrayBuffer(2)), new Uint16Array([0x4141])]) {
  console.log(outcome(() => new D().decode(input)));
}
const cases = [[0xef, 0xbb, 0xbf, 0x41], [0xef, 0xbb], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80],
               [0xe2, 0x82], [0xe2, 0x28, 0xa1], [0xf0, 0x9d, 0x84, 0x9e], [0xf0, 0x9d, 0x84], [0xff], [0x80],
               [0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf], [0xf0, 0x80, 0x80], [0xe0, 0x80, 0x80], [0xc2]];
for (const bytes of cases) {
  for (const options of [{}, { fatal: true }, { ignoreBOM: true }]) {
    console.log(bytes.join(), outcome(() => new D('utf-8', options).decode(new Uint8Array(bytes))));
  }
}
// In pieces: as at once.
for (let i = 0; i < 300; i++) {
  const bytes = Uint8Array.from({ length: below(12) }, () =>
    [below(256), 0xe2, 0x82, 0xac, 0xf0, 0x9d, 0x84, 0x9e, 0xef, 0xbb, 0xbf, 0x41][below(12)]);
  for (const fatal of [false, true]) {
    const d = new D('utf-8', { fatal });
    let text = '';
    for (let at = 0; at <= bytes.length;) {
      const n = 1 + below(3);
      const part = bytes.subarray(at, at + n);
      at += n;
      text += outcome(() => d.decode(part, { stream: at <= bytes.length }));
    }
    console.log(text);
  }
}
console.log(Object.prototype.toString.call(new D()), Object.prototype.toString.call(new E()));
for (const [C, n] of [[D, 'decode'], [E, 'encode'], [E, 'encodeInto']]) {
  console.log(outcome(() => C.prototype[n].call({}, 'a')), Object.keys(C.prototype).join());
}
