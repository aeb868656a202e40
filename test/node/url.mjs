// URLs are those of node
import { inspect } from 'node:util';
import url, { URL as Own, URLSearchParams as OwnParams } from 'node:url';
import { below, outcome, pick } from './random.js';

console.log(Own === URL, OwnParams === URLSearchParams, url.URL === URL);
console.log(Object.keys(URL.prototype).join(), Object.keys(URLSearchParams.prototype).join());

const parts = (u) => [u.href, u.origin, u.protocol, u.username, u.password, u.host, u.hostname,
                      u.port, u.pathname, u.search, u.hash, `${u.searchParams}`];
const bases = [undefined, 'http://user:pw@host:8080/a/b/c?q#f', 'file:///C:/a/b', 'file://host/a/b',
               'mailto:x@y', 'foo://host/a/b', 'foo:/a/b', 'http://a'];
const inputs = ['', ' ', 'http://a', 'http://a/', 'HTTP://A.B/c', 'http://a:80', 'http://a:443', 'https://a:443/',
  'http://a:65535', 'http://a:65536', 'http://a:x', 'http://a:', 'http://:80', 'http://', 'http:', 'http:/', 'http:a',
  'http:/a', 'http:///a', 'http:\\\\a\\b', 'http://u@a', 'http://u:p@a', 'http://:p@a', 'http://u:@a', 'http://@a',
  'http://u@@a', 'http://u:p:q@a', 'http://a@b@c', 'http://a b', 'http://a%20b', 'http://%41', 'http://a%2fb',
  'http://é', 'http://EXAMPLE.com', 'http://xn--e1afmkfd', 'http://xn--a', 'http://пример', 'http://faß.de',
  'http://日本語。jp', 'http://a\u00adb', 'http://ＡＢＣ', 'http://1', 'http://1.2', 'http://1.2.3', 'http://1.2.3.4',
  'http://1.2.3.4.', 'http://1.2.3.4.5', 'http://256.1', 'http://0x7f.1', 'http://0x', 'http://017.1', 'http://08.1', 'http://1.2.3.08',
  'http://4294967295', 'http://4294967296', 'http://a.1', 'http://a.0x1', 'http://1.a', 'http://[::1]', 'http://[::1]:80/',
  'http://[1:2:3:4:5:6:7:8]', 'http://[1::8]', 'http://[::]', 'http://[::ffff:1.2.3.4]', 'http://[::1.2.3]', 'http://[1:2]',
  'http://[:1]', 'http://[1::2::3]', 'http://[1:2:3:4:5:6:7:8:9]', 'http://[g]', 'http://[::1', 'http://::1]', 'http://[0:0:1:0:0:0:1:0]',
  'http://[1:0:0:2:0:0:0:3]', 'http://[::1]a', 'http://[ABCD::]', 'http://[::00001]', 'http://a<b', 'http://a^b', 'http://a|b', 'http://a"b', "http://a'b",
  'http://a`b', 'http://a{b}', 'http://a%', 'http://a%zz', 'http://a,b', 'http://a_b', 'http://a-b', 'http://-a', 'http://a..b', 'http://.', 'http://a.',
  'http://a/./b', 'http://a/../b', 'http://a/b/..', 'http://a/b/.', 'http://a/b/../', 'http://a/%2e/b', 'http://a/%2E%2e/b',
  'http://a/.%2e', 'http://a/b/%2e%2E', 'http://a//b', 'http://a/b//', 'http://a/ b', 'http://a/é', 'http://a/"<>`{}|^', 'http://a/\\b',
  'http://a/b;c=d', 'http://a/%', 'http://a/%zz', 'http://a?', 'http://a#', 'http://a?#', 'http://a?q', 'http://a?é', "http://a?'\"<>#'\"<>`",
  'http://a?a b#c d', 'http://a?a=1&b=2&a=3', 'http://a?%41', 'foo:bar', 'foo:', 'foo:/', 'foo:/a', 'foo://', 'foo://a', 'foo://A', 'foo://a/../b',
  'foo:///a', 'foo:////a', 'foo:/..//a', 'foo:/.//a', 'foo:a?b#c', 'foo:a b', 'foo://a b', 'foo://a%20b', 'foo://é', 'foo://a:80', 'foo://:80', 'foo://a:x', 'foo://a<',
  'foo://u:p@a', 'foo://u@', 'foo://[::1]', 'foo://1.2', 'foo:\\a', 'foo:a\\b', 'foo://a\\b', "foo:a'b\"c", 'foo:é', 'mailto:a@b', 'javascript:alert(1)', 'data:text/plain,a b#c',
  'data:a  ?x', 'about:blank', 'blob:http://a/b', 'blob:foo', 'blob:https://a:443/b', 'file:', 'file:/', 'file://', 'file:///', 'file:a', 'file:/a', 'file://a', 'file://a/b', 'file:///a/../..',
  'file:C:', 'file:C:/', 'file:C|/', 'file:/C:/..', 'file:///C:/../a', 'file:///C|/a', 'file://C:/a', 'file://C|/a', 'file:C:/a/..', 'file://localhost/a', 'file://LOCALHOST', 'file://a:80', 'file://u@a', 'file:\\\\a\\b',
  'file:?q', 'file:#f', 'file://%41', 'file:..', 'file:///..', 'ws://a', 'wss://a:443', 'ftp://a:21', 'ws:a', 'a', '/a', '//a', '///a', '\\a', '\\\\a', './a', '../a', '../../../a', '..', '.',
  'a/b', 'a?b', '?', '?q', '#', '#f', 'a:b', 'a:80', '//a:80', '//u:p@b', '/..', '/./', 'C:', 'C:/a', 'C|', '/C:', '/C:/..', '//C:', 'http:?q', 'http:#f', 'http:..', 'http:b',
  'file:b', 'foo:b', '\t http://\na\r/b\t', 'ht\ntp://a', '\u0000http://a', 'http://a/\u0000', 'http://a/\ud800', 'http://\ud800', 'http://a?\ud83d\ude00', 'http://a#\u0080',
  '1http://a', 'h+t.p-://a', 'h_t://a', ':a', '://a', 'http', 'http://a/'.repeat(3), 'https://例え.テスト/パス?クエリ#フラグ', 'http://☃.net/', 'http://xn--n3h.net', 'http://a\u200bb', 'http://a\u2060', 'http://\u3002',
  'http://ä.ä', 'http://A\u030a', 'http://①②', 'http://ﬁ.com', 'http://σς.gr', 'http://İ.tr', 'http://a\u0301', 'http://\u0301a'];
