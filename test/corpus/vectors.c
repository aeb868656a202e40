/* Vector types of 64 and 128 bits. */
typedef float float4 __attribute__((vector_size(16)));
typedef int int4 __attribute__((vector_size(16)));
typedef double double2 __attribute__((vector_size(16)));
typedef short short8 __attribute__((vector_size(16)));
typedef unsigned char byte16 __attribute__((vector_size(16)));

float4 add_float4(float4 a, float4 b)
{
  return a + b;
}

int4 times_int4(int4 a, int by)
{
  return a * by;
}

double2 swap_double2(double2 a)
{
  return (double2){a[1], a[0]};
}

int sum_short8(short8 a, int start)
{
  int i;

  for (i = 0; i < 8; i++)
    start += a[i];
  return start;
}

byte16 invert_byte16(byte16 a)
{
  return ~a;
}

typedef struct body {
  float4 at;
  double mass;
} body;

body push(body b, float4 by)
{
  b.at += by;
  b.mass *= 2;
  return b;
}
