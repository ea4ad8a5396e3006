// In: nothing. Out: the builtin functions that `__has_builtin` of GCC 12 knows and that portable headers may ask for;
// those for one machine's instructions are left out. A test asks gcc for each.

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Those that come for double, float (`f`) and long double (`l`). */
const FLOATING: readonly string[] = words(`
  huge_val inf nan nans isinf isnan signbit acos acosh asin asinh atan atan2 atanh cbrt ceil copysign cos cosh erf
  erfc exp exp10 exp2 expm1 fabs fdim floor fma fmax fmin fmod frexp hypot ilogb ldexp lgamma llrint llround log
  log10 log1p log2 logb lrint lround modf nearbyint nextafter nexttoward pow pow10 powi remainder remquo rint round
  roundeven scalb scalbln scalbn significand sin sincos sinh sqrt tan tanh tgamma trunc cabs carg cexp cimag clog
  conj cpow cproj creal csqrt`);

/** Those that come for int, long (`l`) and long long (`ll`). */
const INTEGER: readonly string[] = words(`
  ffs clz ctz clrsb parity popcount`);

const CHECKED: readonly string[] = words(`
  memcpy memmove mempcpy memset stpcpy stpncpy strcat strcpy strncat strncpy sprintf snprintf vsprintf vsnprintf
  printf fprintf vprintf vfprintf`);

const OTHERS: readonly string[] = words(`
  abort abs alloca alloca_with_align alloca_with_align_and_max apply apply_args assoc_barrier assume_aligned bcmp
  bcopy bswap16 bswap32 bswap64 bswap128 bzero calloc choose_expr classify_type clear_padding constant_p
  convertvector cpu_init cpu_is cpu_supports dynamic_object_size eh_return exit _exit expect expect_with_probability
  extract_return_addr extend_pointer fprintf fputs fputc free frame_address frob_return_addr FILE FUNCTION LINE
  gettext has_attribute huge_valf128 inff128 nanf128 index isalnum isalpha isascii isblank iscntrl isdigit isgraph
  islower isprint ispunct isspace isupper isxdigit tolower toupper toascii iswalnum iswdigit isfinite isinf_sign
  isnormal isgreater isgreaterequal isless islessequal islessgreater isunordered fpclassify labs llabs imaxabs
  longjmp setjmp malloc realloc aligned_alloc posix_memalign memchr memcmp memcpy memmove mempcpy memset object_size
  offsetof prefetch printf putchar puts return return_address rindex scanf shuffle shufflevector snprintf sprintf
  speculation_safe_value sscanf stack_save stack_restore strcat strchr strcmp strcpy stpcpy stpncpy strcspn strdup
  strndup strlen strnlen strncat strncmp strncpy strpbrk strrchr strspn strstr strcasecmp strncasecmp strftime
  strfmon thread_pointer set_thread_pointer trap types_compatible_p unreachable unwind_init update_setjmp_buf
  va_arg_pack va_arg_pack_len va_copy va_end va_start next_arg vfprintf vfscanf vprintf vscanf vsnprintf vsprintf
  vsscanf fwrite add_overflow sub_overflow mul_overflow add_overflow_p sub_overflow_p mul_overflow_p ia32_pause
  ia32_rdtsc ia32_mfence ia32_lfence ia32_sfence clzimax ctzimax clrsbimax ffsimax parityimax popcountimax
  copysignf16 copysignf32 copysignf64 copysignf128 copysignf32x copysignf64x fabsf16 fabsf32 fabsf64 fabsf128
  fabsf32x fabsf64x fmaf16 fmaf32 fmaf64 fmaf128 fmaf32x fmaf64x fmaxf16 fmaxf32 fmaxf64 fmaxf128 fmaxf32x fmaxf64x
  fminf16 fminf32 fminf64 fminf128 fminf32x fminf64x sqrtf16 sqrtf32 sqrtf64 sqrtf128 sqrtf32x sqrtf64x nanf16
  nanf32 nanf64 nanf32x nanf64x inff16 inff32 inff64 inff32x inff64x huge_valf16 huge_valf32 huge_valf64
  huge_valf32x huge_valf64x choose_expr types_compatible_p`);

const SYNC: readonly string[] = words(`
  fetch_and_add fetch_and_sub fetch_and_or fetch_and_and fetch_and_xor fetch_and_nand add_and_fetch sub_and_fetch
  or_and_fetch and_and_fetch xor_and_fetch nand_and_fetch bool_compare_and_swap val_compare_and_swap
  lock_test_and_set lock_release synchronize`);

const ATOMIC: readonly string[] = words(`
  load load_n store store_n exchange exchange_n compare_exchange compare_exchange_n add_fetch sub_fetch and_fetch
  xor_fetch or_fetch nand_fetch fetch_add fetch_sub fetch_and fetch_xor fetch_or fetch_nand test_and_set clear
  thread_fence signal_fence always_lock_free is_lock_free`);

const OVERFLOW: readonly string[] = ['s', 'u'].flatMap((sign) =>
  ['add', 'sub', 'mul'].flatMap((operation) => ['', 'l', 'll'].map((size) => `${sign}${operation}${size}_overflow`)),
);

/** Builds the set; it is wanted only when a header asks. */
export function builtinNames(): ReadonlySet<string> {
  const names = [
    ...OTHERS,
    ...OVERFLOW,
    ...FLOATING.flatMap((name) => [name, `${name}f`, `${name}l`]),
    ...INTEGER.flatMap((name) => [name, `${name}l`, `${name}ll`]),
    ...CHECKED.map((name) => `__${name}_chk`),
  ].map((name) => `__builtin_${name}`);
  return new Set([...names, ...SYNC.map((name) => `__sync_${name}`), ...ATOMIC.map((name) => `__atomic_${name}`)]);
}
