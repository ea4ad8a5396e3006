// What bench/calls.mjs calls: the smallest functions of five shapes, as a library and (with -DADDON) as a Node-API addon of the
// same functions, written by hand as one would without any binding layer.
#include <stdint.h>
#include <string.h>

void calls_nothing(void) {}
int32_t calls_add(int32_t a, int32_t b) { return a + b; }
int32_t calls_length(const char *text) { return (int32_t)strlen(text); }

int64_t calls_read(void *image, uint64_t offset, size_t length, char *buffer) {
  buffer[0] = (char)offset;
  return image ? (int64_t)length : -1;
}

struct calls_point { int32_t x; double y; };
struct calls_point calls_move(struct calls_point point, int32_t by) { return (struct calls_point){point.x + by, -point.y}; }

#ifdef ADDON
#include <node_api.h>

static napi_value nothing(napi_env env, napi_callback_info info) {
  (void)env, (void)info;
  calls_nothing();
  return 0;
}

static napi_value add(napi_env env, napi_callback_info info) {
  napi_value arguments[2], result;
  size_t count = 2;
  int32_t a, b;
  napi_get_cb_info(env, info, &count, arguments, 0, 0);
  if (napi_get_value_int32(env, arguments[0], &a) != napi_ok || napi_get_value_int32(env, arguments[1], &b) != napi_ok) {
    napi_throw_type_error(env, 0, "numbers expected");
    return 0;
  }
  napi_create_int32(env, calls_add(a, b), &result);
  return result;
}

static napi_value length(napi_env env, napi_callback_info info) {
  napi_value arguments[1], result;
  size_t count = 1;
  char text[256];
  napi_get_cb_info(env, info, &count, arguments, 0, 0);
  if (napi_get_value_string_utf8(env, arguments[0], text, sizeof text, 0) != napi_ok) {
    napi_throw_type_error(env, 0, "a string expected");
    return 0;
  }
  napi_create_int32(env, calls_length(text), &result);
  return result;
}

static napi_value fail(napi_env env, const char *expected) {
  napi_throw_type_error(env, 0, expected);
  return 0;
}

static napi_value read(napi_env env, napi_callback_info info) {
  napi_value arguments[4], result;
  size_t count = 4, size;
  uint64_t image;
  int64_t offset, length;
  bool lossless;
  void *buffer;
  napi_get_cb_info(env, info, &count, arguments, 0, 0);
  if (napi_get_value_bigint_uint64(env, arguments[0], &image, &lossless) != napi_ok) return fail(env, "a handle expected");
  if (napi_get_value_int64(env, arguments[1], &offset) != napi_ok || napi_get_value_int64(env, arguments[2], &length) != napi_ok)
    return fail(env, "numbers expected");
  if (napi_get_buffer_info(env, arguments[3], &buffer, &size) != napi_ok) return fail(env, "a buffer expected");
  napi_create_int64(env, calls_read((void *)(uintptr_t)image, (uint64_t)offset, (size_t)length, buffer), &result);
  return result;
}

static napi_value move(napi_env env, napi_callback_info info) {
  napi_value arguments[2], member, result;
  size_t count = 2;
  struct calls_point point;
  int32_t by;
  napi_get_cb_info(env, info, &count, arguments, 0, 0);
  if (napi_get_named_property(env, arguments[0], "x", &member) != napi_ok || napi_get_value_int32(env, member, &point.x) != napi_ok)
    return fail(env, "a number x expected");
  if (napi_get_named_property(env, arguments[0], "y", &member) != napi_ok || napi_get_value_double(env, member, &point.y) != napi_ok)
    return fail(env, "a number y expected");
  if (napi_get_value_int32(env, arguments[1], &by) != napi_ok) return fail(env, "a number expected");
  point = calls_move(point, by);
  napi_create_object(env, &result);
  napi_create_int32(env, point.x, &member);
  napi_set_named_property(env, result, "x", member);
  napi_create_double(env, point.y, &member);
  napi_set_named_property(env, result, "y", member);
  return result;
}

NAPI_MODULE_INIT() {
  napi_value function;
  napi_create_function(env, "nothing", NAPI_AUTO_LENGTH, nothing, 0, &function);
  napi_set_named_property(env, exports, "calls_nothing", function);
  napi_create_function(env, "add", NAPI_AUTO_LENGTH, add, 0, &function);
  napi_set_named_property(env, exports, "calls_add", function);
  napi_create_function(env, "length", NAPI_AUTO_LENGTH, length, 0, &function);
  napi_set_named_property(env, exports, "calls_length", function);
  napi_create_function(env, "read", NAPI_AUTO_LENGTH, read, 0, &function);
  napi_set_named_property(env, exports, "calls_read", function);
  napi_create_function(env, "move", NAPI_AUTO_LENGTH, move, 0, &function);
  napi_set_named_property(env, exports, "calls_move", function);
  return exports;
}
#endif
