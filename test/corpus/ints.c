/* Integers of all sizes and signs, bool, characters. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <uchar.h>
#include <wchar.h>

#define SAME(name, type)   \
  type same_##name(type x) \
  {                        \
    return x;              \
  }

SAME(char, char)
SAME(schar, signed char)
SAME(uchar, unsigned char)
SAME(short, short)
SAME(ushort, unsigned short)
SAME(int, int)
SAME(uint, unsigned)
SAME(long, long)
SAME(ulong, unsigned long)
SAME(llong, long long)
SAME(ullong, unsigned long long)
SAME(i8, int8_t)
SAME(u8, uint8_t)
SAME(i16, int16_t)
SAME(u16, uint16_t)
SAME(i32, int32_t)
SAME(u32, uint32_t)
SAME(i64, int64_t)
SAME(u64, uint64_t)
SAME(size, size_t)
SAME(ssize, ssize_t)
SAME(ptrdiff, ptrdiff_t)
SAME(intptr, intptr_t)
SAME(uintptr, uintptr_t)
SAME(wchar, wchar_t)
SAME(char16, char16_t)
SAME(char32, char32_t)
SAME(bool, bool)
SAME(cv, const volatile int)

/* What compilers take the caller to have extended. */
#define WIDEN(name, type)           \
  long widen_##name(type a, type b) \
  {                                 \
    return (long)a * 2 + b;         \
  }

WIDEN(i8, int8_t)
WIDEN(u8, uint8_t)
WIDEN(i16, int16_t)
WIDEN(u16, uint16_t)
WIDEN(i32, int32_t)
WIDEN(u32, uint32_t)
WIDEN(bool, bool)

/* What they leave in the upper bits of a register. */
int8_t narrow_i8(long x)
{
  return (int8_t)x;
}

uint16_t narrow_u16(long x)
{
  return (uint16_t)x;
}

bool is_odd(long x)
{
  return x & 1;
}

void nothing(void)
{}

static int calls;

int count_calls(void)
{
  return ++calls;
}

int first(int a, int b, int c)
{
  (void)b;
  (void)c;
  return a;
}
