// internal/idna: names of hosts in other scripts, as UTS #46 maps them where
// that is lower case and compatibility forms, which is all of what is in use.

const { decode, encode } = require('node:punycode');
const { apply } = Reflect;
const { test } = RegExp.prototype;
const { codePointAt, normalize, replace, split, startsWith, slice, toLowerCase } =
  String.prototype;

const call = (f, self, ...args) => apply(f, self, args);
const is = (pattern, s) => apply(test, pattern, [s]);

// Dots of other scripts; what is ignored; what no label holds.
const DOTS = /[\u3002\uff0e\uff61]/g;
const IGNORED = /[\u00ad\u034f\u180b-\u180d\u180f\u200b\u2060\u2064\ufe00-\ufe0f\ufeff\u{e0100}-\u{e01ef}]/gu;
const WRONG = /[\p{C}\p{Z}\u2260\u226e\u226f\ufffc\ufffd]/u;
const JOINERS = /[\u200c\u200d]/g;

function map(text) {
  text = call(replace, text, IGNORED, '');
  text = call(normalize, text, 'NFKC');
  text = call(toLowerCase, call(replace, text, /\u1e9e/g, 'ss'));
  return call(replace, call(normalize, text, 'NFKC'), DOTS, '.');
}

function isLabel(label) {
  if (label === '') return true;
  if (is(/^\p{M}/u, label)) return false;
  if (call(startsWith, label, 'xn--')) return false;
  return !is(WRONG, call(replace, label, JOINERS, ''));
}

// null: it is no name of a host.
function toASCII(domain) {
  const isPlain = !is(/[^\0-\x7f]/, domain);
  const labels = call(split, isPlain ? call(toLowerCase, domain) : map(domain), '.');
  let text = '';
  for (let i = 0; i < labels.length; i++) {
    let label = labels[i];
    if (call(startsWith, label, 'xn--')) {
      let decoded;
      try {
        decoded = decode(call(slice, label, 4));
      } catch {
        return null;
      }
      if (!is(/[^\0-\x7f]/, decoded) || !isLabel(decoded) ||
          map(decoded) !== decoded) return null;
    } else if (is(/[^\0-\x7f]/, label)) {
      if (!isLabel(label)) return null;
      label = `xn--${encode(label)}`;
    }
    text += i ? `.${label}` : label;
  }
  return text;
}

function toUnicode(domain) {
  const labels = call(split, domain, '.');
  let text = '';
  for (let i = 0; i < labels.length; i++) {
    let label = labels[i];
    if (call(startsWith, label, 'xn--')) {
      try {
        label = decode(call(slice, label, 4));
      } catch {
        // It is shown as it is.
      }
    }
    text += i ? `.${label}` : label;
  }
  return text;
}

module.exports = { toASCII, toUnicode };
