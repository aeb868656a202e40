// expect: TypeError: kill: this: expected a child, got undefined
// expect: TypeError: ref: this: expected a child, got object
// expect: TypeError: timedOut: this: expected a child, got object
// expect: TypeError: Symbol.asyncDispose: this: expected a child, got 1
// expect: TypeError: lines: this: expected a child's output, got object
// expect: TypeError: text: this: expected a child's output, got undefined
// expect: TypeError: write: this: expected a child's input, got undefined
// expect: TypeError: kill: this: expected a command, got undefined
// expect: TypeError: write: this: expected a command, got object
// expect: {"code":0,"signal":null}

// Methods that are handed on without what they are of say so.
import { close, open, spawn } from 'tenon:process';

const show = async (f) => {
  try {
    await f();
  } catch (e) {
    console.log(`${e}`);
  }
};

const child = spawn('true', [], { stdin: 'pipe' });
const command = open('true', 'r');
const { kill, ref, stdin: { write }, stdout: { lines, text } } = child;
const { kill: killCommand, write: writeCommand } = command;
const proto = Object.getPrototypeOf(child);

await show(() => kill());
await show(() => ref.call(command));
await show(() => proto.timedOut);
await show(() => proto[Symbol.asyncDispose].call(1));
await show(() => lines.call(child));
await show(() => text());
await show(() => write('x'));
await show(() => killCommand());
await show(() => writeCommand.call(child, 'x'));
await close(command);
console.log(JSON.stringify(await child.status));
