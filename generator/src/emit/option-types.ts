// In: the type that library.json says for a value behind `...`, such as `long`, `const char *`, `curl_write_callback`, `out double *`,
// or for several values `int, out int *`. Out: its signature text and its TypeScript type. A pointer is an address that C keeps, unless it is text that C copies (`const char *`)
// or a direction says that C touches memory during the call. Follows C11 6.5.2.2p6: what is narrower than an int is passed as one, a
// float as a double.

import { ARITHMETIC, arithmeticType } from '../expression/type-names.ts';
import type { Api } from '../model/api.ts';
import type { CType, IntegerName } from '../model/ctype.ts';
import { pointeeOf } from '../model/pointers.ts';
import type { Direction, PointerUse } from '../model/uses.ts';
import type { Lowering } from './lower.ts';
import { PlanError } from './module.ts';
import { parameterSignature, parameterTypescript } from './parameters.ts';
import { functionSignature } from './records.ts';

export interface OptionType {
  /** The runtime's text of it, as of a parameter. */
  readonly signature: string;
  readonly typescript: string;
}

/** Of one type, or of several with commas between them. Throws a PlanError that begins with `key`. */
export function optionType(key: string, text: string, api: Api, lowering: Lowering): OptionType {
  const types = text.split(',').map((each) => valueType(key, each.trim(), api, lowering));
  if (types.length === 1) return types[0]!;
  return {
    signature: types.map(({ signature }) => signature).join(', '),
    typescript: `c.Values<[${types.map(({ typescript }) => typescript).join(', ')}]>`,
  };
}

function valueType(key: string, text: string, api: Api, lowering: Lowering): OptionType {
  const [, direction, name] = /^(?:(inout|in|out) )?(.*)$/.exec(text)! as unknown as [string, Direction?, string?];
  const fail = (why: string): never => {
    throw new PlanError(`\`${key}\` has the type '${text}': ${why}`);
  };
  const type = typeNamed(name!, api) ?? fail('the headers declare no such type');
  const to = pointeeOf(type, lowering.table);
  if (!to) {
    if (direction) fail('a direction is for pointers');
    return promoted(lowering.table.resolve(type), type, lowering) ?? fail('no such value can be passed');
  }
  const typescript = (use: PointerUse): string => parameterTypescript(lowering, type, use);
  if (direction) {
    const signature = parameterSignature(lowering, type, { direction });
    if (!signature.startsWith(`${direction}:`)) fail('its memory has no known size');
    return { signature, typescript: typescript({ direction }) };
  }
  if (to.kind === 'function') {
    const behind = lowering.table.resolve(to.to);
    const signature = behind.kind === 'function' ? functionSignature(behind, lowering) : undefined;
    return {
      signature: `fn<${signature ?? fail('no such function can be called')}>`,
      typescript: typescript({ kept: true }),
    };
  }
  if (to.kind === 'text' && to.isConst) return { signature: 'str', typescript: typescript({}) };
  const isVoid = to.kind === 'void' && lowering.handleName(type) === undefined;
  return {
    signature: lowering.address(type),
    typescript: isVoid ? 'c.Address' : lowering.typescript(type, 'callback'),
  };
}

/** `named` is the type as it is spelled. */
function promoted(type: CType, named: CType, lowering: Lowering): OptionType | undefined {
  if (type.kind === 'floating') {
    const isDouble = type.name === 'float' || type.name === 'double';
    return isDouble ? { signature: 'f64', typescript: 'number' } : undefined;
  }
  if (type.kind !== 'enum' && type.kind !== 'integer') return undefined;
  const scalar = lowering.scalar(type);
  if (/^(bool|[iu](8|16))$/.test(scalar)) return { signature: 'i32', typescript: 'number' };
  return { signature: scalar, typescript: lowering.typescript(named, 'callback') };
}

/** Integers of <stdint.h> and <stddef.h>, known whether the headers mention them or not: as wide on each target that there is. */
const STANDARD: Readonly<Record<string, IntegerName>> = {
  ...{ int8_t: 'schar', uint8_t: 'uchar', int16_t: 'short', uint16_t: 'ushort', int32_t: 'int', uint32_t: 'uint' },
  ...{
    int64_t: 'llong',
    uint64_t: 'ullong',
    size_t: 'ullong',
    ssize_t: 'llong',
    intptr_t: 'llong',
    uintptr_t: 'ullong',
  },
};

/** A type name of C's, `unsigned long` or `const struct curl_slist *`; undefined where a name in it is not declared. */
function typeNamed(text: string, api: Api): CType | undefined {
  const words: string[] = text.match(/\w+|\*|\S/g) ?? [];
  const stars = words.indexOf('*') < 0 ? words.length : words.indexOf('*');
  const specifiers = words.slice(0, stars);
  const plain = specifiers.filter((word) => word !== 'const');
  let type = specified(plain, api);
  if (!type) return undefined;
  if (plain.length < specifiers.length) type = { ...type, const: true };
  for (const word of words.slice(stars)) {
    if (word === '*') type = { kind: 'pointer', to: type };
    else if (word === 'const') type = { ...type, const: true };
    else return undefined;
  }
  return type;
}

function specified(words: readonly string[], api: Api): CType | undefined {
  if (words.length > 0 && words.every((word) => ARITHMETIC.has(word))) return arithmeticType(words);
  const [first, second] = words as [string, string?];
  if (words.length === 1 && api.typedefs.some((d) => d.name === first)) return { kind: 'typedef', name: first };
  if (words.length === 1 && Object.hasOwn(STANDARD, first)) return { kind: 'integer', name: STANDARD[first]! };
  const key = words.join(' ');
  if (second === undefined || words.length > 2) return undefined;
  if (first === 'enum') return api.enums.some((d) => d.key === key) ? { kind: 'enum', key } : undefined;
  return api.records.some((d) => d.key === key) ? { kind: 'record', key } : undefined;
}
