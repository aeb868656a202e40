// Modules are evaluated in order, and those that wait hold up their importer.
// expect: waits: begin
// expect: waits-not
// expect: waits: end
// expect: main waited
// expect: timer
import { value } from './fixtures/waits.js';
import './fixtures/waits-not.js';
console.log('main', value);
await new Promise((done) => setTimeout(done, 1));
console.log('timer');
