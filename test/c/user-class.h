/* Classes that a file of C and one of C++ share. */
#ifndef USER_CLASS_H
#define USER_CLASS_H

#include <tenon/export.h>

typedef struct shared {
  double value;
} shared;
TENON_CLASS_WORD(shared)

/* What C does not see into. */
typedef struct opaque opaque;
TENON_CLASS_POINTER_WORD(opaque)

#ifdef __cplusplus
extern "C" {
#endif
int32_t opaque_size(const opaque *o);
#ifdef __cplusplus
}
#endif

#endif
