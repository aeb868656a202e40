// What each specifier is here: one line of JSON a case, a URL or a code.
import cases from './cases.mjs';

for (const { from, specifier, resolve, isRequire } of cases) {
  let answer = {};
  try {
    const referrer = await import(`./${from}`);
    answer = isRequire ? {}
      : resolve ? { url: referrer.resolve(specifier) }
      : { url: (await referrer.load(specifier)).default };
  } catch (error) {
    answer = { code: error.code ?? String(error), message: error.message };
  }
  console.log(JSON.stringify(answer));
}
