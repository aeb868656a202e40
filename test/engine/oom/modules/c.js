export const c = 'c', d = 1;
export class E {}
