// script: job1 job2 job3 tick
// module: job1 job2 job3 tick
const log = (text) => console.log(text);
Promise.resolve().then(() => {
  log('job1');
  process.nextTick(() => log('tick'));
}).then(() => log('job2')).then(() => log('job3'));
