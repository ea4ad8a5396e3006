// What bench/calls.mjs calls: the smallest functions of three shapes, as a library and (with -DADDON) as a Node-API addon of the
// same functions, written by hand as one would without any binding layer.
#include <stdint.h>
#include <string.h>

void calls_nothing(void) {}
int32_t calls_add(int32_t a, int32_t b) { return a + b; }
int32_t calls_length(const char *text) { return (int32_t)strlen(text); }

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

NAPI_MODULE_INIT() {
  napi_value function;
  napi_create_function(env, "nothing", NAPI_AUTO_LENGTH, nothing, 0, &function);
  napi_set_named_property(env, exports, "calls_nothing", function);
  napi_create_function(env, "add", NAPI_AUTO_LENGTH, add, 0, &function);
  napi_set_named_property(env, exports, "calls_add", function);
  napi_create_function(env, "length", NAPI_AUTO_LENGTH, length, 0, &function);
  napi_set_named_property(env, exports, "calls_length", function);
  return exports;
}
#endif
