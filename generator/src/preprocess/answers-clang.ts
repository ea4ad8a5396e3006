// In: what an #if asks. Out: what Clang 14 for C answers, for the platforms whose headers it reads (macOS and Windows).
// Where Clang and GCC agree the lists are GCC's; here is how Clang differs. A test compares each answer with the compiler's.

import type { Target } from '../target.ts';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Attributes of GCC's that Clang does not know. */
export const ATTRIBUTES_OF_GCC_ALONE: ReadonlySet<string> = new Set(
  words(`
  access copy designated_init externally_visible ifunc no_reorder no_sanitize_undefined no_stack_limit noclone
  noinit noipa nonstring noplt optimize scalar_storage_order simd stack_protect symver transaction_safe
  warn_if_not_aligned zero_call_used_regs no_icf no_sanitize_coverage tainted_args interrupt`),
);

/** And the other way round. */
export const ATTRIBUTES_OF_CLANG: ReadonlySet<string> = new Set(
  words(`
  availability overloadable enable_if diagnose_if diagnose_as_builtin swift_name swift_private swift_error
  swift_newtype swift_attr swift_bridge swift_objc_members minsize optnone musttail nomerge noescape
  enum_extensibility flag_enum objc_bridge objc_bridge_related objc_bridge_mutable objc_boxable
  objc_designated_initializer objc_exception objc_externally_retained objc_independent_class objc_method_family
  objc_ownership objc_precise_lifetime objc_protocol_requires_explicit_implementation
  objc_requires_property_definitions objc_requires_super objc_returns_inner_pointer objc_root_class
  objc_runtime_name objc_runtime_visible objc_subclassing_restricted ns_consumed ns_consumes_self
  ns_returns_autoreleased ns_returns_not_retained ns_returns_retained cf_audited_transfer cf_consumed
  cf_returns_not_retained cf_returns_retained cf_unknown_transfer os_consumed os_returns_retained iboutlet
  external_source_symbol pass_object_size pass_dynamic_object_size ext_vector_type address_space blocks nodebug
  not_tail_called noduplicate disable_tail_calls internal_linkage exclude_from_explicit_instantiation
  loader_uninitialized no_builtin no_sanitize_memory no_speculative_load_hardening speculative_load_hardening
  convergent callback capability guarded_by pt_guarded_by acquire_capability release_capability
  requires_capability locks_excluded lockable type_tag_for_datatype argument_with_type_tag pointer_with_type_tag
  consumable preserve_all preserve_most vectorcall pascal swiftcall regcall selectany weak_import
  xray_always_instrument annotate arm_sve_vector_bits matrix_type analyzer_noreturn assume cpu_dispatch
  cpu_specific enforce_tcb init_priority lto_visibility_public mig_server_routine no_destroy NSObject
  ownership_holds ownership_returns ownership_takes require_constant_initialization trivial_abi use_handle
  using_if_exists vecreturn abi_tag btf_decl_tag carries_dependency standalone_debug`),
);

/** Of both, for one kind of machine or system alone. */
const X86_ATTRIBUTES: ReadonlySet<string> = new Set(
  words('force_align_arg_pointer nocf_check no_caller_saved_registers'),
);
const WINDOWS_ATTRIBUTES: ReadonlySet<string> = new Set(words('dllimport dllexport'));

/** `__declspec(…)`, which only Windows has. */
export const DECLSPECS: ReadonlySet<string> = new Set(
  words(`
  dllimport dllexport align noreturn deprecated nothrow thread uuid selectany noinline naked allocator restrict
  code_seg property novtable empty_bases noalias guard`),
);

/** Builtin functions of GCC's that Clang does not know, without `__builtin_`. */
export const BUILTINS_OF_GCC_ALONE: ReadonlySet<string> = new Set(
  words(`
  alloca_with_align_and_max apply apply_args assoc_barrier bswap128 clear_padding exit _exit fputs fputc gettext
  has_attribute isalnum isalpha isascii isblank iscntrl isdigit isgraph islower isprint ispunct isspace isupper
  isxdigit tolower toupper toascii iswalnum iswdigit imaxabs aligned_alloc posix_memalign putchar puts return
  scanf shuffle speculation_safe_value sscanf stack_save stack_restore strnlen strftime strfmon set_thread_pointer
  update_setjmp_buf va_arg_pack va_arg_pack_len next_arg vfprintf vfscanf vprintf vscanf vsscanf fwrite
  add_overflow_p sub_overflow_p mul_overflow_p clzimax ctzimax clrsbimax ffsimax parityimax popcountimax
  copysignf32 copysignf64 copysignf32x copysignf64x fabsf32 fabsf64 fabsf32x fabsf64x fmaf32 fmaf64 fmaf32x
  fmaf64x fmaxf32 fmaxf64 fmaxf32x fmaxf64x fminf32 fminf64 fminf32x fminf64x sqrtf32 sqrtf64 sqrtf32x sqrtf64x
  nanf16 nanf32 nanf64 nanf32x nanf64x inff16 inff32 inff64 inff32x inff64x huge_valf16 huge_valf32 huge_valf64
  huge_valf32x huge_valf64x isinff isinfl isnanf isnanl exp10 exp10f exp10l pow10 pow10f pow10l roundeven
  roundevenf roundevenl scalb scalbf scalbl significand significandf significandl sincos sincosf sincosl`).map(
    (name) => `__builtin_${name}`,
  ),
);

