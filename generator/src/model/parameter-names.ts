// In: the names that a header gives the parameters of a function. Out: those that the module shows, which library.json takes as well:
// `arg2` where there is none, `in_` where it is a word of TypeScript's (ECMA-262 12.7.2).

/** Words that no binding of a module may have for its name. */
export const KEYWORDS: ReadonlySet<string> = new Set([
  ...[
    'break',
    'case',
    'catch',
    'class',
    'const',
    'continue',
    'debugger',
    'default',
    'delete',
    'do',
    'else',
    'enum',
    'export',
  ],
  ...[
    'extends',
    'false',
    'finally',
    'for',
    'function',
    'if',
    'import',
    'in',
    'instanceof',
    'new',
    'null',
    'return',
    'super',
  ],
  ...[
    'switch',
    'this',
    'throw',
    'true',
    'try',
    'typeof',
    'var',
    'void',
    'while',
    'with',
    'yield',
    'let',
    'static',
    'await',
  ],
  ...['implements', 'interface', 'package', 'private', 'protected', 'public', 'arguments', 'eval', 'undefined'],
]);

/** A C identifier as a parameter's name. */
function parameterName(name: string): string {
  return KEYWORDS.has(name) ? `${name}_` : name;
}

/** Parameter names of one function, each another one. */
export function parameterNames(names: readonly (string | undefined)[]): readonly string[] {
  const taken = new Set<string>(['rest']);
  return names.map((name, at) => {
    let unique = parameterName(name ?? `arg${at}`);
    while (taken.has(unique)) unique += '_';
    taken.add(unique);
    return unique;
  });
}

/** The number of the parameter that has this name in the module, or else in the header; -1 where none has. */
export function parameterAt(names: readonly (string | undefined)[], name: string): number {
  const shown = parameterNames(names).indexOf(name);
  return shown < 0 ? names.indexOf(name) : shown;
}
