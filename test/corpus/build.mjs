import * as module from './build.c';
import { done, is, watch } from './check.mjs';

const m = watch(module);

is('compiler', m.by_clang, Number(process.env.CC === 'clang'));
is('level', m.is_optimized, Number(process.env.TENON_CORPUS_LEVEL !== '-O0'));
is('built', m.is_built(), 1);
done();
