// In: names inside `__has_attribute`, `__has_c_attribute` and `__has_builtin`. Out: what the target's compiler answers for C: GCC 12,
// or Clang 14 (answers-clang.ts). The lists name what headers test for; a test compares each answer with the compiler's.

import type { Target } from '../target.ts';
import { clangAttribute, clangBuiltin } from './answers-clang.ts';
import { builtinNames } from './builtin-names.ts';

export const ATTRIBUTES: ReadonlySet<string> = new Set(
  `access alias aligned alloc_align alloc_size always_inline artificial assume_aligned cleanup cold common const
  constructor copy deprecated designated_init destructor error externally_visible fallthrough flatten format format_arg
  gnu_inline hot ifunc leaf malloc may_alias mode ms_abi ms_struct naked no_instrument_function no_reorder
  no_sanitize no_sanitize_address no_sanitize_thread no_sanitize_undefined no_split_stack no_stack_limit noclone
  nocommon noinit noinline noipa nonnull nonstring noplt noreturn nothrow optimize packed patchable_function_entry
  pure regparm returns_nonnull returns_twice scalar_storage_order section sentinel simd stack_protect symver sysv_abi
  target target_clones tls_model transaction_safe transparent_union unavailable uninitialized unused used vector_size
  visibility warn_if_not_aligned warn_unused warn_unused_result warning weak weakref zero_call_used_regs cdecl stdcall
  fastcall thiscall force_align_arg_pointer no_profile_instrument_function no_stack_protector no_icf
  no_sanitize_coverage no_address_safety_analysis retain tainted_args nocf_check interrupt no_caller_saved_registers`.split(
    /\s+/,
  ),
);

/** C23 attributes that GCC 12 knows, with the standard's dates. */
const STANDARD: Readonly<Record<string, number>> = {
  deprecated: 201904,
  fallthrough: 201904,
  maybe_unused: 201904,
  nodiscard: 202003,
};

let builtins: ReadonlySet<string> | undefined;

/** Of GCC, on x86 alone. */
const X86_ATTRIBUTES: ReadonlySet<string> = new Set(
  `ms_abi sysv_abi ms_struct regparm cdecl stdcall fastcall thiscall force_align_arg_pointer nocf_check interrupt naked
  no_caller_saved_registers`.split(/\s+/),
);

export function answerAttribute(name: string, target: Target): number {
  const bare = plain(name.replace(/^gnu\s*::\s*/, ''));
  const isClang = target.compiler === 'clang';
  const foreign = isClang
    ? clangAttribute(bare, target)
    : target.abi !== 'sysv' && X86_ATTRIBUTES.has(bare)
      ? false
      : undefined;
  return Number(foreign ?? ATTRIBUTES.has(bare));
}

/** Clang has no attributes in brackets before C23. */
export function answerStandardAttribute(name: string, target: Target): number {
  if (target.compiler === 'clang') return 0;
  if (/^(?:__)?gnu(?:__)?\s*::/.test(name)) return Number(ATTRIBUTES.has(plain(name.replace(/^.*::\s*/, ''))));
  return STANDARD[plain(name)] ?? 0;
}

export function answerBuiltin(name: string, target: Target): number {
  builtins ??= builtinNames();
  const foreign =
    target.compiler === 'clang'
      ? clangBuiltin(name, target)
      : target.abi !== 'sysv' && /^__builtin_(ia32_|cpu_)/.test(name)
        ? false
        : undefined;
  return Number(foreign ?? builtins.has(name));
}

/** `__packed__` is `packed`. */
function plain(name: string): string {
  return /^__\w+__$/.test(name) ? name.slice(2, -2) : name;
}
