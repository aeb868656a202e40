// Dates: parsing, formatting, fields.
{
  const d = new Date('2024-02-29T12:34:56.789Z');
  d.setUTCFullYear(2025);
  globalThis.out = [d.toISOString(), d.getTime(), Date.UTC(2000, 1),
    Date.parse('Thu, 01 Jan 1970 00:00:00 GMT'), String(new Date(NaN)),
    d.toUTCString(), JSON.stringify({ d }), d.toLocaleDateString().length > 0,
    typeof Date(), new Date(2020, 1, 1, 1).getDate(), d[Symbol.toPrimitive]('number'),
  ].join('|');
}
