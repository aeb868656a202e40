import '../show.js';
import {
  create,
  all,
  evaluate,
  simplify,
  derivative,
  matrix,
  inv,
  bignumber,
  unit,
} from 'mathjs';
show(
  evaluate('sqrt(3^2+4^2)'),
  String(simplify('2x+3x')),
  String(derivative('x^2+sin(x)', 'x')),
  inv(
    matrix([
      [1, 2],
      [3, 4],
    ]),
  ).toArray(),
  evaluate('12.7 cm to inch').toString(),
  bignumber('0.1').plus('0.2').toString(),
  evaluate('det([1,2;3,4])'),
  create(all, { number: 'Fraction' }).evaluate('1/3+1/6').toString(),
);
