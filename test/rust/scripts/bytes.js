// Bytes come from any view, and go out empty, small and large.
import * as n from 'native';
const all = [new Uint8Array(), new Uint8Array([1, 2, 255]).subarray(1),
  new Uint8Array(1 << 20).fill(7), new Uint8Array([5, 6]).buffer];
for (const f of [n.bytes_back, n.vec_back, n.buffer_back])
  for (const b of all) {
    const r = f(b), view = new Uint8Array(b.buffer ? b : b);
    if (!(r instanceof Uint8Array) || r.length !== view.length ||
      r.some((v, i) => v !== view[i]) || r.buffer === b.buffer)
      console.log('differs', f.name, view.length);
  }
let u = n.zeroed(1 << 22);
u[5] = 1;
console.log(u.length, u[5], u.buffer.byteLength, n.zeroed(0).length);
console.log(String.fromCharCode(...n.written('ab', 3)), n.written('', 9).length);
console.log(n.written('0123456789', 1e5).length);
try { n.zeroed(2 ** 52); } catch (e) { console.log(String(e)); }
try { n.vec_back([1]); } catch (e) { console.log(String(e)); }
const w = await n.zeroed.async(1 << 20);
console.log(w.length);
u = null;
// expect: 4194304 1 4194304 0
// expect: ABABAB 0
// expect: 1000000
// expect: Error: out of memory
// expect: TypeError: vec_back: argument 1 'b': expected Uint8Array or ArrayBuffer, got array
// expect: 1048576
