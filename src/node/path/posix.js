// node:path/posix: the part of node:path.
module.exports = require('path').posix;
