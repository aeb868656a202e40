import '../show.js';
import * as yaml from 'js-yaml';
import { dump } from 'js-yaml';
show(
  yaml.load('a: [1, {b: c}]\nd: "hi"\ne: 0x1f'),
  dump({ x: [1, 'two', null, { y: true }] }),
);
try {
  yaml.load('a: b: c');
} catch (e) {
  show(e.name, e.reason, e.mark.line);
}
