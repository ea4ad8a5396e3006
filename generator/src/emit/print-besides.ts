// In: a ModulePlan. Out: the text of what a table has besides functions: the types of values behind `...`, function types by name, data
// symbols. Formatting only, as in print.ts.

import { besidesNames, type DataPlan, type ModulePlan, type OptionPlan, type VariadicPlan } from './module.ts';
import { propertyName } from './names.ts';
import { printDoc, printEntry, printList, printObject, section } from './print-text.ts';
import type { Variants } from './variants.ts';
import type { Writer } from './writer.ts';

/** Members of records that point to a function, by the name that `callback` knows them by. */
function functionMembers(plan: ModulePlan): readonly (readonly [record: string, member: string])[] {
  return plan.records.flatMap(({ name, of, fields }) =>
    of === undefined
      ? fields.filter(({ type }) => /^fn<.*>$/.test(type)).map((field) => [name, field.name] as const)
      : [],
  );
}

/** Other names of records with such members: `z_stream` of `z_stream_s`. */
function aliases(plan: ModulePlan): ModulePlan['recordAliases'] {
  const records = new Set(functionMembers(plan).map(([record]) => record));
  return plan.recordAliases.filter(({ record }) => records.has(record));
}

/** What `callback` and `functionAt` take. */
export function callbackNames(plan: ModulePlan): readonly string[] {
  const others = aliases(plan);
  return [
    ...plan.callbacks.map(({ name }) => name),
    ...functionMembers(plan).flatMap(([record, member]) => {
      const names = others.filter((other) => other.record === record).map(({ name }) => name);
      return [record, ...names].map((name) => `${name}.${member}`);
    }),
  ];
}

/** Whether the shim has type parameters for these. */
export function hasBesides(plan: ModulePlan): boolean {
  return plan.callbacks.length + plan.data.length + functionMembers(plan).length > 0;
}

export function printBesides(writer: Writer, plan: ModulePlan): void {
  if (plan.variadics.length > 0) section(writer, 'Values behind `...`.');
  for (const [at, variadic] of plan.variadics.entries()) {
    if (at > 0) writer.blankLine();
    printValues(writer, variadic);
  }
  if (!hasBesides(plan)) return;
  const [callbacks, data] = besidesNames(plan.name);
  section(writer, 'Function types by name, and data symbols.');
  printDoc(writer, ['What `callback` and `functionAt` take: types, and members of records that point to a function.']);
  const others = aliases(plan);
  printInterface(writer, callbacks, [
    ...plan.callbacks.map(({ name }) => `${propertyName(name)}: ${name};`),
    ...functionMembers(plan).flatMap(([record, member]) => {
      const names = others.filter((other) => other.record === record).map(({ name }) => name);
      return [record, ...names].map((name) => `'${name}.${member}': ${record}['${member}'];`);
    }),
  ]);
  writer.blankLine();
  printDoc(writer, ["The library's variables."]);
  if (plan.data.length === 0) writer.writeLine(`export interface ${data} {}`);
  else
    writer.write(`export interface ${data} `).block(() => {
      for (const variable of plan.data) printVariable(writer, variable);
    });
}

function printInterface(writer: Writer, name: string, members: readonly string[]): void {
  if (members.length === 0) writer.writeLine(`export interface ${name} {}`);
  else
    writer.write(`export interface ${name} `).block(() => {
      for (const member of members) writer.writeLine(member);
    });
}

function printVariable(writer: Writer, { name, type, isConst, weak, typescript, doc }: DataPlan): void {
  printDoc(writer, doc);
  const absent = weak ? ' | undefined' : '';
  const property = propertyName(name);
  if (isConst || type === 'void') writer.writeLine(`readonly ${property}: ${typescript}${absent};`);
  else if (type === 'str') {
    writer.writeLine(`get ${property}(): string | null${absent};`);
    writer.writeLine(`set ${property}(address: c.Pointer | null);`);
  } else writer.writeLine(`${property}: ${typescript}${absent};`);
}

function printValues(writer: Writer, { function: name, typeName, options }: VariadicPlan): void {
  printDoc(writer, [`What \`${name}\` takes behind each option.`]);
  writer.write(`export interface ${typeName} `).block(() => {
    for (const [c, group] of groups(options, (o) => o.c)) {
      writer.writeLine(`// ${c}`);
      for (const { constant, typescript } of group) writer.writeLine(`[${constant}]: ${typescript};`);
    }
  });
}

/** The entries of the descriptor. */
export function printBesidesEntries(writer: Writer, plan: ModulePlan): void {
  const { callbacks, data, options } = plan.variants ?? {};
  const quoted = (text: string): string => `'${text}'`;
  if (plan.callbacks.length) {
    printObject(writer, 'callbacks', plan.callbacks, ({ name, signature }) =>
      printEntry(writer, propertyName(name), signature, callbacks?.get(name), quoted),
    );
  }
  const others = aliases(plan);
  if (others.length) {
    printObject(writer, 'aliases', others, ({ name, record }) =>
      printEntry(writer, propertyName(name), quoted(record), undefined),
    );
  }
  for (const [key, isWeak] of [
    ['data', false],
    ['weakData', true],
  ] as const) {
    const list = plan.data.filter((d) => d.weak === isWeak);
    if (list.length === 0) continue;
    printObject(writer, key, list, (d) =>
      printEntry(writer, propertyName(d.name), d.type, data?.get(d.name), (type) => quoted(constText(d, type))),
    );
  }
  if (plan.variadics.length) {
    printObject(writer, 'variadics', plan.variadics, (variadic) => printVariadic(writer, variadic, options));
  }
}

function constText({ isConst }: DataPlan, type: string): string {
  return isConst ? `const ${type}` : type;
}

function printVariadic(
  writer: Writer,
  { function: name, parameter, options }: VariadicPlan,
  variants: ReadonlyMap<string, Variants> | undefined,
): void {
  const typeOf = ({ name: option, type }: OptionPlan): string => {
    const own = variants?.get(optionKey(name, option));
    return own ? `{ ${[...own].map(([target, text]) => `'${target}': '${text}'`).join(', ')} }` : `'${type}'`;
  };
  writer.write(`${propertyName(name)}: `).inlineBlock(() => {
    writer.writeLine(`parameter: ${parameter},`);
    writer.writeLine('types: [');
    writer.indent(() => {
      for (const [type, group] of groups(options, typeOf)) {
        const names = group.map(optionEntry);
        printList(writer, `[${type}, { `, names, ', ', ' }],');
      }
    });
    writer.writeLine('],');
  });
  writer.write(',').newLine();
}

/** `CURLOPT_URL`, or where its constant has another name, or is a number, `'1002': 1002`. */
function optionEntry({ name, constant }: OptionPlan): string {
  if (!/^[-\d]/.test(name)) return constant === name ? name : `${name}: ${constant}`;
  return `'${name}': ${constant}`;
}

/** The key of an option's variants. */
export function optionKey(name: string, option: string): string {
  return `${name} ${option}`;
}

function groups<T>(list: readonly T[], key: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>();
  for (const item of list) {
    const known = found.get(key(item));
    if (known) known.push(item);
    else found.set(key(item), [item]);
  }
  return found;
}
