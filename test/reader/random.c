/*
 * random SEED SHAPES.c EXPECTED.c — declarations as they come: records in
 * records, bit-fields, arrays, unions, enums, typedefs and functions of them; and
 * a program that includes them and prints what the reader must say, with sizes
 * and places as the compiler has them.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  RECORDS = 24,
  ENUMS = 6,
  ALIASES = 12,
  FUNCTIONS = 40,
  MAX_SPELLING = 400
};

/* A type: what stands before and behind a name in C, and how it is shown. */
typedef struct spelling {
  char before[MAX_SPELLING], behind[MAX_SPELLING], shown[MAX_SPELLING];
} spelling;

static FILE *shapes, *expected;
static uint64_t state;
static int records, enums, aliases;
static bool is_union[RECORDS];

static unsigned below(unsigned n)
{
  uint64_t z = state += 0x9e3779b97f4a7c15u;

  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
  z = (z ^ z >> 27) * 0x94d049bb133111ebu;
  return (unsigned)((z ^ z >> 31) >> 16) % n;
}

static const struct {
  const char *name, *shown;
  int bits; /* of a bit-field; 0: not of this type */
} scalars[] = {
    {"char", "char", 0},
    {"signed char", "i8", 8},
    {"unsigned char", "u8", 8},
    {"short", "i16", 16},
    {"unsigned short", "u16", 16},
    {"int", "i32", 32},
    {"unsigned", "u32", 32},
    {"long", "i64", 64},
    {"unsigned long long", "u64", 64},
    {"float", "float32", 0},
    {"double", "float64", 0},
    {"_Bool", "bool", 1},
    {"long double", "float128", 0},
};

static void put(char *to, const char *format, ...)
{
  va_list ap;

  va_start(ap, format);
  if (vsnprintf(to, MAX_SPELLING, format, ap) >= MAX_SPELLING) abort();
  va_end(ap);
}

/* One that a member or a parameter may have: whole. */
static void plain(spelling *s)
{
  unsigned i = below(sizeof scalars / sizeof *scalars), k = below(10);

  *s->behind = '\0';
  if (k < 2 && records) {
    i = below((unsigned)records);
    put(s->before, "%s r%u", is_union[i] ? "union" : "struct", i);
    put(s->shown, "%s r%u", is_union[i] ? "union" : "struct", i);
  } else if (k == 2 && enums) {
    i = below((unsigned)enums);
    put(s->before, "enum e%u", i);
    put(s->shown, "enum e%u", i);
  } else if (k == 3 && aliases) {
    i = below((unsigned)aliases);
    put(s->before, "t%u", i);
    put(s->shown, "t%u", i);
  } else {
    put(s->before, "%s", scalars[i].name);
    put(s->shown, "%s", scalars[i].shown);
  }
}

static void params(char *c, char *shown, int depth);

static void any(spelling *s, int depth)
{
  spelling of;
  char c[MAX_SPELLING], shown[MAX_SPELLING];

  if (depth > 3 || below(3)) {
    plain(s);
    return;
  }
  switch (below(4)) {
  case 0:
    put(s->before, "void *");
    *s->behind = '\0';
    put(s->shown, "*void");
    break;
  case 1: /* const */
    plain(&of);
    put(s->before, "const %s *", of.before);
    *s->behind = '\0';
    put(s->shown, "*const %s", of.shown);
    break;
  case 2:
    any(&of, depth + 1);
    put(s->before, *of.behind ? "%s(*" : "%s*", of.before);
    put(s->behind, *of.behind ? ")%s" : "%s", of.behind);
    put(s->shown, "*%s", of.shown);
    break;
  case 3:
    plain(&of);
    params(c, shown, depth + 1);
    put(s->before, "%s (*", of.before);
    put(s->behind, ")(%s)", c);
    put(s->shown, "*fn(%s) -> %s", shown, of.shown);
    break;
  }
}

/* Without names. */
static void params(char *c, char *shown, int depth)
{
  unsigned count = below(3), i;
  spelling s;

  put(c, "void");
  *shown = '\0';
  for (i = 0; i < count; i++) {
    char before[MAX_SPELLING];

    any(&s, depth + 2);
    put(before, "%s", i ? c : "");
    put(c, "%s%s%s %s", before, i ? ", " : "", s.before, s.behind);
    put(before, "%s", shown);
    put(shown, "%s%s%s", before, i ? ", " : "", s.shown);
  }
}

