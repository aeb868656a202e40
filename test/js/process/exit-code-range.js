// An exit code is taken modulo 256, as the system does.
// exit: 44
process.exit(300);
