// the older functions on URLs are those of node
import url from 'node:url';
import querystring from 'node:querystring';
import { below, outcome, pick } from './random.js';

const list = ['', ' ', 'a', '/a', '//a', '///a', '/a?b', '/a?b#c', '?b', '#c', 'a?b=c&d', 'http://a', 'HTTP://A.B/C', 'http://a:80/', 'http://a:80', 'http://u:p@a:80/b?c#d',
  'http://u@a', 'http://u%40:p@a', 'http://u:p:q@a', 'http://a@b@c/d', 'http://a b', 'http://a/b c', 'http://a/"<>`{}|\\^', "http://a/'", 'http://a?"x"', 'http:a', 'http:/a', 'http:', 'http://', 'http:///a',
  'http:\\\\a\\b', 'http://[::1]:80/a', 'http://[::1]', 'http://[x]', 'http://é.com/é', 'http://a_b.c', 'http://a*b', 'http://a%b', 'http://a:b', 'http://a:99999', 'mailto:a@b.c', 'mailto:a', 'javascript:alert(1)', 'javascript:a b',
  'file:///a', 'file://a/b', 'file:a', 'file:/a', 'foo:a', 'foo://a', 'foo://a/b', 'foo:/a', 'xmpp:a@b', 'x:1', 'ws://a', 'data:a,b', '//u@a/b', '//a/b', '/a//b', 'a:b', 'a/b:c', '\thttp://a\n', 'http://a\n/b', 'http://a;b', 'http://a?b?c', 'http://a#b#c', 'http://a#b?c', 'git+ssh://git@a:b/c', 'http://-a', 'http://a.b.', 'http://' + 'a'.repeat(300), 'http://a/?b=1&b=2', 'coap:u:p@a:80/b'];
for (const text of list) {
  for (const more of [[], [true], [false, true], [true, true]]) {
    console.log(JSON.stringify(text), more.join(), outcome(() => ({ ...url.parse(text, ...more) })));
  }
}
for (const v of [undefined, null, 5, {}, [], true]) console.log(outcome(() => url.parse(v)), outcome(() => url.format(v)));
for (const o of [{}, { host: 'a' }, { hostname: 'a', port: 80 }, { protocol: 'http', host: 'a' }, { protocol: 'http:', hostname: 'a', pathname: 'b', search: 'c', hash: 'd' },
                 { protocol: 'foo', host: 'a' }, { protocol: 'foo', host: 'a', slashes: true }, { pathname: '/a?b#c' }, { query: { a: 1, b: [2, 3] } }, { search: '?a#b' }, { protocol: 'mailto', pathname: 'a@b' },
                 { protocol: 'file', pathname: '/a' }, { auth: 'u:p@', host: 'a' }, { hostname: '::1', protocol: 'http' }, { hostname: '[::1]', port: 5 }, { hash: 'x', query: '' }]) {
  console.log(JSON.stringify(o), outcome(() => url.format(o)));
}
for (const text of list) console.log(JSON.stringify(text), outcome(() => url.format(text)));
const froms = ['', '/a/b', 'http://a/b/c?d#e', 'http://u:p@a:80/b', 'file:///a/b', 'mailto:a@b', 'foo:a/b', 'foo://a/b', 'a/b', 'javascript:x', '//a/b', 'http://a'];
const tos = ['', 'x', './x', '../x', '../../../x', '/x', '//x', '//x/y', '?x', '#x', '.', '..', './', '../', 'x/..', 'http:x', 'http://x', 'https:x', 'https://x/y', 'mailto:x@y', 'foo:x', 'file:x', 'file:///x', 'x?y#z', 'x//y', 'javascript:y', '//u@x/y', '/./x/../y', 'http:/x', 'http:///x', ';x', 'x:y'];
for (const from of froms) for (const to of tos) console.log(from, '+', to, outcome(() => url.resolve(from, to)));

// querystring
for (const text of ['', 'a', 'a=1', 'a=1&b=2&a=3', '&&a', '=', '=a', 'a=b=c', 'a+b=%20c', '%zz=%ff', '%E2%82', 'é=ü', '__proto__=1', 'a=%41%', 5, null]) {
  console.log(JSON.stringify(text), outcome(() => ({ ...querystring.parse(text) })), outcome(() => querystring.unescape(text)));
}
console.log(outcome(() => querystring.parse('a:1;b:2', ';', ':')), outcome(() => querystring.parse('a=1&b=2', null, null, { maxKeys: 1 })));
for (const o of [{}, { a: 1 }, { a: [1, 'x', true, null, undefined, {}, 1n, NaN] }, { 'é b': 'ü&=' }, 'x', null, { a: '' }, { a: [] }, { "!'()*~": "!'()*~" }]) {
  console.log(outcome(() => querystring.stringify(o)), outcome(() => querystring.stringify(o, ';', ':')));
}
console.log(outcome(() => querystring.escape('\ud800')), querystring.escape('a b'), querystring.escape({}), outcome(() => querystring.stringify({ a: 'b' }, null, null, { encodeURIComponent: (s) => `<${s}>` })));
