import '../show.js';
import * as Diff from 'diff';
show(
  Diff.diffChars('abc', 'axc'),
  Diff.createPatch('f', 'a\nb\n', 'a\nc\n'),
  Diff.applyPatch('a\nb\n', Diff.createPatch('f', 'a\nb\n', 'a\nc\n')),
  Diff.diffWords('one two', 'one three').length,
  Diff.diffJson({ a: 1 }, { a: 2 }).length,
);
