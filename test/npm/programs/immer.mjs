import '../show.js';
import {
  produce,
  enablePatches,
  produceWithPatches,
  enableMapSet,
  current,
} from 'immer';
enablePatches();
enableMapSet();
const a = { x: [1, { y: 2 }], m: new Map([[1, { z: 1 }]]) };
const b = produce(a, (d) => {
  d.x[1].y = 3;
  d.m.get(1).z++;
  d.n = current(d).x.length;
});
show(
  a,
  b,
  a.x === b.x,
  Object.isFrozen(b),
  produceWithPatches({ a: 1 }, (d) => {
    d.a = 2;
    d.b = [1];
  }),
);
