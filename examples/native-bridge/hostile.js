// What scripts may try, to get at the native functions of the glue or at what is
// open: nothing of it works, and operations go on.
function attempt(what, f) {
  try {
    print(`${what}: ${f()}`);
  } catch (error) {
    print(`${what}: ${error.name}`);
  }
}

// By names.
const names = ['connect', 'start', 'cancel', 'finish', 'settle', 'bridge'];
attempt('globals', () => names.filter((name) => name in globalThis).length);
attempt('text', () => (0, eval)('connect'));
for (const name of ['bridge', 'native', 'values']) {
  await import(name).catch((error) => print(`import of ${name}: ${error.name}`));
}

// By what the functions have and inherit.
for (const f of [lookup, find]) {
  const keys = [];
  for (let o = f; o !== Function.prototype; o = Object.getPrototypeOf(o))
    keys.push(...Reflect.ownKeys(o).map(String));
  print(`${f.name}: ${keys.join(' ')}`);
  attempt(`the caller of ${f.name}`, () => f.caller);
  attempt(`new ${f.name}`, () => new f('ada'));
}

// By the stack of an error that comes from within.
Error.prepareStackTrace = (error, sites) => sites;
const { stack } = await lookup(5).catch((error) => error);
const shown = stack.filter((site) => site.getFunction() !== undefined);
print(`on the stack: ${stack[0].getFunctionName()}; shown: ${shown.length}`);
delete Error.prepareStackTrace;

// By an object that looks like a signal, and by text that C would see cut.
const forged = { __proto__: AbortSignal.prototype, aborted: false };
for (const f of [lookup, find]) {
  await f('ada', { signal: forged }).catch((error) =>
    print(`${f.name}, forged signal: ${error.name}`));
  await f('ada\0').catch((error) => print(`${f.name}, NUL: ${error.name}`));
}

// From within: a program that comes back while an operation begins.
let inner;
const outer = lookup('ada', { get signal() { inner = lookup('grace'); } });
print(`come back: ${await outer}, ${await inner}`);

// By methods in place of those that the glue might use.
const seen = [];
const places = [
  [globalThis, 'Promise'], [globalThis, 'RangeError'], [Reflect, 'apply'],
  [Function.prototype, 'call'], [Function.prototype, 'apply'],
  [AbortSignal.prototype, 'throwIfAborted'],
  [EventTarget.prototype, 'addEventListener'],
  [EventTarget.prototype, 'removeEventListener'],
  [Map.prototype, 'get'], [Map.prototype, 'set'], [Map.prototype, 'delete'],
  [Array.prototype, Symbol.iterator], [Object.prototype, 'resolve'],
];
const were = places.map(([object, name]) =>
  Object.getOwnPropertyDescriptor(object, name));
const controller = new AbortController();
const { signal } = controller;
const asked = [];
for (let i = 0; i < places.length; i++) {
  Object.defineProperty(places[i][0], places[i][1], { configurable: true,
    get() { seen.push(String(places[i][1])); return were[i]?.value; },
    set() { seen.push(String(places[i][1])); } });
}
asked[0] = lookup('ada', { signal });
asked[1] = lookup('nobody', { signal });
asked[2] = lookup('godot', { signal });
const told = [];
told[0] = await asked[0];
told[1] = await asked[1].catch((error) => error.name);
controller.abort('no more');
told[2] = await asked[2].catch((reason) => reason);
told[3] = await lookup('grace');
for (let i = 0; i < places.length; i++) {
  if (were[i]) Object.defineProperty(places[i][0], places[i][1], were[i]);
  else delete places[i][0][places[i][1]];
}
print(`methods replaced: ${told.join(', ')}; asked for: [${seen}]`);
