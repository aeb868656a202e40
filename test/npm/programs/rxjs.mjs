import '../show.js';
import {
  of,
  from,
  interval,
  merge,
  Subject,
  firstValueFrom,
  lastValueFrom,
} from 'rxjs';
import {
  map,
  filter,
  toArray,
  take,
  scan,
  mergeMap,
  delay,
} from 'rxjs/operators';
show(
  await lastValueFrom(
    from([1, 2, 3, 4]).pipe(
      filter((x) => x % 2 === 0),
      map((x) => x * x),
      toArray(),
    ),
  ),
  await lastValueFrom(
    interval(1).pipe(
      take(4),
      scan((a, b) => a + b),
      toArray(),
    ),
  ),
  await firstValueFrom(
    of('a').pipe(
      delay(2),
      mergeMap((x) => of(x + 'b')),
    ),
  ),
);
const s = new Subject(),
  got = [];
s.subscribe((x) => got.push(x));
s.next(1);
s.complete();
s.next(2);
show(got);
