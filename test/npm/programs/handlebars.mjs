import '../show.js';
import Handlebars from 'handlebars';
Handlebars.registerHelper('up', (s) => s.toUpperCase());
const t = Handlebars.compile(
  '{{#each a}}{{@index}}:{{up n}} {{else}}none{{/each}}{{{raw}}}{{esc}}',
);
show(
  t({ a: [{ n: 'x' }, { n: 'y' }], raw: '<b>', esc: '<i>' }),
  t({}),
  Handlebars.precompile('{{x}}').length,
  Handlebars.VERSION,
);
