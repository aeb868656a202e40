// script: e0 e1 e2 e3 last
// module: e0 e1 e2 e3 last
const log = (text) => console.log(text);
const onError = (f) => (process.on
  ? process.on('uncaughtException', f)
  : addEventListener('error', (e) => {
    f(e.error);
    e.preventDefault();
  }));
onError((e) => log(e.message));
for (let i = 0; i < 4; i++) process.nextTick(() => { throw new Error(`e${i}`); });
process.nextTick(() => log('last'));
