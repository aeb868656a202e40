// script: timer immediate
// module: immediate timer
const log = (text) => console.log(text);
const busy = (ms) => {
  const end = Date.now() + ms;
  while (Date.now() < end);
};
setImmediate(() => log('immediate'));
setTimeout(() => log('timer'), 1);
busy(5);
