// A missing file is an error that says what was tried, and for whom.
// expect-error: Uncaught Error: Cannot find module './fixtures/not-there.js' imported from %{url}/missing-file.js: tried %{dir}/fixtures/not-there.js (no such file or directory)
// exit: 1
import './fixtures/not-there.js';
