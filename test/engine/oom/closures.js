// Closures, default parameters, counters that share a variable.
{
  function make(start = 1, ...rest) {
    let n = start;
    return { up: () => n += rest.length, get n() { return n; } };
  }
  const a = make(1, 2, 3), b = make();
  a.up(); a.up(); b.up();
  const fs = [];
  for (let i = 0; i < 3; i++) fs.push(() => i);
  globalThis.out = `${a.n} ${b.n} ${fs.map(f => f()).join()} ${make.name} ` +
    `${(function () { return arguments.length; })(1, 2)}`;
}
