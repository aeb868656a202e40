/**
 * @file
 * Registration of what a file exports: a section of pointers, one module per
 * link unit, and the module's entry. Part of <tenon/export.h>.
 */
#ifndef TENON_EXPORT_MODULE_H
#define TENON_EXPORT_MODULE_H

#include <stddef.h>
#include <stdint.h>
#include <tenon/descriptor.h>

#ifdef __cplusplus
#define TENON_P_BEGIN extern "C" {
#define TENON_P_END }
#else
#define TENON_P_BEGIN
#define TENON_P_END
#endif

/* Diagnostics then name the line of the macro's user, not one in here. */
#if defined(__GNUC__) && !defined(TENON_P_SHOW_HEADER)
#pragma GCC system_header
#endif

TENON_P_BEGIN

#define TENON_P_CAT_(a, b) a##b
#define TENON_P_CAT(a, b) TENON_P_CAT_(a, b)
#define TENON_P_STRING_(x) #x
#define TENON_P_STRING(x) TENON_P_STRING_(x)

#ifdef TENON_MODULE
#define TENON_P_SECTION TENON_P_CAT(tenon_functions_, TENON_MODULE)
#define TENON_P_ITEMS TENON_P_CAT(tenon_items_, TENON_MODULE)
#define TENON_P_ENTRY TENON_P_CAT(tenon_module_, TENON_MODULE)
#define TENON_P_HOST TENON_P_CAT(tenon_p_host_, TENON_MODULE)
#define TENON_P_THREADS TENON_P_CAT(tenon_p_threads_, TENON_MODULE)
#else
#define TENON_P_SECTION tenon_functions
#define TENON_P_ITEMS tenon_items
#define TENON_P_ENTRY tenon_module_v1
#define TENON_P_HOST tenon_p_host
#define TENON_P_THREADS tenon_p_threads
#endif
#define TENON_P_FIRST_FUNCTION TENON_P_CAT(__start_, TENON_P_SECTION)
#define TENON_P_LAST_FUNCTION TENON_P_CAT(__stop_, TENON_P_SECTION)
#define TENON_P_FIRST_ITEM TENON_P_CAT(__start_, TENON_P_ITEMS)
#define TENON_P_LAST_ITEM TENON_P_CAT(__stop_, TENON_P_ITEMS)

#define TENON_P_UNUSED __attribute__((unused))
#define TENON_P_HIDDEN __attribute__((weak, visibility("hidden")))
#ifdef TENON_P_LIBRARY /* libtenon itself, which is no module */
#define TENON_P_SHOWN TENON_P_HIDDEN
#else
#define TENON_P_SHOWN __attribute__((weak, visibility("default")))
#endif
#if defined(__has_attribute)
#if __has_attribute(retain)
#define TENON_P_RETAIN , retain
#endif
#endif
#ifndef TENON_P_RETAIN
#define TENON_P_RETAIN
#endif
#define TENON_P_KEEP \
  __attribute__((section(TENON_P_STRING(TENON_P_SECTION)), used TENON_P_RETAIN))

#define TENON_P_KEEP_ITEM \
  __attribute__((section(TENON_P_STRING(TENON_P_ITEMS)), used TENON_P_RETAIN))

/* Set by the linker; undefined, and so NULL, in a module without them. */
extern const tenon_function *const TENON_P_FIRST_FUNCTION[] TENON_P_HIDDEN;
extern const tenon_function *const TENON_P_LAST_FUNCTION[] TENON_P_HIDDEN;
extern const tenon_item *const TENON_P_FIRST_ITEM[] TENON_P_HIDDEN;
extern const tenon_item *const TENON_P_LAST_ITEM[] TENON_P_HIDDEN;

/* Defined where TENON_MODULE_THREADS stands, in one file of a module. */
extern const uint32_t TENON_P_THREADS TENON_P_HIDDEN;

extern const tenon_host *TENON_P_HOST;
TENON_P_HIDDEN const tenon_host *TENON_P_HOST;

TENON_P_SHOWN const tenon_module *TENON_P_ENTRY(void);
TENON_P_SHOWN const tenon_module *TENON_P_ENTRY(void)
{
  static tenon_module m = {
      sizeof(tenon_module),  TENON_MODULE_ABI,   sizeof(tenon_field),
      TENON_THREADS_none,    &TENON_P_HOST,      TENON_P_FIRST_FUNCTION,
      TENON_P_LAST_FUNCTION, TENON_P_FIRST_ITEM, TENON_P_LAST_ITEM,
  };
  if (&TENON_P_THREADS) __atomic_store_n(&m.threads, TENON_P_THREADS, 0);
  return &m;
}

/**
 * At file level, in one file of a module: TENON_MODULE_THREADS(none),
 * (serial) or (any). Without it a module is `none`.
 */
#define TENON_MODULE_THREADS(word)                 \
  TENON_P_C_LINKAGE const uint32_t TENON_P_THREADS \
      __attribute__((visibility("hidden"))) = TENON_THREADS_##word

#ifdef __cplusplus
#define TENON_P_C_LINKAGE extern "C"
#else
#define TENON_P_C_LINKAGE
#endif

TENON_P_END

#endif
