// What programs do, and may not do, with the classes of test/types/classes.c.
import all, {
  Animal, class as Class, corners, Date as OtherDate, Dog, Environment, File,
  files, look, mirror, move, ORIGIN, Polynomial, Puppy, Row, row_of, segment,
  segment_input, Settings, span, Vec2,
} from 'classes';

function is<T>(_: T): void {}

// --- Members ---------------------------------------------------------------------

const v = new Vec2(1, 2);
is<Vec2>(new Vec2(1));
is<number>(v.length());
is<Vec2>(v.scale().scale(2).plus(v, undefined, null));
is<span>(v.range({ from: 1n }, [v, ORIGIN]));
v.a_method_of_a_long_name(1);
is<Promise<number>>(v.settle());
is<Promise<void>>(v.wait(1));
is<Vec2>(Vec2.polar(1, 2));
is<Promise<Vec2>>(Vec2.polar.async(1, 2));
is<void>(Vec2.delete());
is<Promise<void>>(Vec2.delete.async());
v.norm = v.norm + 1;
is<Vec2 | null>(v.next);
v.only_set = undefined;
Vec2.count = 2n;
is<number>(Vec2.count);
v.x = v.why;
v.id = 3n;
is<number>(v.id);
is<string>(v.label);
is<number>(Vec2.EPSILON);
is<number>(v[Symbol.toPrimitive]('number'));
for (const n of v) is<number>(n);
is<number[]>([...v]);
is<{ x: number; why: number; id: number; label: string }>(v.toJSON());
// @ts-expect-error too few
new Vec2();
// @ts-expect-error not from a string
new Vec2('1');
// @ts-expect-error too many
new Vec2(1, 2, 3);
// @ts-expect-error called without new
Vec2(1);
// @ts-expect-error not null
v.plus(null);
// @ts-expect-error opt is not null
v.plus(v, null);
// @ts-expect-error a getter alone
v.next = null;
// @ts-expect-error a member that is only read
v.label = '';
// @ts-expect-error a constant
Vec2.EPSILON = 1;
// @ts-expect-error no number
v.x = '1';
// @ts-expect-error a number comes out
is<bigint>(v.id);
// @ts-expect-error what has values of the loop has no other
Vec2.parse.async('');
// @ts-expect-error a method of the class
v.polar(1, 2);
// @ts-expect-error a method of instances
Vec2.length();
// @ts-expect-error no such member
v.y;
// @ts-expect-error accessors are not copied
({ ...v }).x;

// --- Instances are of their class alone --------------------------------------------

interface looks {
  x: number; why: number; id: number; label: string; norm: number;
  next: Vec2 | null; only_set: number | bigint | undefined;
}
declare const alike: looks & Pick<Vec2, keyof Vec2>;
is<looks>(v);
// @ts-expect-error looks like one
is<Vec2>(alike);
// @ts-expect-error looks like one
is<Vec2>({ ...v, x: 1 });
// @ts-expect-error has the same members as another class: none
is<Row>(new Class());
// @ts-expect-error is no instance
mirror({ x: 1, y: 2 });
// @ts-expect-error of another class
mirror(new Dog(1));
is<Vec2>(mirror(v));
// @ts-expect-error private to the declaration
v.#private;

// --- By pointer, disposable ----------------------------------------------------------

async function use(f: File): Promise<void> {
  is<Row>(f.first());
  is<Row | undefined>(f.second());
  is<void>(f.close());
  is<void>(f[Symbol.dispose]());
  is<Promise<void>>(f[Symbol.asyncDispose]());
  for await (const bytes of f) is<Uint8Array<ArrayBuffer>>(bytes);
  // @ts-expect-error not without await
  for (const bytes of f) is<Uint8Array>(bytes);
  // @ts-expect-error may be undefined
  is<Row>(f.second());
}
use(new File('a'));
// @ts-expect-error scripts make none
new Row();
// @ts-expect-error and extend none
class MyRow extends Row {}

// --- Extended ------------------------------------------------------------------------

const dog = new Dog(3);
is<Animal>(dog);
is<string>(dog.speak());
is<string>(dog.walk(dog));
is<number>(dog.legs + dog.weight);
is<Dog>(Dog.make('Rex'));
is<number>(Animal.make(1));
is<{ legs: number; weight: number }>(dog.toJSON());
declare const puppy: Puppy;
is<Dog>(puppy);
// @ts-expect-error no constructor
new Animal();
// @ts-expect-error a constructor of its base alone
new Puppy(1);
// @ts-expect-error not every animal is one
is<Dog>(dog as Animal);
// What its base takes is not refused, or no dog would be an animal.
is<void>(dog.walk(1));
// @ts-expect-error what neither of them takes
dog.walk('far');

class Named extends Vec2 {
  #name: string;
  constructor(name: string) {
    super(1, 2);
    this.#name = name;
  }
  override length(): number {
    return super.length() + this.#name.length;
  }
  override get x(): number {
    return 1;
  }
  override set x(value: number) {}
}
is<Vec2>(new Named('n'));
is<number>(mirror(new Named('n')).length());
is<Vec2>(Named.polar(1, 2));
class Wrong extends Vec2 {
  // @ts-expect-error another type
  override length(): string {
    return '';
  }
}

// --- More than properties -------------------------------------------------------------

const p = new Polynomial(1, 2);
is<number>(p(2));
is<number | undefined>(p[0]);
p[1] = 2;
// @ts-expect-error no number
p('1');
// @ts-expect-error no number
p[1] = '2';
// @ts-expect-error no index
p.one;
const settings = new Settings();
is<string | undefined>(settings['a']);
settings['b'] = 'c';
delete settings['b'];
// @ts-expect-error no string
settings['b'] = 1;
const environment = new Environment();
is<string>(environment['PATH']);
environment.reset();
// @ts-expect-error is only read
environment['PATH'] = '';

// --- Names ------------------------------------------------------------------------------

is<Date>(new OtherDate(new Date())());
// @ts-expect-error is none
is<Date>(new OtherDate(new Date()));
is<void>(new Class()['a b']());
new Class().delete();
is<number>(row_of({ n: 1n }).n);
is<typeof Vec2>(all.Vec2);
is<Vec2>(new all.Vec2(1));
is<OtherDate>(new all.Date(new Date()));

// --- As parts -----------------------------------------------------------------------------

const input: segment_input = { from: v, to: null };
const moved: segment = move(input, [v, new File('a')], { a: v });
is<Vec2>(moved.from);
is<Vec2 | null>(moved.to);
is<File | undefined>(moved.in);
is<Vec2[]>(corners([v], [new File('a')]));
is<Promise<File[]>>(files.async([null, new File('a')]));
look('a', (at, inside) => {
  is<Vec2>(at);
  is<File | undefined>(inside);
  return at;
});
look(v, () => v);
// @ts-expect-error no instance in an array
corners([{ x: 1 }], []);
// @ts-expect-error the other class
corners([new File('a')], []);
// @ts-expect-error none of both
look(new File('a'), () => v);
// @ts-expect-error gives no instance
look(v, () => 1);
// @ts-expect-error no instance in a struct
move({ from: { x: 1 } }, [v, new File('a')], {});
