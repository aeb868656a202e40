// A program that waits for nothing that could come says so.
// expect: begin
// expect-error: tenon: top-level-await-unsettled.js: a top-level await can never settle
// exit: 13
console.log('begin');
await new Promise(() => {});
