// Values in and out, and the flow of an operation: success, failure, abort.
const who = birthday({ name: 'Ada', age: 36, is_member: true });
print(`${who.name} is ${who.age}`);
try {
  birthday({ name: 'Ada', age: 36.5, is_member: true });
} catch (error) {
  print(`${error}`);
}

async function tell(label, promise) {
  try {
    print(`${label}: ${await promise}`);
  } catch (error) {
    print(`${label}: ${error}`);
  }
}

async function flow(way, ask) {
  await Promise.all([
    tell(`${way}, success`, ask('ada')),
    tell(`${way}, failure`, ask('nobody')),
  ]);

  // What is under way is aborted, and before that what waits behind it, which
  // would be answered meanwhile. Nobody else's is touched.
  const underWay = new AbortController();
  const behind = new AbortController();
  const told = [
    tell(`${way}, under way`, ask('godot', { signal: underWay.signal })),
    tell(`${way}, behind it`, ask('barbara', { signal: behind.signal })),
    tell(`${way}, beside them`, ask('ada')),
  ];
  behind.abort('no more');
  underWay.abort('no more');
  await Promise.all(told);

  const quick = AbortSignal.timeout(5);
  await tell(`${way}, too slow`, ask('godot', { signal: quick }));
  await tell(`${way}, aborted before`, ask('ada', { signal: behind.signal }));
  await tell(`${way}, no name`, ask(5));
  await tell(`${way}, no signal`, ask('ada', { signal: {} }));
}

await flow('by hand', lookup);
await flow('by deferred', find);

// The last function of the bridge is garbage now, and so is its state.
delete globalThis.lookup;
