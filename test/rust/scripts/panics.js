// A panic is the failure of the call, and what it unwinds is dropped.
import * as n from 'native';
n.quiet();
for (const how of ['text', 'format', 'index', 'overflow', 'value', 'drop', 'inner', ''])
  try { console.log(n.panics(how)); } catch (e) { console.log(String(e)); }
for (const how of ['text', 'drop', ''])
  console.log(String(await n.panics_elsewhere(how).catch((e) => e)));
for (let i = 0; i < 1000; i++)
  try { n.panics('text'); } catch { }
console.log(n.alive());
// expect: Error: text
// expect: Error: format 100
// expect: Error: index out of bounds: the len is 3 but the index is 5
// expect: Error: too much
// expect: Error: a panic without a message
// expect: Error: a panic without a message
// expect: 7
// expect: 0
// expect: Error: text
// expect: Error: a panic without a message
// expect: 0
// expect: 0
