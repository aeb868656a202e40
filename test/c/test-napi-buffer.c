#include "napi.h"

static int finalized;

static void on_finalize(napi_env env, void *data, void *hint)
{
  finalized++;
  if (hint) *(void **)hint = data;
}

TEST(an_arraybuffer_has_memory)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  void *data, *again;
  napi_value b;
  size_t size;
  bool is;

  OK(napi_create_arraybuffer(env, 16, &data, &b));
  memset(data, 7, 16);
  t_set(rt, "b", b);
  CHECK_TEXT("16 7", t_string(env, t_eval(rt, "b.byteLength + ' ' + "
                                              "new Uint8Array(b)[15]")));
  OK(napi_get_arraybuffer_info(env, b, &again, &size));
  CHECK(again == data && size == 16);
  OK(napi_is_arraybuffer(env, b, &is));
  CHECK(is);
  CHECK_TEXT("32", t_string(env, t_eval(rt, "b.transfer(32).byteLength")));
  OK(napi_is_detached_arraybuffer(env, b, &is));
  CHECK(is);
  OK(napi_get_arraybuffer_info(env, b, &again, &size));
  CHECK(again == NULL && size == 0);
  OK(napi_create_arraybuffer(env, 0, NULL, &b));
  FAILS(napi_invalid_arg, napi_create_arraybuffer(env, 1, NULL, NULL));
  FAILS(napi_invalid_arg,
        napi_get_arraybuffer_info(env, t_number(env, 1), NULL, NULL));
}

static void make_external(tenon_runtime *rt, void *data, size_t size,
                          void *hint)
{
  napi_env env = tenon_runtime_env(rt);
  napi_handle_scope scope;
  napi_value b;

  OK(napi_open_handle_scope(env, &scope));
  OK(napi_create_external_arraybuffer(env, data, size, on_finalize, hint, &b));
  t_set(rt, "b", b);
  OK(napi_close_handle_scope(env, scope));
}

TEST(memory_of_others_is_finalized_once)
{
  tenon_runtime *rt = t_runtime();
  char memory[8] = "abcdefg";
  void *said = NULL;

  finalized = 0;
  make_external(rt, memory, sizeof memory, &said);
  t_run(rt, "if (new Uint8Array(b)[1] !== 98) throw 1; b = null;");
  CHECK_INT(1, finalized);
  CHECK(said == memory);
  make_external(rt, NULL, 0, NULL);
  t_run(rt, "b = null;");
  CHECK_INT(2, finalized);
  make_external(rt, memory, sizeof memory, &said);
  t_free(rt);
  CHECK_INT(3, finalized);
}

TEST(memory_of_others_counts_against_the_limit)
{
  tenon_options options = {.size = sizeof options,
                           .memory_limit_bytes = 16 << 20};
  static char memory[12 << 20];
  size_t before;
  tenon_runtime *rt;
  napi_env env;
  napi_value v;

  CHECK_INT(0, t_runtime_new(&options, &rt));
  env = tenon_runtime_env(rt);
  before = tenon_runtime_memory(rt).used_bytes;
  finalized = 0;
  make_external(rt, memory, sizeof memory, NULL);
  CHECK(tenon_runtime_memory(rt).used_bytes >= before + sizeof memory);
  CHECK(napi_create_external_arraybuffer(env, memory, sizeof memory, NULL, NULL,
                                         &v) != napi_ok);
  CHECK(strstr(t_thrown(env), "out of memory"));
  CHECK_INT(0, finalized);
  t_run(rt, "b = null;");
  CHECK_INT(1, finalized);
  CHECK(tenon_runtime_memory(rt).used_bytes < before + (1 << 20));
  make_external(rt, memory, sizeof memory, NULL);
}

TEST(memory_of_others_moves_on)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  char memory[8] = "abcdefg";

  finalized = 0;
  make_external(rt, memory, sizeof memory, NULL);
  t_run(rt, "b = b.transfer();");
  CHECK_INT(0, finalized);
  CHECK_TEXT("98", t_string(env, t_eval(rt, "new Uint8Array(b)[1]")));
  OK(napi_detach_arraybuffer(env, t_eval(rt, "b")));
  t_run(rt, "");
  CHECK_INT(1, finalized);
}

