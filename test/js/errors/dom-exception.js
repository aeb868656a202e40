// A DOMException shows its name.
// expect-error: Uncaught DOMException [AbortError]: stopped
// expect-error: dom-exception.js:5:
// exit: 1
throw new DOMException('stopped', 'AbortError');
