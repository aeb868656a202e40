/* Sizes and offsets of the structs of descriptor.h, as layout.rs prints those
 * of tenon.rs. */
#include <stddef.h>
#include <stdio.h>

#include <tenon/descriptor.h>

#define SIZE(type) printf(#type " %zu\n", sizeof(type));
#define AT(type, member) \
  printf(#type "." #member " %zu\n", offsetof(type, member));
#define IS(constant) printf(#constant " %d\n", (int)(constant));

int main(void)
{
#include "layout.inc"
  return 0;
}
