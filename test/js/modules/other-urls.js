// Only file: and data: URLs are loaded, the first without a host and without an encoded slash.
// expect: ERR_UNSUPPORTED_ESM_URL_SCHEME Cannot load 'http://localhost/x.js' imported from %{url}/other-urls.js: only file: and data: URLs are supported
// expect: ERR_UNSUPPORTED_ESM_URL_SCHEME Cannot load 'other:fs' imported from %{url}/other-urls.js: only file: and data: URLs are supported
// expect: ERR_INVALID_MODULE_SPECIFIER Invalid module specifier 'file://host/x.js' imported from %{url}/other-urls.js: a file: URL with a host
// expect: ERR_INVALID_MODULE_SPECIFIER Invalid module specifier './fixtures%2fa.js' imported from %{url}/other-urls.js: an encoded / or NUL
// expect: ERR_INVALID_MODULE_SPECIFIER Invalid module specifier './a%00.js' imported from %{url}/other-urls.js: an encoded / or NUL
for (const s of ['http://localhost/x.js', 'other:fs',
  'file://host/x.js', './fixtures%2fa.js', './a%00.js']) {
  await import(s).catch(({ code, message }) => console.log(code, message));
}
