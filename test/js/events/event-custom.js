// The detail of a CustomEvent is any value, null when there is none.
// expect: null null 0 undefined-is-null
// expect: true
console.log(new CustomEvent('x').detail, new CustomEvent('x', { detail: null }).detail,
  new CustomEvent('x', { detail: 0 }).detail,
  new CustomEvent('x', { detail: undefined }).detail === null ? 'undefined-is-null' : 'no');
const o = {};
console.log(new CustomEvent('x', { detail: o }).detail === o);
