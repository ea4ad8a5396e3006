// A built shim in, the same module with little to compile out: V8 reads a string some ten times as fast as the object that it says, and
// what nobody opens need not become an object at all. Records and descriptor are JSON that is parsed when one of them is first looked
// at; constants stand in one statement; comments are those of the declarations (.d.ts) beside it. Follows ECMA-262 16.2 (modules).

import { isDeepStrictEqual } from 'node:util';
import { parseAst } from 'rolldown/parseAst';

export const MARK = '// Compact: ';

// Objects stay objects to whoever looks at them: own members, in the same order.
const LAZILY = `const lazily = (text, more) => {
  let value;
  const all = () => (value ??= Object.assign(JSON.parse(text), more));
  return new Proxy({}, {
    get: (_, name) => all()[name],
    has: (_, name) => name in all(),
    ownKeys: () => Reflect.ownKeys(all()),
    getOwnPropertyDescriptor: (_, name) => Reflect.getOwnPropertyDescriptor(all(), name),
    set: () => false,
    defineProperty: () => false,
    deleteProperty: () => false,
  });
};`;

/** @param {string} text a module that the generator has written and tsc has translated */
export function compact(text) {
  const { body } = parseAst(text);
  const { shim, records, ...descriptor } = descriptorOf(text, body);
  /** @type {string[]} */
  const constants = [];
  /** @type {string[]} */
  const lines = [];
  const flush = () => {
    if (constants.length > 0) lines.push(`export const ${constants.splice(0).join(',')};`);
  };
  for (const statement of body) {
    const source = sourceOf(text, statement);
    const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (declaration?.type !== 'VariableDeclaration') {
      flush();
      lines.push(source);
      continue;
    }
    for (const { id, init } of declaration.declarations) {
      const name = sourceOf(text, id);
      if (name === 'records') {
        lines.push(`const records = ${lazily(records)};`);
      } else if (name === shim) {
        // Values of 64 bits, which JSON does not have, are among the constants alone.
        const { constants: values, ...rest } = descriptor.value;
        const more = [
          isEmpty(records) ? 'records: {}' : 'records',
          ...(values ? [`constants: ${literal(values)}`] : []),
        ];
        constants.push(`${name} = /* @__PURE__ */ defineShim(${lazily(rest, more.join(', '))})`);
      } else {
        const pure = init?.type === 'CallExpression' ? '/* @__PURE__ */ ' : '';
        constants.push(`${name} = ${pure}${sourceOf(text, init)}`);
      }
    }
  }
  flush();
  return `${MARK}see the source and the declarations of the same name.\n${lines[0]}\n${LAZILY}\n${lines.slice(1).join('\n')}\n`;
}

/** The name of a module's shim and its descriptor, by running the module with a defineShim that gives back what it gets.
 *  @param {string} text @param {readonly { type: string }[]} body */
function descriptorOf(text, body) {
  const statements = body
    .filter(({ type }) => type !== 'ImportDeclaration')
    .map((statement) => sourceOf(text, statement).replace(/^export /, ''));
  const [, shim] = /^export const (\w+) = (?:\/\* @__PURE__ \*\/ )?defineShim\(/m.exec(text) ?? [];
  if (!shim) throw new Error('a module without a shim');
  const run = new Function('defineRecord', 'defineShim', `${statements.join('\n')}\nreturn ${shim};`);
  const { records, ...value } = run(
    () => undefined,
    (/** @type {object} */ given) => given,
  );
  return { shim, records, value };
}

/** @param {object} value */
const isEmpty = (value) => Object.keys(value).length === 0;

/** @param {string} text @param {unknown} node */
function sourceOf(text, node) {
  const { start, end } = /** @type {{ start: number, end: number }} */ (node);
  return text.slice(start, end);
}

/** A value as JavaScript writes it. @param {unknown} value @returns {string} */
function literal(value) {
  if (typeof value === 'bigint') return `${value}n`;
  if (Array.isArray(value)) return `[${value.map(literal).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value).map(([name, each]) => `[${JSON.stringify(name)}]:${literal(each)}`)}}`;
}

/** @param {object} value @param {string} [more] */
function lazily(value, more) {
  const json = JSON.stringify(value);
  if (!isDeepStrictEqual(JSON.parse(json), value)) throw new Error('a shim has what JSON cannot say');
  // Between single quotes, JSON has next to nothing to escape.
  return `lazily('${json.replace(/[\\']/g, '\\$&')}'${more ? `, { ${more} }` : ''})`;
}
