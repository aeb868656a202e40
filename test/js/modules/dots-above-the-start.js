// More '..' inside of a specifier than folders before them leave its start.
// expect: true
// expect: true
// expect: true
const { url } = await import('./fixtures/a.js');
console.log((await import('./fixtures/../../modules/fixtures/a.js')).url === url);
console.log((await import('./fixtures/sub/../../../modules/fixtures/a.js')).url === url);
console.log((await import('./%2e%2e/modules/fixtures/a.js')).url === url);
