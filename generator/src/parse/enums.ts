// In: the syntax node of an enumeration. Out: its type; with a body, its declaration and its enumerators join the context
// (C11 6.7.2.2; C23 6.7.3.3 for fixed underlying types).

import type { Enumerator } from '../model/api.ts';
import type { CType, IntegerName } from '../model/ctype.ts';
import { integerLimits } from '../scalars.ts';
import { isSigned, sizeOf } from '../target.ts';
import { alignment } from './attributes.ts';
import type { ParseContext } from './context.ts';
import { constantInteger, isBeyond } from './environment.ts';
import type { SyntaxNode } from './syntax.ts';
import { baseType } from './types.ts';

export function enumType(context: ParseContext, node: SyntaxNode, hint: string): CType {
  const nameNode = node.children.find((child) => child.field === 'name');
  const body = node.children.find((child) => child.field === 'body');
  const tag = nameNode && context.text(nameNode);
  const key = tag ? `enum ${tag}` : hint;
  if (body && !context.enums.has(key)) {
    const fixed = node.children.find((child) => child.field === 'underlying_type');
    // Microsoft's are ints whatever their values, which wrap.
    const forced = fixedUnderlying(context, fixed) ?? (context.target.abi === 'msvc' ? 'int' : undefined);
    const enumerators = readEnumerators(context, body, forced);
    const close = context.indexAt(body.end - 1);
    const behind = [
      ...context.attributes(context.indexAt(node.start) + 1, context.indexAt(body.start)),
      ...context.attributes(close + 1, close + 1),
    ];
    const isPacked = alignment(context, behind).packed === true;
    const underlying = forced ?? enumStorage(context, enumerators, isPacked);
    for (const { name, value } of enumerators) {
      const inInt = fits(context, value, 'int');
      context.enumerators.set(name, { value, type: { kind: 'integer', name: inInt && !fixed ? 'int' : underlying } });
    }
    const first = context.firstToken(node);
    const doc = context.doc(node);
    context.enums.set(key, {
      kind: 'enum',
      key,
      name: tag ?? hint,
      origin: context.origins.at(first.file, first.offset),
      ...(tag ? { tag } : {}),
      ...(doc ? { doc } : {}),
      underlying,
      enumerators,
    });
  }
  return { kind: 'enum', key };
}

function fixedUnderlying(context: ParseContext, node: SyntaxNode | undefined): IntegerName | undefined {
  if (!node) return undefined;
  let type = baseType(context, node, '');
  while (type.kind === 'typedef') {
    const target = context.typedefs.get(type.name);
    if (!target) return undefined;
    type = target.type;
  }
  return type.kind === 'integer' ? type.name : undefined;
}

function readEnumerators(context: ParseContext, body: SyntaxNode, forced: IntegerName | undefined): Enumerator[] {
  const list: Enumerator[] = [];
  let next = 0n;
  let isKnown = true;
  for (const child of body.children) {
    if (child.type !== 'enumerator') continue;
    const [nameNode, valueNode] = [child.children[0], child.children.find((c) => c.field === 'value')];
    if (!nameNode) continue;
    if (valueNode) {
      const value = constantInteger(context, context.tokensOf(valueNode));
      if (typeof value === 'string' && isBeyond(value)) {
        const name = context.firstToken(nameNode);
        const origin = context.origins.at(name.file, name.offset);
        context.unsupported.push({ kind: 'constant', name: name.text, reason: `its value ${value}`, origin });
        isKnown = false;
        continue;
      }
      isKnown = true;
      if (typeof value === 'string') {
        context.error(
          'enumerator',
          `the value of this enumerator is not a constant: ${value}`,
          context.firstToken(valueNode),
        );
      } else next = value;
    }
    if (forced) next = wrapped(context, next, forced);
    const name = context.text(nameNode);
    if (!isKnown) {
      const { file, offset } = context.firstToken(nameNode);
      const reason = 'it follows an enumerator whose value is not known';
      context.unsupported.push({ kind: 'constant', name, reason, origin: context.origins.at(file, offset) });
      continue;
    }
    const doc = context.doc(child);
    list.push({ name, value: next, ...(doc ? { doc } : {}) });
    // Later enumerators of the same list may refer to it (C11 6.2.1p7).
    context.enumerators.set(name, {
      value: next,
      type: {
        kind: 'integer',
        name: fits(context, next, 'int') ? 'int' : fits(context, next, 'long') ? 'long' : 'llong',
      },
    });
    next += 1n;
  }
  return list;
}

/** The type that GCC and Clang choose: the first of these that holds all values. */
function enumStorage(context: ParseContext, enumerators: readonly Enumerator[], isPacked: boolean): IntegerName {
  const negative = enumerators.some((e) => e.value < 0n);
  const small: IntegerName[] = negative ? ['schar', 'short'] : ['uchar', 'ushort'];
  const usual: IntegerName[] = negative ? ['int', 'long', 'llong'] : ['uint', 'ulong', 'ullong'];
  const candidates = isPacked ? [...small, ...usual] : usual;
  return candidates.find((name) => enumerators.every((e) => fits(context, e.value, name))) ?? candidates.at(-1)!;
}

/** The value that an integer type of this size keeps of it. */
function wrapped(context: ParseContext, value: bigint, name: IntegerName): bigint {
  const bits = sizeOf(name, context.target) * 8;
  return isSigned(name, context.target) ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
}

function fits(context: ParseContext, value: bigint, name: IntegerName): boolean {
  const { min, max } = integerLimits(context.target, name);
  return value >= min && value <= max;
}
