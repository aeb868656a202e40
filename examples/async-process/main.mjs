// Downloads by curl, without waiting for any of them: `open` runs a command and
// gives what can be read, `close` how the command ended. The server that they
// come from is a child, too.
import { close, exec, open, setReadHandler, spawn } from 'tenon:process';

const [, , serverPath] = process.argv;
await using server = spawn(serverPath);
const ports = server.stdout.lines();
const { value: port } = await ports.next();
const url = `http://127.0.0.1:${port}`;

// A command in a shell, its output as it comes, and its status.
function download(path, say) {
  const command = open(`curl --silent --fail ${url}${path}`, 'r');
  setReadHandler(command, (text) => {
    if (text !== null) say(text);
  }, 'utf-8');
  return close(command);
}

const first = download('/data.json', (text) => console.log('data:', text.trim()));
console.log('This line is first: nothing waits for the download.');
console.log('status:', await first);

// Several at once: the server answers none of these before it has heard of all.
let answers = 0;
const together = Array.from({ length: 4 },
  () => download('/together/4', () => { answers++; }));
console.log('statuses:', (await Promise.all(together)).join(' '),
  'answers:', answers);

// More than a pipe holds comes in pieces, and nothing is lost.
let size = 0, pieces = 0;
await download('/bytes/5000000', (text) => {
  size += text.length;
  pieces++;
});
console.log('size:', size, 'in pieces:', pieces > 1);

// What fails says so by its status, and a program that is not there by an error.
console.log('not found:', await download('/nosuch', () => {}));
try {
  await exec('no-such-curl', [url]);
} catch (error) {
  console.log('error:', error.code, error.path);
}
