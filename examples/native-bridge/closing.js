// The program ends while operations of both ways are open, one under way and two
// behind it: nobody hears of them any more.
for (const ask of [lookup, find]) {
  for (const name of ['godot', 'grace', 'barbara'])
    ask(name).finally(() => print('never'));
}
process.exit(3);
