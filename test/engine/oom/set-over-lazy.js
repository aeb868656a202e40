// Assigning where a prototype has a method that was not made yet.
const objects = [];
for (const [proto, names] of [
  [Array.prototype, ['slice', 'map', 'flat', 'toSorted']],
  [String.prototype, ['trim', 'padEnd', 'at']],
  [Object.prototype, ['valueOf', 'toLocaleString']],
  [Uint8Array.prototype, ['fill', 'toString', 'subarray']]]) {
  const o = Object.create(proto);
  for (const name of names) o[name] = () => name;
  objects.push(...names.map((name) => o[name]()));
}
globalThis.out = objects.join();
