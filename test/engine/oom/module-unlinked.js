// An import that cannot be linked; its hint may be missing.
(async () => {
  const words = [];
  for (const name of ['unlinked', 'unlinked-default']) {
    try {
      await import(name);
    } catch (e) {
      if (!(e instanceof SyntaxError)) throw e;
      words.push(/^Could not find export '\w+' in module 'stars'/.exec(e.message)[0]);
    }
  }
  globalThis.out = words.join('|');
})();
