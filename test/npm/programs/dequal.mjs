import '../show.js';
import { dequal } from 'dequal';
import { dequal as lite } from 'dequal/lite';
show(
  dequal(
    new Map([[{ a: 1 }, new Set([1])]]),
    new Map([[{ a: 1 }, new Set([1])]]),
  ),
  lite([1, { b: NaN }], [1, { b: NaN }]),
  dequal(new Uint8Array([1]), new Uint8Array([2])),
);
