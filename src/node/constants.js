// node:constants: those of node:os in one object.
const { dlopen, errno, priority, signals } = require('os').constants;

module.exports = { ...dlopen, ...errno, ...priority, ...signals };
