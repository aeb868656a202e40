import { a } from 'a';
export * as c from 'c';
export const b = 'b';
export function back() { return a + '!'; }
export default 'default b';
