// A negative exit code wraps around, as in node.
// exit: 255
process.exit(-1);
