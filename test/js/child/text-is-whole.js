// No character is split between chunks; what is ill-formed becomes U+FFFD.
// expect: ["ä","€","😀!","\ufffd","A"]
// expect: ["äö","€uro","","last\ufffd"]
// expect: "x\ufffdy"
// expect: "\ufffd\ufffd"
import { exec, spawn } from 'tenon:process';

const slowly = (...parts) =>
  ['-c', parts.map((p) => `printf '${p}'`).join('; sleep 0.03; ')];
const show = (v) => console.log(JSON.stringify(v).replaceAll('�', '\\ufffd'));
const strings = [];
for await (const s of spawn('sh', slowly('\\303', '\\244', '\\342\\202', '\\254',
  '\\360', '\\237', '\\230', '\\200!', '\\342\\202', 'A')).stdout.strings()) {
  strings.push(s);
}
// The last two come in one or two pieces.
const joined = strings.join('');
show([joined[0], joined[1], joined.slice(2, 5), joined[5], joined.slice(6)]);
const lines = [];
for await (const line of spawn('sh', slowly('\\303', '\\244\\303', '\\266\\r',
  '\\n\\342\\202', '\\254uro\\n', '\\nlast\\303')).stdout.lines()) {
  lines.push(line);
}
show(lines);
show((await exec('printf', ['x\\377y'])).stdout);
show(await spawn('printf', ['\\303\\303']).stdout.text());
