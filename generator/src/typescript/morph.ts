// The types of ts-morph, the TypeScript checker. It takes as long to load as a dozen shims to generate: the command that reads sources loads
// it and hands it over.

import type * as morph from 'ts-morph';

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
  ts,
  VariableDeclaration,
} from 'ts-morph';
