// Options are read in the order that the standards say, once each.
// expect: bubbles,cancelable,composed,detail
// expect: bubbles,cancelable,composed,colno,error,filename,lineno,message
// expect: bubbles,cancelable,composed,promise,reason
for (const C of [CustomEvent, ErrorEvent, PromiseRejectionEvent]) {
  const read = [];
  new C('x', new Proxy({}, { get(_, key) { read.push(key); return key === 'promise' ? {} : undefined; } }));
  console.log(read.join());
}
