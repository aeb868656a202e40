import '../show.js';
import pm from 'picomatch';
show(
  pm('**/*.{js,ts}')('a/b/c.ts'),
  pm.makeRe('a/[b-d]?(e)*').source,
  pm.scan('!./foo/*.js'),
  pm.isMatch('.x', '*', { dot: true }),
);
