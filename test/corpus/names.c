/* Names that are words of JavaScript, and names of another's choice. */
#define NUMBER(name, n) \
  int name(void)        \
  {                     \
    return n;           \
  }

NUMBER(delete, 1)
NUMBER(new, 2)
NUMBER(class, 3)
NUMBER(function, 4)
NUMBER(var, 5)
NUMBER(await, 6)
NUMBER(import, 7)
NUMBER(yield, 8)
NUMBER(let, 9)
NUMBER(this, 10)
NUMBER(arguments, 11)
NUMBER(eval, 12)
NUMBER(constructor, 13)
NUMBER(toString, 14)
NUMBER(null, 15)
NUMBER(undefined, 16)
NUMBER(_, 17)
NUMBER(__double, 18)
NUMBER(dollar$, 19)
NUMBER(größe, 20)
NUMBER(prototype, 21)
NUMBER(length, 22)

// @js my_library_open_it(name(open))
int my_library_open_it(int n)
{
  return n + 100;
}

// @js chosen_default(name(default))
int chosen_default(int n)
{
  return n + 200;
}

int of_parameters(int delete, int class, int await, int args, int result,
                  int rt)
{
  return delete + class * 2 + await * 3 + args * 4 + result * 5 + rt * 6;
}

typedef struct words {
  int new, delete, constructor, toString;
} words;

words of_members(words w)
{
  return (words){w.delete, w.new, w.toString, w.constructor};
}

int without_names(int, double);
int without_names(int a, double b)
{
  return a + (int)b;
}
