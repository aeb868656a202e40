import '../show.js';
import * as cc from 'change-case';
show(
  cc.camelCase('foo bar-baz'),
  cc.snakeCase('FooBarHTML'),
  cc.constantCase('a b'),
  cc.sentenceCase('helloWorld'),
);
