import '../show.js';
import { marked, Lexer } from 'marked';
show(
  marked.parse(
    '# Hi\n\n- a **b**\n- `c`\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n' +
      '```js\nx<1\n```\n[l](http://x "t")',
  ),
  new Lexer().lex('> q').length,
);
