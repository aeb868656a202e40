// A call site gives out no function that is native or strict.
// expect: sloppy function
// expect: map undefined
// expect: strict undefined
Error.prepareStackTrace = (error, sites) => sites;

function sloppy() {
  return new Error('there').stack;
}

function strict() {
  'use strict';
  return [0].map(sloppy)[0];
}

for (const site of strict().slice(0, 3))
  console.log(site.getFunctionName(), typeof site.getFunction());
