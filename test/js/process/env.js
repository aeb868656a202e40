// process.env holds the environment as own, writable properties.
// env: TENON_A=a=b c
// env: TENON_EMPTY=
// expect: a=b c
// expect: true undefined
// expect: changed false
// expect: string
console.log(process.env.TENON_A);
console.log(process.env.TENON_EMPTY === '', process.env.TENON_NONE);
process.env.TENON_A = 'changed';
delete process.env.TENON_EMPTY;
console.log(process.env.TENON_A, 'TENON_EMPTY' in process.env);
console.log(typeof process.env.PATH);
