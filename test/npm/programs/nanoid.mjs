import '../show.js';
import { nanoid, customAlphabet, urlAlphabet } from 'nanoid';
import { nanoid as weak } from 'nanoid/non-secure';
const ids = new Set(Array.from({ length: 2000 }, () => nanoid()));
show(
  ids.size,
  nanoid().length,
  /^[\w-]+$/.test(nanoid(50)),
  customAlphabet('a', 5)(),
  urlAlphabet.length,
  weak(7).length,
);
