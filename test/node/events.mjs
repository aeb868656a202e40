// emitters of events behave as those of node
import EventEmitter, * as all from 'node:events';
import { once, on, errorMonitor, captureRejectionSymbol } from 'events';
import { below, outcome, pick, told } from './random.js';

const log = (...args) => console.log(...args);
const title = (s) => log(`--- ${s}`);

title('what there is');
log(Object.keys(all).filter((k) => k !== 'EventEmitterAsyncResource').sort()
  .join(' '));
log(EventEmitter === all.EventEmitter, EventEmitter.name, EventEmitter.length);
log(Object.keys(EventEmitter.prototype).sort().join(' '));
log(EventEmitter.defaultMaxListeners, EventEmitter.captureRejections,
    String(captureRejectionSymbol), String(errorMonitor),
    EventEmitter.usingDomains);
for (const name of ['on', 'once', 'emit', 'removeListener', 'eventNames',
                    'prependOnceListener', 'listeners', 'setMaxListeners']) {
  log(name, EventEmitter.prototype[name].name,
      EventEmitter.prototype[name].length);
}

title('emitting');
{
  const e = new EventEmitter();
  const said = [];
  const a = function (...args) { said.push('a', this === e, ...args); };
  const b = (...args) => { said.push('b', ...args); };
  log(e.emit('x'), e.on('x', a) === e, e.emit('x', 1, 2));
  e.prependListener('x', b);
  e.once('x', a);
  e.prependOnceListener('x', b);
  log(e.listenerCount('x'), e.listenerCount('x', a), e.listeners('x').length);
  log(e.rawListeners('x').map((f) => typeof f.listener).join());
  log(e.emit('x', 'y'), e.emit('x', 'z'), e.listenerCount('x'));
  log(said.join());
  log(e.eventNames().map(String).join(), e._eventsCount);
  const s = Symbol('s');
  e.on(s, a).on('1', a).on('__proto__', b).on('toString', b);
  log(e.eventNames().map(String).join(), e.emit('toString', 1),
      e.emit('__proto__'), e.emit('constructor'));
  e.removeAllListeners('x');
  log(e.eventNames().map(String).join());
  e.removeAllListeners();
  log(e.eventNames().length, e._eventsCount);
}

title('listeners that are added and removed while it emits');
{
  const e = new EventEmitter();
  const said = [];
  e.on('x', () => { said.push(1); e.on('x', () => said.push('new')); });
  e.on('x', function me() { said.push(2); e.removeListener('x', me); });
  e.on('x', () => said.push(3));
  e.emit('x');
  e.emit('x');
  log(said.join());
}

title('news of listeners');
{
  const e = new EventEmitter();
  e.on('newListener', (type, f) => log('new', String(type), f.name));
  e.on('removeListener', (type, f) => log('removed', String(type), f.name));
  function one() {}
  function two() {}
  e.on('a', one).once('a', two).on('b', one);
  e.off('a', two).emit('a');
  e.removeAllListeners('a');
  e.removeAllListeners();
  log(e.eventNames().join());
}

title('errors nobody listens to');
{
  const e = new EventEmitter();
  for (const value of [new Error('x'), new TypeError('y'), 'text', 1, null,
                       undefined, { a: 1 }, Symbol('z'), [1, 2]]) {
    try {
      e.emit('error', value);
      log('none');
    } catch (x) {
      log(x === value, x.name, x.code, x.message, x.context === value);
    }
  }
  try { e.emit('error'); } catch (x) { log(x.name, x.code, x.message); }
  e.on(errorMonitor, (x) => log('seen', x.message));
  try { e.emit('error', new Error('m')); } catch (x) { log(x.message); }
  e.on('error', (x) => log('handled', x.message));
  log(e.emit('error', new Error('n')));
}

title('wrong arguments');
{
  const e = new EventEmitter();
  for (const wrong of [undefined, null, 1, 'x', {}, []]) {
    for (const name of ['on', 'once', 'prependListener', 'off',
                        'prependOnceListener']) {
      log(name, outcome(() => e[name]('x', wrong)));
    }
    log(outcome(() => e.setMaxListeners(wrong) === e));
    log(outcome(() => { EventEmitter.defaultMaxListeners = wrong; }));
    log(outcome(() => new EventEmitter({ captureRejections: wrong }) && 1));
    log(outcome(() => { EventEmitter.captureRejections = wrong; }));
    log(outcome(() => all.getEventListeners(wrong, 'x')));
    log(outcome(() => all.getMaxListeners(wrong)));
    if (wrong != null) log(outcome(() => all.setMaxListeners(1, wrong)));
    log(outcome(() => all.addAbortListener(wrong, () => {})));
    EventEmitter.defaultMaxListeners = 10;
    log(await once(wrong, 'x').catch(told));
    const f = new EventEmitter();
    setTimeout(() => f.emit('x', 0), 1);
    log(await once(f, 'x', wrong).catch(told));
    log(outcome(() => on(wrong, 'x') && 1));
    log(outcome(() => on(f, 'x', wrong) && 1));
    log(outcome(() => on(f, 'x', { highWaterMark: wrong }) && 1));
    log(outcome(() => on(f, 'x', { signal: wrong }) && 1));
  }
  log(outcome(() => e.setMaxListeners(-1)), outcome(() => e.setMaxListeners(NaN)));
  EventEmitter.defaultMaxListeners = 10;
  EventEmitter.captureRejections = false;
}

