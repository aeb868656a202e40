// A program that does not read its input is judged by its status alone.
// expect: 0 0
import { exec } from 'tenon:process';

const input = new Uint8Array(1000000);
console.log((await exec('true', [], { input })).code,
  (await exec('head', ['-c', '1'], { input })).code);
