/* What the files of this layer share about objects and functions. */
#ifndef TENON_NAPI_OBJECT_H
#define TENON_NAPI_OBJECT_H

#include "napi/env.h"

/* ToObject, as node's functions begin: napi_invalid_arg for NULL,
 * napi_object_expected, with an exception, for undefined and null. `*object`
 * is owned, and can be freed in any case. Entered. */
napi_status tenon_p_napi_object(napi_env env, napi_value value,
                                JSValue *object);

/* A property key of UTF-8; JS_ATOM_NULL with an exception. */
JSAtom tenon_p_napi_utf8_atom(JSContext *ctx, const char *s, size_t len);

/* A string or a symbol? */
bool tenon_p_napi_is_name(JSValueConst v);

/* One of these, or a number? */
bool tenon_p_napi_is_key(JSValueConst v);

/* What a function is to the class of its brand. */
typedef enum tenon_p_role {
  TENON_P_ROLE_NONE,
  TENON_P_ROLE_CONSTRUCTOR, /* brands what it makes */
  TENON_P_ROLE_METHOD       /* takes no other receiver */
} tenon_p_role;

/* A brand that no class has. */
uintptr_t tenon_p_napi_new_brand(void);

/* A function for a callback; `name` is a string. Entered. */
JSValue tenon_p_napi_function(napi_env env, napi_callback cb, void *data,
                              JSValueConst name, tenon_p_role role,
                              uintptr_t brand);

#endif
