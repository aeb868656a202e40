export * from 'stars-2';
export * from 'a';
export const readFile = 1;
