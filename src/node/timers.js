// node:timers

const {
  setTimeout, setInterval, setImmediate, clearTimeout, clearInterval,
  clearImmediate,
} = require('internal/timers');
const { defineProperty } = Object;

module.exports = {
  setTimeout,
  setInterval,
  setImmediate,
  clearTimeout,
  clearInterval,
  clearImmediate,
};
defineProperty(module.exports, 'promises', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get: () => require('node:timers/promises'),
});
