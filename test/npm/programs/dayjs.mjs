import '../show.js';
import dayjs from 'dayjs';
import utc from 'dayjs/plugin/utc.js';
import rel from 'dayjs/plugin/relativeTime.js';
import 'dayjs/locale/de.js';
dayjs.extend(utc);
dayjs.extend(rel);
const t = dayjs.utc('2024-02-29T10:00:00Z');
show(
  t.add(1, 'year').format(),
  t.locale('de').format('dddd D. MMMM'),
  t.from(t.add(3, 'day')),
  t.diff('2023-01-01', 'month'),
  t.isValid(),
);
