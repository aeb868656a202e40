#include <tenon/version.h>

#include <quickjs.h>
#include <uv.h>

#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)

#ifdef NDEBUG
#define KIND "release"
#else
#define KIND "debug"
#endif

#if defined(__x86_64__)
#define MACHINE "x86_64"
#elif defined(__aarch64__)
#define MACHINE "aarch64"
#elif defined(__riscv)
#define MACHINE "riscv"
#else
#define MACHINE "another machine"
#endif

#ifdef __clang__
#define COMPILER "clang " TEXT(__clang_major__) "." TEXT(__clang_minor__)
#else
#define COMPILER "gcc " TEXT(__GNUC__) "." TEXT(__GNUC_MINOR__)
#endif

int tenon_version(void)
{
  return TENON_VERSION;
}

const char *tenon_version_string(void)
{
  return TEXT(TENON_VERSION_MAJOR) "." TEXT(TENON_VERSION_MINOR) "." TEXT(
      TENON_VERSION_PATCH);
}

const char *tenon_engine_version(void)
{
  return TEXT(QJS_VERSION_MAJOR) "." TEXT(QJS_VERSION_MINOR) "." TEXT(
      QJS_VERSION_PATCH);
}

const char *tenon_uv_version(void)
{
  return uv_version_string();
}

const char *tenon_build(void)
{
  return COMPILER ", " KIND ", " MACHINE;
}
