// An absolute path, and file: URLs in all their spellings, name one module.
// expect: 1
const { dirname, url } = import.meta;
const specifiers = [
  './fixtures/a.js',
  `${dirname}/fixtures/a.js`,
  `${dirname}//fixtures/../fixtures/a.js`,
  new String(url.replace('absolute.js', 'fixtures/a.js')),
  `file:${dirname}/fixtures/a.js`,
  `file://localhost${dirname}/fixtures/a.js`,
  `FILE://${dirname}/fixtures/a.js`,
];
const found = new Set();
for (const s of specifiers) found.add(await import(s));
console.log(found.size);
