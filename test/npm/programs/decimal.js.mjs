import '../show.js';
import { Decimal } from 'decimal.js';
show(
  new Decimal('0.1').plus('0.2').toString(),
  Decimal.sqrt(2).toString(),
  new Decimal('1e500').times('3.3').toString(),
  Decimal.exp(1).toPrecision(15),
  new Decimal(255).toHex(),
);
