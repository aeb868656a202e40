// Globals are as those of the web: classes hidden, functions and handlers shown.
// expect: Event function true false true
// expect: EventTarget function true false true
// expect: addEventListener function true true true
// expect: reportError function true true true
// expect: onerror get onerror set onerror true true
// expect: onunhandledrejection get onunhandledrejection set onunhandledrejection true true
// expect: onrejectionhandled get onrejectionhandled set onrejectionhandled true true
for (const name of ['Event', 'EventTarget', 'addEventListener', 'reportError']) {
  const d = Object.getOwnPropertyDescriptor(globalThis, name);
  console.log(name, typeof d.value, d.writable, d.enumerable, d.configurable);
}
for (const name of ['onerror', 'onunhandledrejection', 'onrejectionhandled']) {
  const d = Object.getOwnPropertyDescriptor(globalThis, name);
  console.log(name, d.get.name, d.set.name, d.enumerable, d.configurable);
}
