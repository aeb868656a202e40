// assertions fail as those of node
import assert from 'node:assert';
import strict from 'node:assert/strict';

console.log(assert.strict === strict, Object.keys(assert).sort().filter(
  (k) => !['CallTracker', 'partialDeepStrictEqual'].includes(k)).join());

function tell(name, f) {
  try {
    f();
    console.log(name, 'passes');
  } catch (e) {
    console.log(name, e.name, e.code, e.generatedMessage, e.operator);
    console.log(e.message);
  }
}

const cases = {
  'ok': () => assert.ok(1),
  'ok with text': () => assert.ok(0, 'said'),
  'ok with error': () => assert.ok(0, new RangeError('said')),
  'ok without': () => assert.ok(),
  'assert with text': () => assert(null, 'said'),
  'equal': () => assert.equal(1, '1'),
  'equal fails': () => assert.equal(1, 2),
  'equal NaN': () => assert.equal(NaN, NaN),
  'equal objects': () => assert.equal({ a: 1 }, { a: 1 }),
  'equal one': () => assert.equal(1),
  'notEqual': () => assert.notEqual(1, '1'),
  'strictEqual': () => assert.strictEqual(1, 2),
  'strictEqual texts': () => assert.strictEqual('a', 'b'),
  'strictEqual long': () => assert.strictEqual('a'.repeat(20), 'b'.repeat(20)),
  'strictEqual said': () => assert.strictEqual(1, 2, 'said'),
  'strictEqual error': () => assert.strictEqual(1, 2, new TypeError('said')),
  'strictEqual bool': () => assert.strictEqual(true, false),
  'notStrictEqual': () => assert.notStrictEqual(1, 1),
  'notStrictEqual object': () => { const a = { a: 1 }; assert.notStrictEqual(a, a); },
  'deepEqual': () => assert.deepEqual({ a: 1 }, { a: 2 }),
  'deepEqual arrays': () => assert.deepEqual([1, 2], [1, 3]),
  'notDeepEqual': () => assert.notDeepEqual({ a: 1 }, { a: '1' }),
  'notDeepStrictEqual': () => assert.notDeepStrictEqual({ a: 1 }, { a: 1 }),
  'notDeepStrictEqual short': () => assert.notDeepStrictEqual(1, 1),
  'deepStrictEqual short': () => assert.deepStrictEqual(1, 2),
  'fail': () => assert.fail(),
  'fail said': () => assert.fail('said'),
  'fail error': () => assert.fail(new TypeError('said')),
  'ifError': () => assert.ifError(null),
  'ifError error': () => assert.ifError(new Error('bad')),
  'ifError text': () => assert.ifError('bad'),
  'ifError 0': () => assert.ifError(0),
  'match': () => assert.match('abc', /b/),
  'match fails': () => assert.match('abc', /x/),
  'match number': () => assert.match(123, /x/),
  'match no regexp': () => assert.match('abc', 'b'),
  'match said': () => assert.match('abc', /x/, 'said'),
  'doesNotMatch': () => assert.doesNotMatch('abc', /b/),
  'throws': () => assert.throws(() => { throw new Error('bad'); }),
  'throws nothing': () => assert.throws(() => {}),
  'throws nothing, said': () => assert.throws(() => {}, 'said'),
  'throws nothing, class': () => assert.throws(() => {}, TypeError),
  'throws nothing, both': () => assert.throws(() => {}, TypeError, 'said'),
  'throws class': () => assert.throws(() => { throw new TypeError('bad'); }, TypeError),
  'throws other class': () => assert.throws(() => { throw new Error('bad'); }, TypeError),
  'throws text': () => assert.throws(() => { throw 'bad'; }, TypeError),
  'throws regexp': () => assert.throws(() => { throw new Error('bad'); }, /bad/),
  'throws other regexp': () => assert.throws(() => { throw new Error('bad'); }, /good/),
  'throws object': () => assert.throws(() => { throw new Error('bad'); }, { message: 'bad', name: 'Error' }),
  'throws object regexp': () => assert.throws(() => { throw new Error('bad'); }, { message: /b/ }),
  'throws error': () => assert.throws(() => { throw new Error('bad'); }, new Error('bad')),
  'throws function': () => assert.throws(() => { throw new Error('bad'); }, (e) => e.message === 'bad'),
  'throws function false': () => assert.throws(() => { throw new Error('bad'); }, (e) => false),
  'throws empty': () => assert.throws(() => { throw new Error('bad'); }, {}),
  'throws same text': () => assert.throws(() => { throw new Error('bad'); }, 'bad'),
  'throws no function': () => assert.throws('x'),
  'throws wrong error': () => assert.throws(() => {}, 5),
  'throws two texts': () => assert.throws(() => {}, 'a', 'b'),
  'doesNotThrow': () => assert.doesNotThrow(() => {}),
  'doesNotThrow throws': () => assert.doesNotThrow(() => { throw new Error('bad'); }),
  'doesNotThrow said': () => assert.doesNotThrow(() => { throw new Error('bad'); }, 'said'),
  'doesNotThrow other': () => assert.doesNotThrow(() => { throw new Error('bad'); }, TypeError),
  'AssertionError without': () => new assert.AssertionError(),
  'AssertionError': () => { throw new assert.AssertionError({ message: 'm', actual: 1, expected: 2, operator: 'o' }); },
  'AssertionError generated': () => { throw new assert.AssertionError({ actual: 1, expected: 2, operator: '<' }); },
  'strict equal': () => strict.equal(1, '1'),
  'strict deepEqual': () => strict.deepEqual([1], [1]),
};
for (const name in cases) tell(name, cases[name]);

async function tellLater(name, promise) {
  try {
    await promise;
    console.log(name, 'passes');
  } catch (e) {
    console.log(name, e.name, e.code, e.operator);
    console.log(e.message);
  }
}
await tellLater('rejects', assert.rejects(Promise.reject(new Error('bad'))));
await tellLater('rejects function', assert.rejects(async () => { throw new TypeError('bad'); }, TypeError));
await tellLater('rejects nothing', assert.rejects(Promise.resolve()));
await tellLater('rejects object', assert.rejects(Promise.reject(new Error('bad')), { message: 'bad' }));
await tellLater('rejects no promise', assert.rejects(() => 1));
await tellLater('rejects wrong', assert.rejects(5));
await tellLater('doesNotReject', assert.doesNotReject(Promise.resolve()));
await tellLater('doesNotReject rejects', assert.doesNotReject(Promise.reject(new Error('bad'))));
