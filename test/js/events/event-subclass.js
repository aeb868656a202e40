// Programs derive classes of their own from events and targets.
// expect: true true made [object Event] Door
// expect: knock 1
class Knock extends Event {
  constructor(times) { super('knock'); this.times = times; }
}
class Door extends EventTarget {
  name = 'made';
}
const door = new Door(), knock = new Knock(1);
console.log(knock instanceof Event, door instanceof EventTarget, door.name, String(knock), door.constructor.name);
door.addEventListener('knock', (e) => console.log(e.type, e.times));
door.dispatchEvent(knock);
