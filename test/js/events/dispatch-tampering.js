// What a program changes once events are loaded does not change the dispatch.
// expect: called reported 1
console;
const t = new EventTarget();
Function.prototype.call = Function.prototype.apply = () => { throw 2; };
Object.defineProperty(Array.prototype, '0', { set() { throw 3; }, configurable: true });
Reflect.apply = Object.create = Object.defineProperty = null;
globalThis.Event = class { };
let said = '';
onerror = (message, file, line, column, error) => { said += ` reported ${error}`; return true; };
t.addEventListener('x', () => { said += 'called'; throw 1; });
t.dispatchEvent(new CustomEvent('x'));
delete Array.prototype[0];
console.log(said);
