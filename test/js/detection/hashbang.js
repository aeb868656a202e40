#!/usr/bin/env tenon
// A first line with #! is skipped, also in a module; lines are still counted.
// expect: at %{url}/hashbang.js:6:
import './fixtures/a.js';
const where =
  new Error('x').stack;
console.log(where.match(/at file:.*:\d+:|at .*\((.*:\d+:)/).slice(-1).map((s) => `at ${s}`)[0]);
