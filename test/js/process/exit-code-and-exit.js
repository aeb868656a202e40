// process.exit() without a code takes process.exitCode.
// exit: 4
process.exitCode = 4;
process.exit();