TEST(a_buffer_is_detached)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_value b = t_eval(rt, "new ArrayBuffer(8)");
  bool is;

  OK(napi_is_detached_arraybuffer(env, b, &is));
  CHECK(!is);
  OK(napi_detach_arraybuffer(env, b));
  OK(napi_detach_arraybuffer(env, b));
  OK(napi_is_detached_arraybuffer(env, b, &is));
  CHECK(is);
  OK(napi_is_detached_arraybuffer(env, t_number(env, 1), &is));
  CHECK(!is);
  FAILS(napi_arraybuffer_expected,
        napi_detach_arraybuffer(env, t_number(env, 1)));
  CHECK_TEXT("An arraybuffer was expected", t_last_message(env));
}

TEST(typed_arrays_are_views)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  static const char *const names[] = {
      "Int8Array",    "Uint8Array",    "Uint8ClampedArray", "Int16Array",
      "Uint16Array",  "Int32Array",    "Uint32Array",       "Float32Array",
      "Float64Array", "BigInt64Array", "BigUint64Array",    "Float16Array"};
  napi_value b, v, again;
  napi_typedarray_type type;
  size_t length, offset;
  void *start, *data;
  bool is;
  int i;

  OK(napi_create_arraybuffer(env, 64, &start, &b));
  for (i = 0; i < 12; i++) {
    OK(napi_create_typedarray(env, (napi_typedarray_type)i, 3, b, 8, &v));
    t_set(rt, "v", v);
    CHECK_TEXT(names[i], t_string(env, t_eval(rt, "v.constructor.name")));
    OK(napi_get_typedarray_info(env, v, &type, &length, &data, &again,
                                &offset));
    CHECK_INT(i, type);
    CHECK_INT(3, length);
    CHECK_INT(8, offset);
    CHECK(data == (char *)start + 8);
    OK(napi_strict_equals(env, again, b, &is));
    CHECK(is);
  }
  OK(napi_is_typedarray(env, v, &is));
  CHECK(is);
  OK(napi_is_typedarray(env, b, &is));
  CHECK(!is);
  FAILS(napi_invalid_arg,
        napi_get_typedarray_info(env, b, NULL, NULL, NULL, NULL, NULL));
  FAILS(napi_invalid_arg,
        napi_create_typedarray(env, (napi_typedarray_type)99, 1, b, 0, &v));
  FAILS(napi_invalid_arg,
        napi_create_typedarray(env, napi_int8_array, 1, v, 0, &v));
}

TEST(a_view_fits_its_buffer)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_value b = t_eval(rt, "new ArrayBuffer(8)"), v;

  FAILS(napi_invalid_arg,
        napi_create_typedarray(env, napi_int16_array, 1, b, 1, &v));
  CHECK_TEXT("RangeError: start offset of Int16Array should be a multiple of 2",
             t_thrown(env));
  FAILS(napi_invalid_arg,
        napi_create_typedarray(env, napi_int32_array, 3, b, 0, &v));
  CHECK_TEXT("RangeError: Invalid typed array length", t_thrown(env));
  FAILS(napi_invalid_arg,
        napi_create_typedarray(env, napi_int32_array, SIZE_MAX / 2, b, 4, &v));
  t_thrown(env);
  FAILS(napi_pending_exception, napi_create_dataview(env, 9, b, 0, &v));
  CHECK(strstr(t_thrown(env), "RangeError: byte_offset"));
  FAILS(napi_pending_exception, napi_create_dataview(env, SIZE_MAX, b, 2, &v));
  t_thrown(env);
}

TEST(dataviews_are_views)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_value b, v, again;
  size_t length, offset;
  void *start, *data;
  bool is;

  OK(napi_create_arraybuffer(env, 8, &start, &b));
  OK(napi_create_dataview(env, 4, b, 2, &v));
  OK(napi_get_dataview_info(env, v, &length, &data, &again, &offset));
  CHECK(length == 4 && offset == 2 && data == (char *)start + 2);
  OK(napi_is_dataview(env, v, &is));
  CHECK(is);
  OK(napi_is_dataview(env, b, &is));
  CHECK(!is);
  OK(napi_detach_arraybuffer(env, b));
  OK(napi_get_dataview_info(env, v, &length, &data, NULL, &offset));
  CHECK(length == 0 && data == NULL);
  FAILS(napi_invalid_arg,
        napi_get_dataview_info(env, b, NULL, NULL, NULL, NULL));
  FAILS(napi_invalid_arg, napi_create_dataview(env, 1, v, 0, &v));
}
