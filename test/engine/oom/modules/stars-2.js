export const writeFile = 2, readFile = 3, clash = 1;
