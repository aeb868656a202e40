import '../show.js';
import cx from 'classnames';
show(cx('a', { b: true, c: false }, ['d', { e: 1 }]));