// Where the parser of node 20 is not that of the Standard: a relative URL with a
// fragment on a base that cannot have any; paths and hosts of other schemes.
const isOdd = (input, base) => (/^mailto/.test(base) && input.includes('#')) ||
  /^(?:[a-zA-Z]:)?\/\.\./.test(input);
const isOddChange = (start, name, value) =>
  (name === 'port' && value !== '' && !/^[\t]*[0-9]/.test(value)) ||
  (/^foo/.test(start) && (/^host/.test(name) || (name === 'pathname' && value === '..')));
for (const base of bases) {
  for (const input of inputs) if (!isOdd(input, base)) console.log(JSON.stringify(input), base ?? '-', outcome(() => parts(new URL(input, base))));
}
for (const input of inputs) console.log(URL.canParse(input), URL.canParse(input, 'http://a'));
for (const args of [[], [undefined], [null], [5], [{}], ['a', null], ['a', 5], [new URL('http://a')], ['b', new URL('http://a')]]) {
  console.log(outcome(() => new URL(...args).href));
}
try { new URL('x y'); } catch (e) { console.log(e.code, e.input, e.base, Object.keys(e).join()); }
try { new URL('x', 'y'); } catch (e) { console.log(e.code, e.input, e.base, Object.keys(e).join()); }

// Setting
const starts = ['http://u:p@a:81/b?c#d', 'https://a/', 'file:///b', 'file://h/b', 'foo://a:81/b', 'foo:/b', 'mailto:x', 'foo://'];
const values = ['', 'x', 'a:80', 'b:82', ':83', 'https', 'http:', 'ftp', 'foo', 'foo:bar', 'file', 'é', '/x/../y', '\\x', '?x', '#x', 'a b', 'a/b', 'a?b', 'a#b', '80', '65536', '81x', 'x81', '[::1]', '[::1]:5', '1.2', '@', 'u:p', "'\"<>`", '%41', 'a<b', '\t8\n0', 'a@b', 'C|', '..', '//x', 'javascript', 'ws:'];
for (const start of starts) {
  for (const name of ['href', 'protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search', 'hash']) {
    for (const value of values) {
      if (!isOddChange(start, name, value)) console.log(start, name, JSON.stringify(value), outcome(() => { const u = new URL(start); u[name] = value; return parts(u); }));
    }
  }
}
console.log(outcome(() => { 'use strict'; const u = new URL('http://a'); u.origin = 'x'; }).slice(0, 9));

