// Members are no use on objects that are no events or targets.
// expect: TypeError
// expect: no TypeError: 
const wrong = [undefined, null, 1, {}, Event.prototype, new EventTarget()];
let other = '';
for (const C of [Event, CustomEvent, ErrorEvent, PromiseRejectionEvent]) {
  for (const [key, d] of Object.entries(Object.getOwnPropertyDescriptors(C.prototype))) {
    if (key === 'constructor') continue;
    for (const f of [d.get, d.set, d.value]) {
      if (typeof f !== 'function') continue;
      for (const self of wrong) {
        try { f.call(self, 'x'); other += `${key} `; } catch (error) {
          if (error.name !== 'TypeError') other += `${key} ${error.name} `;
        }
      }
    }
  }
}
try { EventTarget.prototype.addEventListener.call({}, 'x', null); } catch (error) { console.log(error.name); }
console.log('no TypeError:', other);
