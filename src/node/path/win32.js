// node:path/win32: the part of node:path.
module.exports = require('path').win32;
