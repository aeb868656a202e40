import '../show.js';
import createDebug from 'debug';
const got = [];
const d = createDebug('a:b');
d.log = (...x) => got.push(x.length);
createDebug.enable('a:*');
d('hi %d', 3);
show(got.length, d.enabled, createDebug.names?.length);
