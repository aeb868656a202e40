import * as n from 'native';
const show = (v) => typeof v === 'bigint' ? v + 'n' : v instanceof Error ?
  String(v) : JSON.stringify(v);
for (const name of Object.keys(n))
  console.log(name, n[name].length, n[name].name, typeof n[name].async);
const values = [undefined, null, true, 0, -0, 1, -1, 1.5, NaN, Infinity, 127,
  128, -129, 2 ** 32, 2 ** 53, -(2 ** 53), 5n, 2n ** 63n, -(2n ** 63n), '', 'a',
  'red', 'blue', 'a\0b', '\ud800', Symbol('s'), [], [1], [[1]], {}, () => 1,
  { x: 1, y: 2 }, { x: 1 }, { at: { x: 1, y: 2 }, rows: [] },
  { at: { x: 1, y: 2, z: 3 }, rows: [[1, 2], []], name: 'n', size: 255, hue: 'red' },
  { at: { x: 1, y: 2 }, rows: [[1], ['a']] }, { at: { x: 1, y: 2 }, rows: [1] },
  { at: { x: 1, y: 2 }, rows: [], hue: 'blue' }, { at: { x: 1, y: 2 }, rows: [], size: 256 },
  { at: { x: 1, y: '2' }, rows: [] }, { at: { x: 1, y: 2 }, rows: [], name: 1 },
  new Uint8Array(3), new Float64Array(2), new ArrayBuffer(2), new Date(0), /r/];
const right = [true, 1, 2, 3, 4.5, 5n, 's', new Uint8Array(6)];
const tell = async (name, ...args) => {
  try { console.log(name, show(await n[name](...args))); }
  catch (e) { console.log(name, show(e)); }
};
for (const name of Object.keys(n)) {
  await tell(name);
  for (const v of values) {
    await tell(name, v);
    await tell(name, values.at(-12), v);
  }
}
for (const v of values)
  for (let i = 0; i < right.length; i++)
    await tell('plain', ...right.slice(0, i), v, ...right.slice(i + 1));
for (const v of values) { await tell('given', v, v); await tell('given', 1, 'a', v); }
for (const v of values) await tell('shape_back', values[34], v);
