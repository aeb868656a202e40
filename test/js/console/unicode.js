// Text is written as UTF-8; a lone surrogate becomes U+FFFD.
// expect: äöü € 😀 日本
// expect: �x
// expect: [ 'äöü', '😀' ]
console.log('äöü € 😀 日本');
console.log('\ud800x');
console.log(['äöü', '😀']);
