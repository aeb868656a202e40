// node:tty

const { ERR_METHOD_NOT_IMPLEMENTED } = require('internal/errors');
const { isInteger } = Number;
const { isatty } = binding;

// The streams of the process are there; others are not.
function ReadStream() {
  throw ERR_METHOD_NOT_IMPLEMENTED('tty.ReadStream');
}

function WriteStream() {
  throw ERR_METHOD_NOT_IMPLEMENTED('tty.WriteStream');
}

module.exports = {
  ReadStream,
  WriteStream,
  isatty: (fd) => isInteger(fd) && fd >= 0 && fd <= 2147483647 && isatty(fd),
};
