import '../show.js';
import Papa from 'papaparse';
show(
  Papa.parse('a,b\n1,"x, y"\n2,"q""z"\n', {
    header: true,
    skipEmptyLines: true,
    dynamicTyping: true,
  }).data,
  Papa.unparse([
    { a: 1, b: 'x,y' },
    { a: 2, b: '"' },
  ]),
);
