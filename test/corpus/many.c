/* More arguments than registers. */
#include <stdbool.h>
#include <stdint.h>

long ten_ints(int a, int b, int c, int d, int e, int f, int g, int h, int i,
              int j)
{
  return a + b * 2L + c * 3L + d * 4L + e * 5L + f * 6L + g * 7L + h * 8L +
         i * 9L + j * 10L;
}

double twelve_doubles(double a, double b, double c, double d, double e,
                      double f, double g, double h, double i, double j,
                      double k, double l)
{
  return a + b * 2 + c * 3 + d * 4 + e * 5 + f * 6 + g * 7 + h * 8 + i * 9 +
         j * 10 + k * 11 + l * 12;
}

double twenty_mixed(int a, double b, int c, double d, int e, double f, int g,
                    double h, int i, double j, int k, double l, int m, double n,
                    int o, double p, int q, double r, int s, double t)
{
  return a + b * 2 + c * 3 + d * 4 + e * 5 + f * 6 + g * 7 + h * 8 + i * 9 +
         j * 10 + k * 11 + l * 12 + m * 13 + n * 14 + o * 15 + p * 16 + q * 17 +
         r * 18 + s * 19 + t * 20;
}

long ten_narrow(int8_t a, uint8_t b, int16_t c, uint16_t d, bool e, int8_t f,
                uint8_t g, int16_t h, uint16_t i, bool j)
{
  return a + b * 2L + c * 3L + d * 4L + e * 5L + f * 6L + g * 7L + h * 8L +
         i * 9L + j * 10L;
}

float ten_floats(float a, float b, float c, float d, float e, float f, float g,
                 float h, float i, float j)
{
  return a + b * 2 + c * 3 + d * 4 + e * 5 + f * 6 + g * 7 + h * 8 + i * 9 +
         j * 10;
}

typedef struct spot {
  int32_t x, y, z;
} spot;

long behind(long a, long b, long c, long d, long e, spot s, long f, spot t)
{
  return a + b + c + d + e + f * 10 + s.x * 100 + s.y * 200 + s.z * 300 +
         t.x * 1000 + t.y * 2000 + t.z * 3000;
}

typedef struct dot {
  double x, y;
} dot;

double five_dots(dot a, dot b, dot c, dot d, dot e)
{
  return a.x + a.y * 2 + b.x * 3 + b.y * 4 + c.x * 5 + c.y * 6 + d.x * 7 +
         d.y * 8 + e.x * 9 + e.y * 10;
}

uint64_t eight_u64(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e,
                   uint64_t f, uint64_t g, uint64_t h)
{
  return a ^ b ^ c ^ d ^ e ^ f ^ g ^ h;
}

int twenty_four(int a, int b, int c, int d, int e, int f, int g, int h, int i,
                int j, int k, int l, int m, int n, int o, int p, int q, int r,
                int s, int t, int u, int v, int w, int x)
{
  return a - b + c - d + e - f + g - h + i - j + k - l + m - n + o - p + q - r +
         s - t + u - v + w - x * 2;
}

double long_doubles(long double a, int b, long double c, double d,
                    long double e)
{
  return (double)(a + b * 2 + c * 3 + d * 4 + e * 5);
}

int left_twenty_five(int a, int b, int c, int d, int e, int f, int g, int h,
                     int i, int j, int k, int l, int m, int n, int o, int p,
                     int q, int r, int s, int t, int u, int v, int w, int x,
                     int y)
{
  return a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p + q + r +
         s + t + u + v + w + x + y;
}
