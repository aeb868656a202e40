// import.meta of the program and of a module it imports.
// expect: resolve,url,main,filename,dirname null
// expect: %{url}/import-meta.js %{dir}/import-meta.js %{dir} true
// expect: %{url}/fixtures/meta.js %{dir}/fixtures/meta.js %{dir}/fixtures false
// expect: undefined
// expect: %{dir}/fixtures/with space/c d.js
import { meta } from './fixtures/meta.js';
console.log(Object.keys(import.meta).join(), Object.getPrototypeOf(import.meta));
const show = (m) => console.log(m.url, m.filename, m.dirname, m.main);
show(import.meta);
show(meta);
const { url: other } = await import('./fixtures/a.js?meta');
console.log(other === `${import.meta.dirname}/fixtures/a.js?meta` ? other : undefined);
console.log(decodeURI(import.meta.resolve('./fixtures/with%20space/c%20d.js')).slice(7));
