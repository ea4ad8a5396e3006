// In: what a module passes as a shim: a name that leads to `defineShim({ … })`, in the module itself, in a generated one, or in the compact
// JavaScript that packages carry (scripts/compact.mjs). Out: what the shim's descriptor says, as far as it is of use without the
// library. Follows runtime/src/contract/descriptor.ts.

import type { Module, Modules } from './modules.ts';
import type { ts } from './morph.ts';
import { bare, type Json, type JsonObject, nameOf, PlainReader } from './plain-data.ts';

/** A shim, as its module has it. */
export interface ShimFacts {
  /** The library's name, `librbd`; names DLSHIM_LIBRBD as well. */
  readonly library: string;
  /** Of the headers. */
  readonly version: string;
  readonly targets: readonly string[];
  /** What the loader is asked for, per `process.platform`, in order of preference: SONAMEs on ELF systems. */
  readonly files: Readonly<Record<string, readonly string[]>>;
  /** What installed files may call themselves, per `process.platform`, where the shim is for those alone. */
  readonly sonames?: Readonly<Record<string, readonly string[]>>;
  /** The package that provides the library, per distribution. */
  readonly packages: Readonly<Record<string, string>>;
  /** Functions that every version has which the shim fits, and those that one may lack. */
  readonly required: ReadonlySet<string>;
  readonly weak: ReadonlySet<string>;
  /** Features, each with its gate. */
  readonly features: ReadonlyMap<string, Json>;
  /** What is known of the library's versions, oldest first. */
  readonly history?: {
    readonly versions: readonly string[];
    readonly baseline: string;
    /** What the files of each version call themselves; empty where it is not known. */
    readonly sonames?: readonly (readonly string[])[];
    /** Symbols that not all versions have, by the ranges of versions that have them. */
    readonly symbols: Readonly<Record<string, readonly string[]>>;
  };
}

/** Undefined for what makes no shim. */
export function shimFacts(expression: ts.Expression, module: Module, modules: Modules): ShimFacts | undefined {
  const call = shimCall(expression, module, modules);
  const said = call && descriptorOf(call, module, modules);
  if (!said || typeof said('library') !== 'string') return undefined;
  const {
    target = [],
    files = {},
    sonames,
    packages = {},
    history,
  } = Object.fromEntries(['target', 'files', 'sonames', 'packages', 'history'].map((name) => [name, said(name)])) as {
    readonly target?: string | readonly string[];
  } & Partial<ShimFacts>;
  const keys = (name: string): readonly string[] => Object.keys((said(name) ?? {}) as JsonObject);
  return {
    library: said('library') as string,
    version: String(said('version') ?? ''),
    targets: typeof target === 'string' ? [target] : target,
    files,
    ...(sonames && { sonames }),
    packages,
    required: new Set(keys('required')),
    weak: new Set(keys('weak')),
    features: new Map(Object.entries((said('features') ?? {}) as JsonObject)),
    ...(history && { history }),
  };
}

/** `defineShim(…)`, by whatever name it was imported. */
function shimCall(
  expression: ts.Expression,
  module: Module,
  { morph: { ts } }: Modules,
): ts.CallExpression | undefined {
  const call = bare(expression, ts);
  if (!ts.isCallExpression(call) || !ts.isIdentifier(call.expression)) return undefined;
  const callee = module.names.get(call.expression.text);
  return callee?.kind === 'import' && callee.name === 'defineShim' ? call : undefined;
}

type Said = (name: string) => Json | undefined;

/** The descriptor's members, of which only those that are asked for are read: layouts are long. */
function descriptorOf(call: ts.CallExpression, module: Module, modules: Modules): Said | undefined {
  const { ts } = modules.morph;
  const argument = call.arguments[0] && bare(call.arguments[0], ts);
  if (argument === undefined) return undefined;
  if (ts.isCallExpression(argument)) {
    const [text] = argument.arguments;
    if (!text || !ts.isStringLiteral(text)) return undefined;
    const data = jsonIn(text.text);
    return data && ((name) => data[name]);
  }
  if (!ts.isObjectLiteralExpression(argument)) return undefined;
  const reader = new PlainReader(modules, () => {});
  const members = new Map(
    argument.properties.flatMap((property): [string, ts.Expression][] => {
      const name = property.name && nameOf(property.name, ts);
      return name !== undefined && ts.isPropertyAssignment(property) ? [[name, property.initializer]] : [];
    }),
  );
  return (name) => {
    const value = members.get(name);
    return value && reader.read(value, module, name).value;
  };
}

function jsonIn(text: string): JsonObject | undefined {
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    return undefined;
  }
}
