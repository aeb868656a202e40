import '../show.js';
import qs from 'qs';
show(
  qs.parse('a[b][]=1&a[b][]=2&c=%20&d[0][e]=f'),
  qs.stringify(
    { a: { b: [1, 2] }, c: 'ä &', d: null },
    { arrayFormat: 'brackets' },
  ),
);
