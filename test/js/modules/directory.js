// A directory is no module; the index.js in it is hinted at.
// expect: ERR_UNSUPPORTED_DIR_IMPORT './fixtures/directory/index.js'?
// expect: ERR_UNSUPPORTED_DIR_IMPORT './fixtures/directory/index.js'?
// expect: ERR_UNSUPPORTED_DIR_IMPORT (illegal operation on a directory)
// expect: ERR_UNSUPPORTED_DIR_IMPORT (not a directory)
// expect: ERR_MODULE_NOT_FOUND (not a directory)
for (const s of ['./fixtures/directory', './fixtures/directory/', '..',
  './fixtures/a.js/', './fixtures/a.js/b.js']) {
  await import(s).catch(({ code, message }) =>
    console.log(code, message.replace(/.*(did you mean |(?=\())/, '')));
}
