// A dynamic import that fails is a rejection.
// expect: rejection Error: thrown at the top
// expect: rejection ERR_MODULE_NOT_FOUND
onunhandledrejection = (e) => {
  e.preventDefault();
  console.log('rejection', e.reason.code ?? `${e.reason}`);
};
addEventListener('error', () => console.log('never'));
import('./fixtures/throws.js');
setTimeout(() => import('./fixtures/nowhere.js'), 1);
