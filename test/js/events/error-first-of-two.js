// Handlers hear of all errors of a turn; the first one that nobody prevented
// ends the program.
// expect: a b c
// expect-error: Uncaught b
// exit: 1
const said = [];
addEventListener('error', (e) => {
  said.push(e.error);
  if (e.error === 'a') e.preventDefault();
  if (e.error === 'c') console.log(said.join(' '));
});
for (const x of ['a', 'b', 'c']) queueMicrotask(() => { throw x; });
