// A program that waits for ever says where, of those that others wait for.
// expect-error: a top-level await can never settle
// expect-error: %{dir}/fixtures/waits.js:1
// exit: 13
import { x } from './fixtures/waits.js';
await x;
