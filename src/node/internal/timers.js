// internal/timers: setTimeout and its kin, and hold(timer, on): whether a timer
// keeps the program alive.
module.exports = binding;
