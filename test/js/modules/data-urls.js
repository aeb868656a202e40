// data: URLs are modules: code, and with an attribute JSON, text and bytes.
// expect: 3
// expect: 4
// expect: 5
// expect: { a: [ 1 ] }
// expect: h i
// expect: x
// expect: 0,16
// expect: data:text/javascript,export default import.meta.url
// expect: true
// expect: ERR_IMPORT_ATTRIBUTE_MISSING Cannot load data:application/json,1: JSON is imported with { type: 'json' }
// expect: ERR_IMPORT_ATTRIBUTE_TYPE_INCOMPATIBLE Cannot load data:text/javascript,1: it is not of type 'json'
// expect: ERR_UNKNOWN_MODULE_FORMAT Cannot load data:text/html,1: no module is of type 'text/html'
// expect: ERR_UNKNOWN_MODULE_FORMAT Cannot load data:,1: no module is of type ''
// expect: ERR_INVALID_URL Cannot load data:text/javascript: there is no comma before the data
// expect: ERR_INVALID_URL Cannot load data:;base64,A: it is not base64
// expect: ERR_INVALID_URL Cannot load data:;base64,A*==: it is not base64
// expect: ERR_UNSUPPORTED_RESOLVE_REQUEST Cannot find module './a.js' imported from a data: URL: that is in no folder
// expect: ERR_UNKNOWN_MODULE_FORMAT Cannot load data:text/html,xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...: no module is of type 'text/html'
const show = async (url, type) => {
  try {
    const m = await import(url, type && { with: { type } });
    console.log(type === 'bytes' ? m.default.join() : m.default);
  } catch (e) {
    console.log(e.code, e.message);
  }
};
await show('data:text/javascript,export default 3');
await show('data:Text/JavaScript;charset=utf-8,export%20default%204');
await show('DATA:text/javascript;base64,ZXhwb3J0IGRlZmF1bHQgNQ==');
await show('data:application/json,{"a":[1]}', 'json');
await show('data:text/plain,h%20i#fragment', 'text');
await show('data:,x', 'text');
await show('data:;base64, A B A = ', 'bytes');
await show('data:text/javascript,export default import.meta.url');
const twice = 'data:text/javascript,export default {}';
console.log((await import(twice)).default === (await import(twice)).default);
await show('data:application/json,1');
await show('data:text/javascript,1', 'json');
await show('data:text/html,1');
await show('data:,1');
await show('data:text/javascript');
await show('data:;base64,A', 'text');
await show('data:;base64,A*==', 'text');
await show('data:text/javascript,import "./a.js"');
await show(`data:text/html,${'x'.repeat(10000)}`);
