// Only an ErrorEvent of the type error comes as five arguments.
// expect: 1 unhandledrejection
onunhandledrejection = (...args) => console.log(args.length, args[0].type);
dispatchEvent(new ErrorEvent('unhandledrejection'));
