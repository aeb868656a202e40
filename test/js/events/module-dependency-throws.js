// Neither is what a dependency throws behind an await a rejection.
// expect-error: Uncaught Error: thrown behind an await
// exit: 1
import './fixtures/rejects.js';
console.log('never');
