import { b, back } from 'b';
export let a = 'a' + b;
export default class Def { static toString() { return 'Def'; } }
export function viaB() { return back(); }
export * from 'c';
