// `require` is not there: the error has its name and place.
// expect-error: ReferenceError: require is not defined
// expect-error: at <eval> (%{url}/require.js:6:12)
// exit: 1
const two = 2;
const fs = require('fs', two);
