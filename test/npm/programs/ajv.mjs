import '../show.js';
import Ajv from 'ajv';
const A = Ajv.default ?? Ajv;
const v = new A({ allErrors: true }).compile({
  type: 'object',
  properties: {
    a: { type: 'integer', minimum: 1 },
    b: { type: 'array', items: { type: 'string', pattern: '^x' } },
  },
  required: ['a'],
  additionalProperties: false,
});
show(v({ a: 1, b: ['x'] }), v({ a: 0, b: ['y'], c: 1 }), v.errors);
