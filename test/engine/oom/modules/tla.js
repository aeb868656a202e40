import { c } from 'c';
export const value = await new Promise(r => r(c + 'await'));
