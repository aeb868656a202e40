import '../show.js';
import {
  v1,
  v3,
  v4,
  v5,
  v7,
  validate,
  version,
  parse,
  stringify,
  NIL,
} from 'uuid';
show(
  v5('hello', v5.URL),
  v3('hello', v3.DNS),
  validate(v4()),
  version(v7()),
  version(v1()),
  stringify(parse('6ec0bd7f-11c0-43da-975e-2a8ad9ebae0b')),
  NIL,
  v4({ random: new Uint8Array(16).fill(7) }),
);
