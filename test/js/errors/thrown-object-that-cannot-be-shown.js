// A thrown object whose toString throws still ends the program.
// expect-error: Uncaught { toString: [Function: toString] }
// exit: 1
throw { toString() { throw 1; } };
