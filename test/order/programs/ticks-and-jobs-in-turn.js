// script: tick1 job1 job3 tick2 job2
// module: tick1 job1 job3 tick2 job2
const log = (text) => console.log(text);
process.nextTick(() => {
  log('tick1');
  queueMicrotask(() => {
    log('job1');
    process.nextTick(() => {
      log('tick2');
      queueMicrotask(() => log('job2'));
    });
    queueMicrotask(() => log('job3'));
  });
});
