import '../show.js';
import ms from 'ms';
show(ms('2 days'), ms(60000, { long: true }), ms('-3 min'), ms(-1500));
