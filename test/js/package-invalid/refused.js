// A package.json that is not JSON is an error that names it.
// expect-error: Uncaught Error: Invalid package config %{dir}/package.json: 
// exit: 1
console.log('never');
