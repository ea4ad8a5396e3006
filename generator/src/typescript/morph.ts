// ts-morph, the TypeScript checker, for the commands that read TypeScript sources: loading it takes as long as generating a dozen shims, so it
// is loaded when one of them runs and not before.

import type * as morph from 'ts-morph';
import { loader } from '../config/loader.ts';

export type Morph = typeof morph;
export type {
  BindingElement,
  CallExpression,
  ElementAccessExpression,
  Expression,
  Identifier,
  InterfaceDeclaration,
  Node,
  Project,
  PropertyAccessExpression,
  SourceFile,
  Symbol as MorphSymbol,
  Type,
  VariableDeclaration,
} from 'ts-morph';

export async function loadMorph(): Promise<Morph> {
  const loaded = (await loader.load('ts-morph')) as Morph & { readonly default?: Morph };
  return loaded.default ?? loaded;
}
