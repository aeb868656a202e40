// script: immediate1 timer immediate2
// module: immediate1 timer immediate2
const log = (text) => console.log(text);
const busy = (ms) => {
  const end = Date.now() + ms;
  while (Date.now() < end);
};
setImmediate(() => {
  log('immediate1');
  setTimeout(() => log('timer'), 1);
  busy(5);
  setImmediate(() => log('immediate2'));
});
