import '../show.js';
import Mustache from 'mustache';
show(
  Mustache.render(
    '{{#l}}{{n}}-{{/l}}{{^e}}none{{/e}} {{{r}}} {{r}} {{>p}}',
    { l: [{ n: 1 }, { n: 2 }], r: '<b>', x: 'y' },
    { p: 'p{{x}}' },
  ),
);
