// Promises that were told of are remembered by nobody: 100,000 leave nothing.
// expect: 100000 100000
let told = 0, handled = 0, last = [], before;
onunhandledrejection = (e) => { e.preventDefault(); told++; last.push(e.promise); };
onrejectionhandled = () => { handled++; };
function step() {
  for (const p of last.splice(0)) p.catch(() => {});
  if (told === 100000) {
    setTimeout(() => console.log(told, handled), 0);
    return;
  }
  for (let i = 0; i < 1000; i++) Promise.reject(new Error(i));
  setTimeout(step, 0);
}
step();
