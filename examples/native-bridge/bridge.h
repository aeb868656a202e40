/* The two ways of an operation to a Promise; bridge.c explains them. */
#ifndef BRIDGE_H
#define BRIDGE_H

#include <tenon/descriptor.h>

const tenon_module *tenon_module_bridge(void);

/* States of functions, since the program began. */
typedef struct bridge_counts {
  unsigned made, freed;
} bridge_counts;

bridge_counts bridge_count(void);

#endif
