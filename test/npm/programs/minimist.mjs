import '../show.js';
import minimist from 'minimist';
show(
  minimist(['-a', 'beep', '-b', 'boop', '--x=3', '--no-y', 'f', '--', 'g'], {
    '--': true,
    string: ['x'],
  }),
);
