// What require does not find has the place of the call.
// expect-error: Error: Cannot find module './nosuch' required from %{dir}/require.js
// expect-error: at <anonymous> (%{url}/require.js:6:12)
// exit: 1
const two = 2;
const fs = require('./nosuch', two);
