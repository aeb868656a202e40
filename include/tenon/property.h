/**
 * @file
 * Properties in C, as far as Node-API does not have them: keys that are made
 * once, descriptors with all of their attributes, and a look at every property.
 * Functions return the codes of Node-API and treat exceptions as it does.
 */
#ifndef TENON_PROPERTY_H
#define TENON_PROPERTY_H

#include <tenon/napi.h>

#ifdef __cplusplus
extern "C" {
#endif

/* --- Keys --------------------------------------------------------------------- */

/** The name of a property, prepared: nothing is converted, hashed or looked up
 * when it is used. It is no handle, and good in all realms of its runtime. */
typedef struct tenon_key tenon_key;

/**
 * Make a key of text.
 *
 * @param name      `len` bytes of UTF-8, or NAPI_AUTO_LENGTH; copied. "0" is
 *                  the key of an array's first element
 * @param[out] out  freed by tenon_key_free, or with the runtime; NULL on
 *                  failure
 * @return napi_ok, napi_invalid_arg, napi_generic_failure (out of memory)
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API napi_status tenon_key_new(napi_env env, const char *name, size_t len,
                                    tenon_key **out);

/**
 * Make a key of a string, symbol or number; napi_name_expected for others.
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API napi_status tenon_key_of(napi_env env, napi_value value,
                                   tenon_key **out);

/** NULL is fine. Not to be called after the runtime was freed.
 * [thread: loop] [js: never runs] [since 0.1] */
TENON_API void tenon_key_free(tenon_key *key);

/** The string or symbol that a key is, for functions of Node-API.
 * [thread: loop] [js: never runs] [since 0.1] */
TENON_API napi_status tenon_key_value(napi_env env, const tenon_key *key,
                                      napi_value *out);

/** As napi_get_property. [thread: loop] [js: runs] [since 0.1] */
TENON_API napi_status tenon_key_get(napi_env env, napi_value object,
                                    const tenon_key *key, napi_value *out);

/** As napi_set_property. [thread: loop] [js: runs] [since 0.1] */
TENON_API napi_status tenon_key_set(napi_env env, napi_value object,
                                    const tenon_key *key, napi_value value);

/** As napi_has_property. [thread: loop] [js: runs] [since 0.1] */
TENON_API napi_status tenon_key_has(napi_env env, napi_value object,
                                    const tenon_key *key, bool *out);

/* --- Descriptors --------------------------------------------------------------- */

/** tenon_property.attributes and .given */
enum {
  TENON_PROPERTY_WRITABLE = 1,
  TENON_PROPERTY_ENUMERABLE = 2,
  TENON_PROPERTY_CONFIGURABLE = 4,
  TENON_PROPERTY_ALL = 7
};

/** A property descriptor, as Object.getOwnPropertyDescriptor and
 * Object.defineProperty have it. */
typedef struct tenon_property {
  napi_value value;    /**< NULL: an accessor, or not given */
  napi_value get, set; /**< a function or undefined; NULL: not given */
  uint32_t attributes; /**< those that are on */
  uint32_t given; /**< those that are said: a definition leaves others as they
                       are, or off where it makes the property */
} tenon_property;

/**
 * Look at an own property. No getter is called; a trap of a Proxy is.
 *
 * @param object        an object, else napi_object_expected
 * @param key           a string, symbol or number, else napi_name_expected
 * @param[out] out      what it is: either `value`, or `get` and `set`
 * @param[out] is_there false: there is none, and `out` is zeroed
 *
 * [thread: loop] [js: runs, for a Proxy] [since 0.1]
 */
TENON_API napi_status tenon_property_own(napi_env env, napi_value object,
                                         napi_value key, tenon_property *out,
                                         bool *is_there);

/**
 * Define an own property, or change what is given of it.
 *
 * @param p             borrowed. `value` together with `get` or `set`, or with
 *                      `given` WRITABLE beside these, is napi_invalid_arg, and
 *                      so is what is no function
 * @param[out] defined  as Reflect.defineProperty says; NULL: a refusal throws
 *                      a TypeError
 *
 * [thread: loop] [js: runs, for a Proxy] [since 0.1]
 */
TENON_API napi_status tenon_property_define(napi_env env, napi_value object,
                                            napi_value key,
                                            const tenon_property *p,
                                            bool *defined);

/** What tenon_property_each leaves out or takes in; 0: all own properties. */
enum {
  TENON_EACH_NO_STRINGS = 1, /**< indices of arrays are strings too */
  TENON_EACH_NO_SYMBOLS = 2,
  TENON_EACH_ENUMERABLE = 4, /**< these only */
  TENON_EACH_INHERITED = 8   /**< those of the prototypes, too, but for names
                                  that an object before them has */
};

/** Is told a property; false ends it. `p` and the handles in it are good until
 * it returns. */
typedef bool tenon_property_visit(napi_env env, napi_value key,
                                  const tenon_property *p, void *data);

/**
 * Look at properties one after the other, in the order of their definition,
 * indices first. Those of an object are listed before the first of them is
 * told; one that is gone when its turn comes is left out. An exception that
 * `visit` leaves pending ends it with napi_pending_exception.
 *
 * @param filter  TENON_EACH_ flags, others are napi_invalid_arg
 *
 * [thread: loop] [js: runs, for a Proxy] [since 0.1]
 */
TENON_API napi_status tenon_property_each(napi_env env, napi_value object,
                                          uint32_t filter,
                                          tenon_property_visit *visit,
                                          void *data);

#ifdef __cplusplus
}
#endif

#endif
