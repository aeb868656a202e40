/* Every macro of containers, callable instances, inheritance and species, in C and
 * C++: test/export compiles it as strictly as users may. */
#include <tenon/export.h>
#include <stdlib.h>
#include <string.h>
#ifdef __cplusplus
#define CALLOC(T) static_cast<T *>(calloc(1, sizeof(T)))
#else
#define CALLOC(T) (T *)calloc(1, sizeof(T))
#endif
typedef struct row {
  double at[4];
} row;
TENON_CLASS_AS("Row", row)
TENON_CONSTRUCTOR(row)
{
  self->at[0] = 1;
}
TENON_INDEXED_GET(f64, row)
{
  if (key >= 4) return false;
  *value = self->at[key];
  return true;
}
TENON_INDEXED_SET(f64, row)
{
  if (key >= 4) return tenon_fail(TENON_RANGE_ERROR, "too far");
  self->at[key] = value;
  return true;
}
TENON_INDEXED_HAS(row)
{
  return key < 4;
}
TENON_INDEXED_DELETE(row)
{
  return false;
}
TENON_INDEXED_KEYS(row)
{
  return 4;
}
TENON_KEYED_GET(str, row)
{
  *value = key;
  return key.len == 1;
}
TENON_KEYED_SET(any, row)
{
  return value == NULL;
}
TENON_KEYED_HAS(row)
{
  return key.len == 1;
}
TENON_KEYED_DELETE(row)
{
  return key.len == 2;
}
TENON_KEYED_KEYS(row)
{
  tenon_array_str r = {NULL, 0};
  return r;
}
TENON_CALL(f64, row, (u32, at, 0))
{
  return self->at[at];
}
TENON_METHOD(species(copy(row)), row, twice)
{
  row r = *self;
  return r;
}
typedef struct wide {
  row base;
  int n;
} wide;
TENON_CLASS_AS("Wide", wide)
TENON_EXTENDS(wide, row, base)
TENON_CONSTRUCTOR(wide)
{
  self->n = 1;
}
TENON_CALL(none, wide)
{
  self->n++;
}
typedef struct hold {
  int n;
} hold;
TENON_CLASS_POINTER_AS("Hold", hold, free)
TENON_CONSTRUCTOR_POINTER(hold)
{
  return CALLOC(hold);
}
TENON_METHOD(species(opt(hold)), hold, next)
{
  return self->n ? CALLOC(hold) : NULL;
}
TENON_METHOD_AS("@@nodejs.util.inspect.custom", cstr, hold, look)
{
  return "x";
}
