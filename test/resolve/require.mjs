// What require() of node makes of each specifier: one line of JSON a case; and
// questions.txt, the same questions for the program require.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import cases from './cases.mjs';

let questions = '';
for (const { from, specifier } of cases) {
  const file = fs.realpathSync(from);
  const folder = path.dirname(file);
  const isPath = /^\.{0,2}(\/|$)/.test(specifier);
  questions += isPath ? `${folder}/${specifier}\n` : `${folder}\t${specifier}\n`;
  let answer;
  try {
    answer = { url: createRequire(file).resolve(specifier) };
  } catch (error) {
    // Here node has no code for what it has one in import.
    const code = error.message.startsWith('Error parsing ')
      ? 'ERR_INVALID_PACKAGE_CONFIG' : error.code;
    answer = { code: code ?? String(error), message: error.message };
  }
  console.log(JSON.stringify(answer));
}
fs.writeFileSync('questions.txt', questions);
