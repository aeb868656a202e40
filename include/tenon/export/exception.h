/**
 * @file
 * Exceptions of C++, which must not pass the frames of C: they become the
 * failure of the call. Part of <tenon/export.h>; nothing of it in C.
 */
#ifndef TENON_EXPORT_EXCEPTION_H
#define TENON_EXPORT_EXCEPTION_H

#include <tenon/export/fail.h>

#if defined(__cplusplus) && defined(__cpp_exceptions)
#include <exception>
#include <new>
#include <stdexcept>
#include <system_error>
#endif

#if defined(__GNUC__) && !defined(TENON_P_SHOW_HEADER)
#pragma GCC system_header
#endif

#if defined(__cplusplus) && defined(__cpp_exceptions)

/* An errno, or 0 for a code of somebody's own. */
static inline int tenon_p_errno_of(const std::error_code &code)
{
  const std::error_condition c = code.default_error_condition();
  return c.category() == std::generic_category() ? c.value() : 0;
}

/* To be called in a handler. */
TENON_P_UNUSED __attribute__((cold, noinline)) static void tenon_p_fail_caught(
    void)
{
  try {
    throw;
  } catch (const std::bad_alloc &) {
    tenon_p_fail_system(-5001, NULL, NULL);
  } catch (const std::system_error &e) {
    const tenon_failure f =
        tenon_p_failure_of(TENON_ERROR, tenon_p_errno_of(e.code()), 0);
    tenon_p_fail_with(&f, "%s", e.what());
  } catch (const std::invalid_argument &e) {
    tenon_p_fail(TENON_TYPE_ERROR, "%s", e.what());
  } catch (const std::out_of_range &e) {
    tenon_p_fail(TENON_RANGE_ERROR, "%s", e.what());
  } catch (const std::length_error &e) {
    tenon_p_fail(TENON_RANGE_ERROR, "%s", e.what());
  } catch (const std::domain_error &e) {
    tenon_p_fail(TENON_RANGE_ERROR, "%s", e.what());
  } catch (const std::range_error &e) {
    tenon_p_fail(TENON_RANGE_ERROR, "%s", e.what());
  } catch (const std::overflow_error &e) {
    tenon_p_fail(TENON_RANGE_ERROR, "%s", e.what());
  } catch (const std::underflow_error &e) {
    tenon_p_fail(TENON_RANGE_ERROR, "%s", e.what());
  } catch (const std::exception &e) {
    tenon_p_fail(TENON_ERROR, "%s", e.what());
  } catch (...) {
    tenon_p_fail(TENON_ERROR, "unknown C++ exception");
  }
}

#define TENON_P_TRY try
#define TENON_P_CATCH      \
  catch (...)              \
  {                        \
    tenon_p_fail_caught(); \
  }
#else
#define TENON_P_TRY
#define TENON_P_CATCH
#endif

#endif
