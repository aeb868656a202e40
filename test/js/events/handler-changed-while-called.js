// Handlers that are set during a dispatch are called from the next one on.
// expect: a listener
// expect: listener b
const said = [];
onerror = () => { said.push('a'); onerror = null; onerror = () => said.push('b'); };
addEventListener('error', () => said.push('listener'));
dispatchEvent(new Event('error'));
console.log(said.splice(0).join(' '));
dispatchEvent(new Event('error'));
console.log(said.join(' '));
