import '../show.js';
import { DateTime, Duration, Interval, Settings } from 'luxon';
Settings.defaultLocale = 'en-US';
const t = DateTime.fromISO('2024-02-29T12:34:56Z', { zone: 'utc' });
show(
  t.plus({ months: 12 }).toISO(),
  t.toFormat('yyyy LL dd HH:mm:ss'),
  t.diff(DateTime.utc(2023, 1, 1), ['months', 'days']).toObject(),
  Duration.fromISO('P1DT2H').as('hours'),
  Interval.fromDateTimes(t, t.plus({ hours: 3 })).splitBy({ hours: 1 }).length,
  t.weekNumber,
  t.setZone('UTC+3').toISO(),
  DateTime.fromISO('x').invalidReason,
);
