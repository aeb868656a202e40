// Views of every kind, DataView, resizable and transferred buffers.
{
  const log = [];
  const b = new ArrayBuffer(8, { maxByteLength: 64 });
  const u = new Uint8Array(b), dv = new DataView(b);
  b.resize(32);
  dv.setFloat64(8, Math.PI); dv.setBigInt64(16, -5n, true);
  log.push(u.length, dv.getFloat64(8) === Math.PI, dv.getBigInt64(16, true));
  const t = b.transfer();
  log.push(b.detached, t.byteLength, t.transferToFixedLength(4).byteLength);
  const f = Float32Array.from([1.5, 2.5], x => x * 2);
  log.push(f.join(), new Float16Array([1.1])[0].toFixed(2));
  const i = new Int16Array([3, 1, 2]);
  log.push(i.toSorted().join(), i.with(0, 9).join(), [...i.entries()].length);
  log.push(i.map(x => x * 2).filter(x => x > 2).join(), i.subarray(1).length);
  i.sort((x, y) => y - x);
  i.set([7], 1);
  log.push(i.join(), BigInt64Array.of(1n, 2n).includes(2n));
  log.push(new Uint8Array([72, 105]).toHex(), Uint8Array.fromBase64('SGk=')[1]);
  log.push(new Uint8Array([1, 2]).toBase64(), b.slice === t.slice);
  const s = new SharedArrayBuffer(8), si = new Int32Array(s);
  log.push(Atomics.add(si, 0, 5), Atomics.load(si, 0));
  log.push(new Uint8ClampedArray([300])[0], new Uint32Array(new Set([1, 2])).length);
  globalThis.out = log.join('|');
}
