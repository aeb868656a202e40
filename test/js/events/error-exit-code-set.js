// The exit code that a program sets counts when it prevented the error.
// exit: 3
onerror = () => { process.exitCode = 3; return true; };
throw new Error('x');
