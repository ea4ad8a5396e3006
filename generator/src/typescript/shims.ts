// In: a source file of the program. Out: whether it is a shim's module, and which names it has for what (the module is what emit/print.ts
// makes, or the declarations that tsc makes of that).

import type { InterfaceDeclaration, Morph, Node, Project, SourceFile, Type } from './morph.ts';

export interface ShimModule {
  readonly library: string;
  readonly file: string;
  readonly required: ReadonlySet<string>;
  readonly weak: ReadonlySet<string>;
  readonly features: ReadonlyMap<string, readonly string[]>;
  /** The names of the interfaces with those. */
  readonly tables: { readonly required: string; readonly weak: string; readonly features: string };
  /** Interfaces of records. */
  readonly records: ReadonlySet<string>;
  /** Enumerators and macros. */
  readonly constants: ReadonlySet<string>;
}

/** All of a program. */
export function shimsOf(project: Project, morph: Morph): ShimModule[] {
  const names = project
    .getProgram()
    .compilerObject.getSourceFiles()
    .map((file) => file.fileName);
  return names.flatMap((name) => {
    const source = project.addSourceFileAtPathIfExists(name);
    return (source && shimModule(source, morph)) ?? [];
  });
}

export function isShimText(text: string): boolean {
  return /\bShim<\w+Required, \w+Weak,/.test(text);
}

/** Undefined for what is no shim. */
export function shimModule(source: SourceFile, morph: Morph): ShimModule | undefined {
  if (!isShimText(source.getFullText())) return undefined;
  const { Node: Kind } = morph;
  const variables = source.getVariableDeclarations();
  const shim = variables.find((one) => isNamed(one.getType(), 'Shim'));
  if (!shim) return undefined;
  const [required, weak, features] = shim
    .getType()
    .getTypeArguments()
    .map((type) => interfaceOf(type, morph));
  if (!required || !weak || !features) return undefined;
  const interfaces = source.getInterfaces().filter((one) => variables.some((v) => v.getName() === one.getName()));
  return {
    library: shim.getName(),
    file: source.getFilePath(),
    required: memberNames(required),
    weak: memberNames(weak),
    features: new Map(
      features.getProperties().map((property) => {
        const type = property.getType();
        const parts = type.isUnion() ? type.getUnionTypes() : [type];
        return [
          nameOf(property),
          parts.filter((one) => one.isStringLiteral()).map((one) => String(one.getLiteralValue())),
        ];
      }),
    ),
    tables: { required: required.getName(), weak: weak.getName(), features: features.getName() },
    records: new Set(interfaces.map((one) => one.getName())),
    constants: new Set(
      variables
        .filter((one) => one !== shim && !isRecord(one.getType()) && Kind.isVariableDeclaration(one))
        .map((one) => one.getName()),
    ),
  };
}

function isNamed(type: Type, name: string): boolean {
  return type.getSymbol()?.getName() === name;
}

function isRecord(type: Type): boolean {
  return isNamed(type, 'RecordType') || type.getAliasSymbol()?.getName() === 'Record';
}

function interfaceOf(type: Type, { Node: Kind }: Morph): InterfaceDeclaration | undefined {
  return type.getSymbol()?.getDeclarations().find(Kind.isInterfaceDeclaration);
}

function memberNames(declaration: InterfaceDeclaration): ReadonlySet<string> {
  return new Set([...declaration.getMethods(), ...declaration.getProperties()].map(nameOf));
}

/** Without the quotes of `'glfs_ftruncate@3.4.0'`. */
export function nameOf(member: Node & { getName(): string }): string {
  return member.getName().replace(/^(['"])(.*)\1$/, '$2');
}