// Random
const atoms = ['http:', 'https:', 'file:', 'foo:', '/', '//', '/', '\\', '?', '#', ':', '@', 'a', 'b', 'C:', 'c|', '..', '.', '%2e', '%', '%41', ' ', 'é', '[::1]', '1', '0x1', '80', '&', '=', '+', "'", '"', '<', 'localhost', ';', '~', '-', '\t'];
for (let i = 0; i < 3000; i++) {
  const text = Array.from({ length: 1 + below(8) }, () => pick(atoms)).join('');
  const base = pick(bases);
  if (!isOdd(text.trim(), base)) console.log(JSON.stringify(text), base ?? '-', outcome(() => parts(new URL(text, base))));
}

// Parameters
const inits = [undefined, null, '', '?a=1', 'a=1&b=2&a=3', '??a', '&&a&&', '=', '=a', 'a=', 'a=b=c', 'a+b=c+d', '%41=%zz', '%ff', 'é=ü', 5, true, {}, { a: 1, b: 'x' },
  [['a', 1], ['b', 2]], [], [[]], [['a']], [['a', 'b', 'c']], ['ab'], [5], new Map([['a', 'b']]), new URLSearchParams('x=y'), new Set(['ab', 'cd']),
  { [Symbol.iterator]: 5 }, { [Symbol.iterator]: undefined, a: 1 }, () => 1, Object.create({ a: 1 }), { 'a\ud800': 'b\udc00' }];
for (const init of inits) console.log(outcome(() => { const p = new URLSearchParams(init); return [`${p}`, [...p], p.size]; }));
const p = new URLSearchParams('a=1&b=2&a=3&c=%20+!~*()\'');
console.log(p.get('a'), p.get('x'), p.getAll('a'), p.has('a'), p.has('a', '3'), p.has('a', '4'), p.has('x'));
p.append('d', 'é&=');
p.set('a', 9);
console.log(`${p}`);
p.delete('b');
p.append('a', 5);
p.delete('a', '5');
p.sort();
console.log(`${p}`, [...p.keys()], [...p.values()], [...p.entries()]);
p.forEach((v, k, all) => console.log(k, v, all === p));
for (const f of ['append', 'delete', 'get', 'getAll', 'has', 'set']) {
  console.log(f, outcome(() => p[f]()), outcome(() => p[f].call({}, 1, 2)));
}
console.log(outcome(() => p.forEach(5)), outcome(() => p.keys.call({})), Object.prototype.toString.call(p.keys()));
const u = new URL('http://a/?x=1#h');
const { searchParams } = u;
searchParams.append('y', 'a b');
console.log(u.href, u.search);
u.search = '?z=5';
console.log(`${searchParams}`, searchParams === u.searchParams);
searchParams.delete('z');
console.log(u.href);
u.href = 'http://b/?q=r';
console.log(`${searchParams}`, JSON.stringify({ u }));
console.log(inspect(u), inspect(new URLSearchParams('a=1&b=2')), inspect(new URLSearchParams()));
console.log(Object.prototype.toString.call(u));

// Files
for (const path of ['/a/b', '/a b', '/a%b', '/a?b#c', '/é', '/a\\b', '/a\nb', '/', '/a/', 'a', './a/', '/a/../b', '', '/a\tb']) {
  console.log(outcome(() => url.pathToFileURL(path).href.replace(url.pathToFileURL('.').href, '.')));
}
for (const v of [5, null, undefined, {}, new URL('file:///a')]) console.log(outcome(() => url.pathToFileURL(v).href));
for (const v of ['file:///a/b', 'file:///a%20b', 'file:///%C3%A9', 'file:///a%2fb', 'file:///a%2Fb', 'file://host/a', 'http://a', 'file:///a?b#c', '/a', 5, null, {}, new URL('file:///x%25y'), new URL('http://a')]) {
  console.log(outcome(() => url.fileURLToPath(v)));
}
for (const v of ['http://u:p%40@a:81/b?c#d', 'https://[::1]/', 'file:///a', 'http://u@a']) {
  console.log(JSON.stringify(url.urlToHttpOptions(new URL(v))));
}
for (const v of ['español.com', '中文.com', 'xn--iñvalid.com', 'a', '', 'A.B', 'xn--fiq228c.com', '1.2', 'a b', 5]) {
  console.log(outcome(() => [url.domainToASCII(v), url.domainToUnicode(v)]));
}
for (const o of [undefined, {}, { fragment: false }, { search: false }, { auth: false }, { unicode: true }, { unicode: true, auth: false, fragment: 0, search: 0 }]) {
  console.log(url.format(new URL('http://u:p@中文.com/a?b#c'), o));
}
