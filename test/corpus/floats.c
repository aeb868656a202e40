/* Floating-point numbers, complex ones. */
#include <complex.h>
#include <math.h>

float same_float(float x)
{
  return x;
}

double same_double(double x)
{
  return x;
}

float add_float(float a, float b)
{
  return a + b;
}

double mix(float a, double b, int c, float d)
{
  return a + b * 10 + c * 100 + d * 1000;
}

double of_long(long double x)
{
  return (double)(x / 4);
}

int long_sum(int a, long double x, long double y, int b)
{
  return (int)(x + y) * 100 + a * 10 + b;
}

long double left_long(double x)
{
  return x;
}

double not_a_number(void)
{
  return NAN;
}

double minus_zero(void)
{
  return -0.0;
}

double infinity_of(int sign)
{
  return sign < 0 ? -INFINITY : INFINITY;
}

double tiny(void)
{
  return 5e-324;
}

float tenth(void)
{
  return 0.1f;
}

double _Complex conjugate(double _Complex z)
{
  return conj(z);
}

float _Complex times(float _Complex a, float _Complex b)
{
  float re = crealf(a) * crealf(b) - cimagf(a) * cimagf(b);
  float im = crealf(a) * cimagf(b) + cimagf(a) * crealf(b);

  return re + im * I;
}

double real_part(double _Complex z, double k)
{
  return creal(z) * k;
}

typedef struct wave {
  double _Complex z;
  float phase;
} wave;

wave shift(wave w, float by)
{
  w.z = cimag(w.z) + creal(w.z) * I;
  w.phase += by;
  return w;
}

long double _Complex left_complex(long double _Complex z)
{
  return z;
}
