/**
 * @file
 * Documentation of what a module holds. Part of <tenon/export.h>.
 */
#ifndef TENON_EXPORT_DOC_H
#define TENON_EXPORT_DOC_H

#include <tenon/export/module.h>

#if defined(__GNUC__) && !defined(TENON_P_SHOW_HEADER)
#pragma GCC system_header
#endif

/**
 * At file level, say what something of the module is for: `TENON_DOC(distance,
 * "How far two points are apart.")`. The name is that of a function, a constant
 * or getter, a type, a member (`point.x`), a value of an enum (`color.red`) or a
 * parameter (`distance.a`); without one, `TENON_DOC(, "…")`, it is the module.
 * Markdown and JSDoc's tags are fine. `tenon types` puts it into the
 * declarations.
 *
 * A comment that begins with two asterisks, right above TENON_FUNCTION,
 * TENON_STRUCT and their like, does the same where the source is at hand when declarations are made.
 */
#define TENON_DOC(name, ...) TENON_P_DOC(#name, __COUNTER__, __VA_ARGS__)

/** The same by a name that C cannot have: TENON_DOC_AS("delete", "…") */
#define TENON_DOC_AS(js_name, ...) \
  TENON_P_DOC(js_name, __COUNTER__, __VA_ARGS__)

#define TENON_P_DOC(name, id, ...) TENON_P_DOC_(name, id, __VA_ARGS__)
#define TENON_P_DOC_(name, id, ...)                                          \
  static const tenon_item tenon_p_doc_##id = {                               \
      sizeof(tenon_item), TENON_ITEM_DOC, name, __VA_ARGS__, NULL};          \
  TENON_P_KEEP_ITEM static const tenon_item *const tenon_p_doc_export_##id = \
      &tenon_p_doc_##id;

#endif
