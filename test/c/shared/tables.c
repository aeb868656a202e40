/* Tables of which each is wrong in one word, by the name behind '#'. */
#define TENON_MODULE good
#include <tenon/export.h>

TENON_FUNCTION(i32, one)
{
  return 1;
}

#define WRONG(name, ...)                         \
  __attribute__((visibility("default")))         \
  const tenon_module *tenon_module_##name(void); \
  const tenon_module *tenon_module_##name(void)  \
  {                                              \
    static tenon_module m;                       \
    m = *tenon_module_good();                    \
    __VA_ARGS__;                                 \
    return &m;                                   \
  }

static const tenon_function function_without_a_thunk = {
    .size = sizeof(tenon_function), .name = "hollow"};
static const tenon_function *const functions[] = {&function_without_a_thunk};
static const tenon_item item_of_no_kind = {
    .size = sizeof(tenon_item), .kind = 99, .name = "strange"};
static const tenon_item *const items[] = {&item_of_no_kind};
static const tenon_host *other_host;
static const tenon_host foreign = {.size = sizeof foreign};

WRONG(version, m.abi = 7)
WRONG(short_size, m.size = 24)
WRONG(tiny_size, m.size = 4)
WRONG(fields, m.field_size = 8)
WRONG(bounds, m.begin = 0)
WRONG(function, m.begin = functions; m.end = functions + 1)
WRONG(item, m.items_begin = items; m.items_end = items + 1)
WRONG(host, m.host = 0)
WRONG(other, m.host = &other_host; other_host = &foreign)

__attribute__((visibility("default"))) const tenon_module *tenon_module_null(
    void);
const tenon_module *tenon_module_null(void)
{
  return 0;
}