/* A member of record `r`; prints the code that prints it. */
static void member(int r, unsigned m)
{
  unsigned bits, i, n, k;
  const char *kind = is_union[r] ? "union" : "struct";
  spelling s;

  if (m) fprintf(expected, "  printf(\",\");\n");
  if (!below(4)) {
    do
      i = below(sizeof scalars / sizeof *scalars);
    while (!scalars[i].bits);
    /* As wide as its type it is a member like others, as clang has it. */
    bits = scalars[i].bits == 1 ? 1 : 1 + below((unsigned)scalars[i].bits - 1);
    if (!is_union[r] && !below(5))
      fprintf(shapes, "  %s : %u;\n", scalars[i].name,
              below(3) ? 1 + below((unsigned)scalars[i].bits) : 0);
    fprintf(shapes, "  %s m%u : %u;\n", scalars[i].name, m, bits);
    fprintf(expected,
            "  { %s r%d v; memset(&v, 0, sizeof v); v.m%u = -1; "
            "\n"
            "    printf(\" %s m%u @%%d:%u\", first_bit(&v, sizeof v)); }\n",
            kind, r, m, scalars[i].shown, m, bits);
    return;
  }
  any(&s, 0);
  fprintf(shapes, "  %s%s m%u", below(12) ? "" : "_Alignas(16) ", s.before, m);
  n = below(4) ? 0 : 1 + below(2);
  fprintf(expected, "  printf(\" ");
  for (i = 0; i < n; i++) {
    k = 1 + below(5);
    fprintf(shapes, "[%u]", k);
    fprintf(expected, "[%u]", k);
  }
  fprintf(shapes, "%s;\n", s.behind);
  fprintf(expected, "%s m%u @%%zu\", offsetof(%s r%d, m%u));\n", s.shown, m,
          kind, r, m);
}

static void record(void)
{
  unsigned count = 1 + below(7), m;
  int r = records;
  const char *kind;

  is_union[r] = !below(5);
  kind = is_union[r] ? "union" : "struct";
  fprintf(shapes, "%s r%d {\n", kind, r);
  fprintf(expected, "  printf(\"%s r%d %%zu%%s {\", sizeof(%s r%d), \"\");\n",
          kind, r, kind, r);
  for (m = 0; m < count; m++)
    member(r, m);
  fprintf(shapes, "};\n%s r%d use_r%d(%s r%d v) { return v; }\n", kind, r, r,
          kind, r);
  fprintf(expected, "  printf(\" }\\n\");\n");
  fprintf(expected, "  puts(\"function use_r%d(%s r%d v) -> %s r%d\");\n", r,
          kind, r, kind, r);
  records++;
}

static void enumeration(void)
{
  long value = 0;
  unsigned count = 1 + below(5), i;
  bool is_signed = !below(3), is_wide = !below(3);

  fprintf(shapes, "enum e%d {", enums);
  fprintf(expected, "  printf(\"enum e%d %%zu%%c {", enums);
  if (is_signed) value = -(long)below(300);
  for (i = 0; i < count; i++) {
    fprintf(shapes, "%s v%d_%u = %ld", i ? "," : "", enums, i, value);
    fprintf(expected, "%s v%d_%u=%ld", i ? "," : "", enums, i, value);
    value += 1 + below(i % 2 ? 70000 : 200);
    if (is_wide && i == 1) value += 0x123456789;
  }
  fprintf(shapes, " };\nenum e%d use_e%d(enum e%d v) { return v; }\n", enums,
          enums, enums);
  fprintf(expected,
          " }\\n\", sizeof(enum e%d), (enum e%d)-1 < 0 ? 's' : 'u');\n"
          "  puts(\"function use_e%d(enum e%d v) -> enum e%d\");\n",
          enums, enums, enums, enums, enums);
  enums++;
}

static void alias(void)
{
  spelling s;

  any(&s, 1);
  fprintf(shapes, "typedef %s t%d%s;\nt%d use_t%d(t%d v) { return v; }\n",
          s.before, aliases, s.behind, aliases, aliases, aliases);
  fprintf(expected,
          "  puts(\"typedef t%d = %s\");\n"
          "  puts(\"function use_t%d(t%d v) -> t%d\");\n",
          aliases, s.shown, aliases, aliases, aliases);
  aliases++;
}

static void function(int f)
{
  unsigned count = below(9), i;
  spelling s;

  plain(&s);
  fprintf(shapes, "%s f%d(", s.before, f);
  fprintf(expected, "  puts(\"function f%d(", f);
  for (i = 0; i < count; i++) {
    spelling p;

    any(&p, 0);
    fprintf(shapes, "%s%s p%u%s", i ? ", " : "", p.before, i, p.behind);
    fprintf(expected, "%s%s p%u", i ? ", " : "", p.shown, i);
  }
  fprintf(shapes, "%s) { static %s none; return none; }\n", count ? "" : "void",
          s.before);
  fprintf(expected, ") -> %s\");\n", s.shown);
}

int main(int argc, char **argv)
{
  int i;

  if (argc != 4) return 2;
  state = strtoull(argv[1], NULL, 10) * 1000003;
  shapes = fopen(argv[2], "w");
  expected = fopen(argv[3], "w");
  if (!shapes || !expected) return 2;
  fprintf(expected,
          "#include \"%s\"\n#include <stddef.h>\n#include <stdio.h>\n"
          "#include <string.h>\n"
          "static int first_bit(const void *p, int size)\n{\n"
          "  const unsigned char *b = p;\n  int i;\n"
          "  for (i = 0; i < size * 8; i++)\n"
          "    if (b[i / 8] >> i %% 8 & 1) return i;\n  return -1;\n}\n"
          "int main(void)\n{\n",
          argv[2]);
  for (i = 0; i < RECORDS + ENUMS + ALIASES; i++) {
    if (enums < ENUMS && !below(6))
      enumeration();
    else if (aliases < ALIASES && !below(3))
      alias();
    else if (records < RECORDS)
      record();
  }
  for (i = 0; i < FUNCTIONS; i++)
    function(i);
  fprintf(expected, "  return 0;\n}\n");
  return fclose(shapes) || fclose(expected);
}
