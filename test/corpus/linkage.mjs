import * as module from './linkage.c';
import { done, is, ok, watch } from './check.mjs';

const m = watch(module);

is('weak', m.weak_one(1), 2);
is('original', m.original(4), 8);
is('inline', m.inline_one(1), 4);
is('through inline', m.through_inline(2), 11);
is('with a symbol of its own', m.renamed(5), 4);
is('a name of the C library', m.abs(-1), 999);
is('a name of the host', m.uv_run(1), 2001);
is('constructor', m.was_built(), 17);
is('attribute const', m.is_const(1), 5);
is('attribute cold', m.is_cold(1), 6);
is('thread-local', [m.thread_local_count(), m.thread_local_count()], [1, 2]);
for (const name of ['not_exported', 'hidden_one', 'always', 'chosen', 'choose',
  'build', 'declared_only'])
  ok(`${name} is not exported`, !(name in module));
if (m.another_name) is('alias', m.another_name(5), 10);
if (m.by_ifunc) is('ifunc', m.by_ifunc(2), 14);
done();
