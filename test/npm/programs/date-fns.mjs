import '../show.js';
import * as d from 'date-fns';
import { de } from 'date-fns/locale';
const t = new Date(Date.UTC(2024, 1, 29, 12));
show(
  d.format(t, 'yyyy-MM-dd'),
  d.addMonths(t, 12).toISOString(),
  d.differenceInDays(new Date(2024, 5, 1), new Date(2024, 0, 1)),
  d.formatDistance(0, 3e6),
  d.format(t, 'EEEE d. MMMM', { locale: de }),
  d.parseISO('2020-02-30').getTime(),
  Object.keys(d).length,
);
