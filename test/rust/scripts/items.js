// Constants, getters and the default export stand beside functions.
import all, { LIMIT, NAME, 'origin point' as origin } from 'native';
import * as n from 'native';
console.log(LIMIT, NAME, origin, all.LIMIT, all.alive_now, 'alive_now' in n);
console.log(typeof all.numbers, typeof all.sum, Object.keys(all).includes('alive_now'));
try { all.broken; } catch (e) { console.log(String(e)); }
try { all.LIMIT = 5; } catch (e) { console.log(e.name); }
// expect: 10 café [ 0.5, -1 ] 10 0 false
// expect: function function true
// expect: RangeError: broken
// expect: TypeError