title('limits');
{
  const e = new EventEmitter();
  log(e.getMaxListeners(), e.setMaxListeners(3).getMaxListeners());
  const t = new EventTarget();
  log(all.getMaxListeners(e), all.getMaxListeners(t));
  all.setMaxListeners(7, e, t);
  log(all.getMaxListeners(e), all.getMaxListeners(t));
  all.setMaxListeners(5);
  log(EventEmitter.defaultMaxListeners, new EventEmitter().getMaxListeners());
  all.setMaxListeners(10);
  const f = () => {};
  t.addEventListener('x', f);
  log(all.getEventListeners(t, 'x')[0] === f,
      all.getEventListeners(t, 'y').length,
      all.getEventListeners(e.on('x', f), 'x')[0] === f);
  log(EventEmitter.listenerCount(e, 'x'), all.listenerCount(e, 'nothing'));
}

title('classes and mixins');
{
  class Mine extends EventEmitter {
    constructor() { super(); this.x = 1; }
  }
  const m = new Mine();
  m.on('a', function () { log(this instanceof Mine, this.x); });
  m.emit('a');
  function Old() { EventEmitter.call(this); }
  Object.setPrototypeOf(Old.prototype, EventEmitter.prototype);
  const o = new Old();
  o.once('a', (v) => log('old', v));
  log(o.emit('a', 1), o.emit('a', 2));
  const mixed = Object.assign({}, EventEmitter.prototype);
  mixed.on('a', (v) => log('mixed', v));
  log(mixed.emit('a', 3));
  const bare = Object.create(EventEmitter.prototype);
  bare.on('b', () => log('bare'));
  log(bare.emit('b'), EventEmitter.prototype._events);
}

title('once');
{
  const e = new EventEmitter();
  setTimeout(() => e.emit('x', 1, 2), 1);
  log(JSON.stringify(await once(e, 'x')), e.listenerCount('error'));
  setTimeout(() => e.emit('error', new Error('boo')), 1);
  await once(e, 'x').catch((x) => log(x.message, e.listenerCount('x')));
  setTimeout(() => e.emit('error', 'as an event'), 1);
  log(JSON.stringify(await once(e, 'error')));
  const c = new AbortController();
  setTimeout(() => c.abort(new Error('why')), 1);
  await once(e, 'x', { signal: c.signal })
    .catch((x) => log(x.name, x.code, x.message, x.cause.message));
  log(e.listenerCount('x'), e.listenerCount('error'));
  await once(e, 'x', { signal: c.signal })
    .catch((x) => log(x.name, x.code, x.cause.message));
  const t = new EventTarget();
  setTimeout(() => t.dispatchEvent(new Event('hey')), 1);
  log((await once(t, 'hey'))[0].type);
}

title('on');
{
  const e = new EventEmitter();
  setTimeout(() => { e.emit('x', 1); e.emit('x', 2, 3); e.emit('end'); }, 1);
  for await (const v of on(e, 'x', { close: ['end'] })) log(JSON.stringify(v));
  log(e.listenerCount('x'), e.listenerCount('error'), e.listenerCount('end'));
  const i = on(e, 'x');
  e.emit('x', 'early');
  log(JSON.stringify(await i.next()));
  const later = i.next();
  e.emit('x', 'late');
  log(JSON.stringify(await later));
  e.emit('error', new Error('bad'));
  await i.next().catch((x) => log(x.message));
  log(JSON.stringify(await i.next()), e.listenerCount('x'));
  const j = on(e, 'x');
  log(JSON.stringify(await j.return()), JSON.stringify(await j.next()));
  const c = new AbortController();
  const k = on(e, 'x', { signal: c.signal });
  setTimeout(() => c.abort(), 1);
  await k.next().catch((x) => log(x.name, x.code));
  log(e.listenerCount('x'), outcome(() => on(e, 'x', { signal: c.signal })));
  log(typeof k[Symbol.asyncIterator], k[Symbol.asyncIterator]() === k);
  log(outcome(() => k.throw(1)));
  e.pause = () => log('paused');
  e.resume = () => log('resumed');
  const w = on(e, 'x', { highWaterMark: 2, lowWaterMark: 1 });
  for (let n = 0; n < 4; n++) e.emit('x', n);
  for (let n = 0; n < 4; n++) log(JSON.stringify(await w.next()));
}

title('rejections');
{
  const e = new EventEmitter({ captureRejections: true });
  e.on('x', async (v) => { throw new Error(`x${v}`); });
  e.on('error', (x) => log('error', x.message));
  e.emit('x', 1);
  await new Promise((resolve) => setTimeout(resolve, 1));
  e[captureRejectionSymbol] = (x, type, ...args) =>
    log('own', x.message, type, ...args);
  e.emit('x', 2);
  await new Promise((resolve) => setTimeout(resolve, 1));
  const c = new AbortController();
  const d = all.addAbortListener(c.signal, () => log('aborted'));
  log(typeof d);
  c.abort();
  all.addAbortListener(c.signal, () => log('aborted already'));
  await new Promise((resolve) => setTimeout(resolve, 1));
}

title('at random');
{
  const functions = [0, 1, 2, 3].map((n) => Object.assign(
    (...args) => log('called', n, args.join()), { n }));
  const e = new EventEmitter().setMaxListeners(0);
  for (let i = 0; i < 1500; i++) {
    const type = pick(['a', 'b', 'c']);
    const f = pick(functions);
    switch (below(10)) {
    case 0: case 1: e.on(type, f); break;
    case 2: e.once(type, f); break;
    case 3: e.prependListener(type, f); break;
    case 4: e.prependOnceListener(type, f); break;
    case 5: case 6: e.off(type, f); break;
    case 7: if (!below(4)) e.removeAllListeners(type); break;
    default: log(e.emit(type, i));
    }
    log(e.eventNames().join(), e._eventsCount, e.listenerCount(type),
        e.listeners(type).map((g) => g.n).join());
  }
}
