import '../show.js';
import YAML, { parse, stringify, parseDocument } from 'yaml';
const d = parseDocument(
  'a: &x [1, 2.5, ~, "q"]\nb: *x # c\nd: |\n  l1\n  l2\ne: 2001-12-14\n',
);
show(
  d.toJS(),
  String(d),
  stringify({ a: [{ b: null }], s: 'multi\nline', d: new Date(0) }),
  YAML.parse('- !!set {a, b}'),
);
try {
  parse('a: [1');
} catch (e) {
  show(e.code, e.message);
}
