import '../show.js';
import { z } from 'zod';
const s = z.object({
  name: z.string().min(2),
  age: z.number().int().positive().optional(),
  tags: z.array(z.enum(['a', 'b'])),
});
show(
  s.parse({ name: 'bob', tags: ['a'] }),
  s.safeParse({ name: 'b', age: 1.5, tags: ['c'] }).error.issues,
  z.coerce.date().parse('2020-01-02').toISOString(),
  z.string().email().safeParse('x').success,
);
