// Numbers that look random and are the same in every run and engine.
let state = 12345;

export function below(n) {
  state = (Math.imul(state, 1103515245) + 12345) >>> 0;
  return Math.floor(state / 65536) % n;
}

export function pick(list) {
  return list[below(list.length)];
}

// What the engine throws by itself has a wording of its own.
export function told(e) {
  return e.code === undefined && /^(Type|Range)Error$/.test(e.name) ? e.name
    : `${e.name} ${e.code} ${e.message}`;
}

// What a call comes to, errors too, as one line.
export function outcome(f) {
  try {
    return JSON.stringify(f(), (key, value) =>
      (value === undefined ? '[undefined]'
        : typeof value === 'bigint' ? `${value}n` : value));
  } catch (e) {
    return told(e);
  }
}
