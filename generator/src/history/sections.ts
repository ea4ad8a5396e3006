// The kinds of declarations that a history has: for each, what it is called, what makes it the same in two versions, and its JSON.

import type {
  ConstantDecl,
  Enumerator,
  FunctionDecl,
  RecordDecl,
  TypedefDecl,
  Unsupported,
  VariableDecl,
} from '../model/api.ts';
import {
  constantToJson,
  type EnumFrame,
  enumToJson,
  functionToJson,
  type JsonObject,
  recordToJson,
  typedefToJson,
  unsupportedToJson,
  variableToJson,
} from './declarations.ts';

export interface Section<T extends object> {
  readonly keyOf: (decl: T) => string;
  readonly toJson: (decl: T) => JsonObject;
}

const byName = (d: { readonly name: string }): string => d.name;
const byKey = (d: { readonly key: string }): string => d.key;

export const functions: Section<FunctionDecl> = { keyOf: byName, toJson: functionToJson };
export const records: Section<RecordDecl> = { keyOf: byKey, toJson: recordToJson };
export const enums: Section<EnumFrame> = { keyOf: byKey, toJson: enumToJson };
export const enumerators: Section<Enumerator> = {
  keyOf: byName,
  toJson: (d) => ({ name: d.name, value: d.value.toString(), doc: d.doc }),
};
export const typedefs: Section<TypedefDecl> = { keyOf: byName, toJson: typedefToJson };
export const variables: Section<VariableDecl> = { keyOf: byName, toJson: variableToJson };
export const constants: Section<ConstantDecl> = { keyOf: byName, toJson: constantToJson };
/** A name may be both a function and a macro with parameters. */
export const unsupported: Section<Unsupported> = { keyOf: (d) => `${d.kind} ${d.name}`, toJson: unsupportedToJson };

const identities = new WeakMap<object, string>();

/** A text that two declarations share where they are the same but for their places and comments. */
export function identity<T extends object>(decl: T, { toJson }: Section<T>): string {
  let text = identities.get(decl);
  if (text === undefined) {
    const { at, doc: _, documented: __, fields, ...rest } = toJson(decl);
    const bare = (fields as readonly JsonObject[] | undefined)?.map(({ doc: _, ...field }) => field);
    text = JSON.stringify({ ...rest, isOwn: at !== undefined, fields: bare });
    identities.set(decl, text);
  }
  return text;
}
