// What was printed, read back with ts-morph: the modules compile under the strictest settings, and the parts of each agree.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type InterfaceDeclaration, type ObjectLiteralExpression, Project, SyntaxKind } from 'ts-morph';
import { describe, expect, test } from 'vitest';
import { node, root } from '../tools.ts';

const modules = ['test/golden', 'shims'].flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name)),
);

test('the golden modules compile under the strictest settings', () => {
  expect(node('node_modules/typescript/bin/tsc', '-p', 'test/golden')).toEqual({ status: 0, stdout: '', stderr: '' });
});

describe.each(modules)('%s', (file) => {
  const source = new Project({ skipLoadingLibFiles: true }).addSourceFileAtPath(join(root, file));
  const name = file.replace(/^.*\/|\.ts$/g, '');
  const prefix = name.charAt(0).toUpperCase() + name.slice(1);
  const descriptor = source
    .getVariableDeclarationOrThrow(name)
    .getInitializerIfKindOrThrow(SyntaxKind.CallExpression)
    .getArguments()[0]!
    .asKindOrThrow(SyntaxKind.ObjectLiteralExpression);

  /** Name and text of each entry of an object in the descriptor. */
  function entries(key: string): Map<string, string> {
    const object = descriptor.getPropertyOrThrow(key).getLastChildByKindOrThrow(SyntaxKind.ObjectLiteralExpression);
    return new Map(
      (object as ObjectLiteralExpression).getProperties().map((p) => {
        const property = p.asKindOrThrow(SyntaxKind.PropertyAssignment);
        return [bare(property.getNameNode().getText()), property.getInitializerOrThrow().getText()];
      }),
    );
  }

  function methods(declaration: InterfaceDeclaration): Map<string, number> {
    return new Map(declaration.getMethods().map((m) => [bare(m.getNameNode().getText()), m.getParameters().length]));
  }

  test.each(['Required', 'Weak'])('%s functions have a signature with as many parameters as their type', (part) => {
    const signatures = entries(part.toLowerCase());
    const types = methods(source.getInterfaceOrThrow(prefix + part));
    expect([...types.keys()]).toEqual([...signatures.keys()]);
    for (const [symbol, text] of signatures) {
      // One for all targets, or one for each.
      const variants = [...text.matchAll(/'([^']*\([^']*\))'/g)].map(([, signature]) => signature!);
      expect(variants.length).toBeGreaterThan(0);
      for (const signature of variants)
        expect(`${symbol} ${types.get(symbol)}`).toBe(`${symbol} ${parameterCount(signature)}`);
    }
  });

  test('features name functions of the shim, and prove weak ones only', () => {
    const weak = new Set(entries('weak').keys());
    const functions = new Set([...weak, ...entries('required').keys()]);
    for (const list of entries('features').values()) {
      for (const [, symbol] of list.matchAll(/'([A-Za-z_]\w*)'/g)) expect(functions).toContain(symbol);
    }
    for (const feature of source.getInterfaceOrThrow(`${prefix}Features`).getProperties()) {
      const proven = feature.getTypeNodeOrThrow().getText();
      for (const [, symbol] of proven.matchAll(/'([^']+)'/g)) expect(weak).toContain(symbol);
    }
  });

  test('every exported name is exported once, and is no reserved word', () => {
    const names = source.getStatements().flatMap((s) => {
      if (s.isKind(SyntaxKind.VariableStatement))
        return s.isExported() ? s.getDeclarations().map((d) => `value ${d.getName()}`) : [];
      if (s.isKind(SyntaxKind.InterfaceDeclaration) || s.isKind(SyntaxKind.TypeAliasDeclaration))
        return [`type ${s.getName()}`];
      return [];
    });
    expect(names).toEqual([...new Set(names)]);
  });
});

/** `['__proto__']` is `__proto__`. */
function bare(text: string): string {
  return text.replace(/^\[?'?|'?\]?$/g, '');
}

/** Counts the parameters of `'i32(ptr,fn<void(ptr,i32)>)'`. */
function parameterCount(signature: string): number {
  const inside = signature.slice(signature.indexOf('(') + 1, signature.lastIndexOf(')'));
  if (inside === '') return 0;
  let depth = 0;
  let count = 1;
  for (const character of inside) {
    if ('(<{'.includes(character)) depth++;
    else if (')>}'.includes(character)) depth--;
    else if (character === ',' && depth === 0) count++;
  }
  return count;
}
