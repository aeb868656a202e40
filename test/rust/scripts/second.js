// Two modules of one object are apart, and fail each for itself.
// args: second=tenon_module_second
import * as n from 'native';
import * as s from 'second';
console.log(Object.keys(s), s.name(), n.name, typeof s.name.async);
try { s.fails(); } catch (e) { console.log(String(e)); }
try { n.fails('range'); } catch (e) { console.log(String(e)); }
// expect: [ 'fails', 'name' ] second undefined function
// expect: RangeError: second
// expect: RangeError: 100% of %s %n
