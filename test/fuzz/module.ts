// In: the text of a generated module. Out: what is wrong with it: syntax, types in strict mode, or code where only
// declarations belong. Nothing that a header says may become code that runs at import.

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ts } from 'ts-morph';

const root = join(import.meta.dirname, '../..');
const name = join(root, 'test/fuzz/generated.ts');
/** ts-morph brings the compiler's programming interface, which TypeScript 7 does not have yet; lib.*.d.ts are TypeScript's. */
const libraries = ((): string => {
  const { resolve } = createRequire(createRequire(import.meta.url).resolve('typescript/package.json'));
  return join(dirname(resolve(`@typescript/typescript-${process.platform}-${process.arch}/package.json`)), 'lib');
})();

const options: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  isolatedDeclarations: false,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  lib: ['lib.es2023.d.ts'],
  types: [],
};

const cache = new Map<string, ts.SourceFile | undefined>();
let previous: ts.Program | undefined;

export function moduleProblem(text: string): string | undefined {
  const source = ts.createSourceFile(name, text, { languageVersion: ts.ScriptTarget.ES2022 }, true);
  const unexpected = unexpectedCode(source);
  if (unexpected !== undefined) return `code in the module: ${unexpected}`;
  const host: ts.CompilerHost = {
    ...ts.createCompilerHost(options),
    getSourceFile: (path, language) => (path === name ? source : cached(path, language)),
    getDefaultLibLocation: () => libraries,
    getDefaultLibFileName: () => join(libraries, 'lib.es2023.d.ts'),
    fileExists: (path) => path === name || ts.sys.fileExists(path),
  };
  const program = ts.createProgram({ rootNames: [name], options, host, ...(previous && { oldProgram: previous }) });
  previous = program;
  const found = [
    ...program.getOptionsDiagnostics(),
    ...program.getSyntacticDiagnostics(source),
    ...program.getSemanticDiagnostics(source),
  ];
  const [first] = found;
  if (first === undefined) return undefined;
  const line = first.start === undefined ? '' : text.slice(first.start - 60, first.start + 100);
  return `TypeScript: ${ts.flattenDiagnosticMessageText(first.messageText, ' ')} at …${line}…`;
}

function cached(path: string, language: ts.ScriptTarget | ts.CreateSourceFileOptions): ts.SourceFile | undefined {
  if (!cache.has(path)) {
    const file = ts.sys.readFile(path);
    cache.set(path, file === undefined ? undefined : ts.createSourceFile(path, file, language));
  }
  return cache.get(path);
}

/** Kinds of syntax that may stand anywhere in an initialiser. */
const HARMLESS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.NumericLiteral,
  ts.SyntaxKind.BigIntLiteral,
  ts.SyntaxKind.StringLiteral,
  ts.SyntaxKind.ArrayLiteralExpression,
  ts.SyntaxKind.ObjectLiteralExpression,
  ts.SyntaxKind.PropertyAssignment,
  ts.SyntaxKind.ShorthandPropertyAssignment,
  ts.SyntaxKind.ComputedPropertyName,
  ts.SyntaxKind.PrefixUnaryExpression,
  ts.SyntaxKind.AsExpression,
  ts.SyntaxKind.Identifier,
  ts.SyntaxKind.MinusToken,
]);

function unexpectedCode(source: ts.SourceFile): string | undefined {
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement)) {
      if ((statement.moduleSpecifier as ts.StringLiteral).text !== '@dlshim/runtime') return statement.getText();
    } else if (ts.isVariableStatement(statement)) {
      for (const { initializer } of statement.declarationList.declarations) {
        const found = initializer && unexpectedExpression(initializer);
        if (found !== undefined) return found;
      }
    } else if (!ts.isInterfaceDeclaration(statement) && !ts.isTypeAliasDeclaration(statement)) {
      return statement.getText();
    }
  }
  return undefined;
}

function unexpectedExpression(node: ts.Node): string | undefined {
  if (ts.isTypeNode(node)) return undefined;
  if (ts.isCallExpression(node)) {
    const callee = node.expression.getText();
    if (callee !== 'defineShim' && callee !== 'defineRecord') return node.getText();
  } else if (ts.isPropertyAccessExpression(node)) {
    return /^globalThis\.Number\.\w+$/.test(node.getText()) ? undefined : node.getText();
  } else if (!HARMLESS.has(node.kind)) return node.getText();
  return ts.forEachChild(node, unexpectedExpression);
}
