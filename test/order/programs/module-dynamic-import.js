// module: imported tick inner immediate
const log = (text) => console.log(text);
process.nextTick(() => log('tick'));
setImmediate(() => log('immediate'));
const m = await import('data:text/javascript,export default 1; process.nextTick(() => console.log("inner"));');
log('imported');