/** And the other way round. */
export const BUILTINS_OF_CLANG: ReadonlySet<string> = new Set([
  ...words(`
  available bitreverse8 bitreverse16 bitreverse32 bitreverse64 rotateleft8 rotateleft16 rotateleft32 rotateleft64
  rotateright8 rotateright16 rotateright32 rotateright64 addcb addcs addc addcl addcll subcb subcs subc subcl
  subcll is_aligned align_up align_down debugtrap assume launder operator_new operator_delete nontemporal_load
  nontemporal_store canonicalize canonicalizef canonicalizel memcpy_inline preserve_access_index unpredictable
  wmemcpy wcslen wmemchr wmemcmp wcscmp wcsncmp wcschr char_memchr readcyclecounter COLUMN dump_struct
  function_start ms_va_start ms_va_end ms_va_copy elementwise_abs elementwise_max elementwise_min elementwise_ceil
  reduce_max reduce_min bit_cast addressof complex matrix_transpose os_log_format os_log_format_buffer_size`).map(
    (name) => `__builtin_${name}`,
  ),
  ...words(`
  __sync_swap __c11_atomic_init __c11_atomic_load __c11_atomic_store __c11_atomic_exchange __c11_atomic_fetch_add
  __c11_atomic_thread_fence __c11_atomic_is_lock_free __c11_atomic_compare_exchange_strong __arithmetic_fence`),
]);

const X86_BUILTINS: ReadonlySet<string> = new Set(
  words('cpu_init cpu_is cpu_supports ia32_pause ia32_rdtsc ia32_mfence ia32_lfence ia32_sfence').map(
    (name) => `__builtin_${name}`,
  ),
);
const WINDOWS_BUILTINS: ReadonlySet<string> = new Set(
  words(`
  __debugbreak _InterlockedExchange _byteswap_ulong __fastfail _rotl _BitScanForward __noop __va_start __assume
  __annotation`),
);

/** `__has_feature`. */
export const FEATURES: ReadonlySet<string> = new Set(
  words(`
  assume_nonnull attribute_analyzer_noreturn attribute_availability attribute_availability_with_message
  attribute_availability_app_extension attribute_availability_with_version_underscores attribute_availability_tvos
  attribute_availability_watchos attribute_availability_with_strict attribute_availability_with_replacement
  attribute_availability_in_templates attribute_availability_swift attribute_cf_returns_not_retained
  attribute_cf_returns_retained attribute_cf_returns_on_parameters attribute_deprecated_with_message
  attribute_deprecated_with_replacement attribute_ext_vector_type attribute_ns_returns_not_retained
  attribute_ns_returns_retained attribute_ns_consumes_self attribute_ns_consumed attribute_cf_consumed
  attribute_objc_ivar_unused attribute_objc_method_family attribute_overloadable
  attribute_unavailable_with_message attribute_unused_on_fields attribute_diagnose_if_objc
  c_thread_safety_attributes enumerator_attributes nullability nullability_on_arrays nullability_nullable_result
  objc_arc_fields objc_nonfragile_abi objc_property_explicit_atomic objc_protocol_qualifier_mangling
  objc_weak_class ownership_holds ownership_returns ownership_takes objc_bool objc_subscripting objc_bridge_id
  objc_bridge_id_on_typedefs c_alignas c_alignof c_atomic c_generic_selections c_static_assert c_thread_local tls
  arc_cf_code_audited`),
);

/** `__has_extension` says yes to these, and to every feature. */
export const EXTENSIONS: ReadonlySet<string> = new Set(
  words(`
  cxx_fixed_enum overloadable_unmarked pragma_clang_attribute_namespaces
  pragma_clang_attribute_external_declaration gnu_asm gnu_asm_goto_with_outputs
  statement_attributes_with_gnu_syntax`),
);

const isX86 = (target: Target): boolean => target.triple.startsWith('x86_64');
const isWindows = (target: Target): boolean => target.abi === 'msvc';

/** Undefined where Clang answers as GCC does. */
export function clangAttribute(name: string, target: Target): boolean | undefined {
  if (X86_ATTRIBUTES.has(name)) return isX86(target);
  if (WINDOWS_ATTRIBUTES.has(name)) return isWindows(target);
  if (ATTRIBUTES_OF_CLANG.has(name)) return true;
  return ATTRIBUTES_OF_GCC_ALONE.has(name) ? false : undefined;
}

/** Undefined where Clang answers as GCC does. */
export function clangBuiltin(name: string, target: Target): boolean | undefined {
  if (X86_BUILTINS.has(name)) return isX86(target);
  if (WINDOWS_BUILTINS.has(name)) return isWindows(target);
  if (BUILTINS_OF_CLANG.has(name)) return true;
  return BUILTINS_OF_GCC_ALONE.has(name) ? false : undefined;
}

export function clangDeclspec(name: string, target: Target): boolean {
  return isWindows(target) && DECLSPECS.has(name);
}

/** On macOS, blocks are a feature as well. */
export function clangFeature(name: string, target: Target): boolean {
  return FEATURES.has(name) || (name === 'blocks' && target.macros.includes('__BLOCKS__'));
}

export function clangExtension(name: string, target: Target): boolean {
  return clangFeature(name, target) || EXTENSIONS.has(name);
}

/** Other names of the parts of a triple, by the name that stands there without a version. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  arm64: ['aarch64'],
  macos: ['macosx', 'darwin'],
  windows: ['win32'],
};

/** `__is_target_os(macos)` and its like: a part of the target's triple, by any of its names. */
export function isTargetPart(part: 'arch' | 'vendor' | 'os' | 'environment', name: string, target: Target): boolean {
  const [arch, vendor, os, environment] = target.triple.split('-');
  const own = { arch, vendor, os: os?.replace(/\d+$/, ''), environment }[part];
  if (own === undefined) return false;
  return name === own || (PARTS[own]?.includes(name) ?? false);
}
