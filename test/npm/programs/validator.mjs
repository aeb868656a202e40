import '../show.js';
import validator from 'validator';
import isEmail from 'validator/lib/isEmail.js';
show(
  isEmail('a@b.co'),
  validator.isURL('http://x.y/z?q'),
  validator.isIBAN('GB33BUKB20201555555555'),
  validator.escape('<a>'),
  validator.isISO8601('2020-02-30'),
  validator.normalizeEmail('A.B+c@Gmail.com'),
  validator.isMobilePhone('+4917612345678', 'de-DE'),
);
