import '../show.js';
import { chunk, debounce, isEqual } from 'lodash-es';
import * as all from 'lodash-es';
show(
  chunk([1, 2, 3], 2),
  isEqual({ a: [1] }, { a: [1] }),
  Object.keys(all).length,
  all.default.VERSION,
);
