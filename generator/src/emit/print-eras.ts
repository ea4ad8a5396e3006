// In: what a module knows of several versions. Out: its text in the descriptor: history, layouts, signatures, alternatives, constants, and
// features with conditions. Formatting only, as in print.ts.

import type { ConstantValue } from '../model/api.ts';
import { type Gate, isList, provenBy } from '../model/features.ts';
import type { ConstantPlan, HistoryPlan, ModulePlan } from './module.ts';
import { propertyName } from './names.ts';
import { printEntry, printFilled, printList, printObject, quote } from './print-text.ts';
import type { Writer } from './writer.ts';

/** Whether only runtimes that know several versions can read the module. */
export function usesVersions(plan: ModulePlan): boolean {
  return plan.eras !== undefined || plan.features.some(({ gate }) => !isList(gate));
}

/** The functions that a feature proves to be there, of those that may be missing. */
export function printProven(writer: Writer, plan: ModulePlan): void {
  const weak = new Set(plan.weak.map(({ name }) => name));
  for (const { name, gate } of plan.features) {
    const list = provenBy(gate).filter((symbol) => weak.has(symbol));
    printList(writer, `${propertyName(name)}: `, list.length ? list.map(quote) : ['never'], ' | ', ';');
  }
}

export function printFeatures(writer: Writer, plan: ModulePlan): void {
  printObject(writer, 'features', plan.features, ({ name, gate }) =>
    printGate(writer, `${propertyName(name)}: `, gate),
  );
}

function printGate(writer: Writer, head: string, gate: Gate): void {
  if (isList(gate)) {
    printList(writer, `${head}[`, gate.map(quote), ', ', '],');
    return;
  }
  const plain = gateText(gate);
  if (head.length + plain.length + writer.indentation < 120) {
    writer.writeLine(`${head}${plain},`);
    return;
  }
  const { symbols, versions, reported, facts, any, not } = gate;
  writer.write(head).inlineBlock(() => {
    if (symbols) printList(writer, 'symbols: [', symbols.map(quote), ', ', '],');
    if (versions !== undefined) writer.writeLine(`versions: ${quote(versions)},`);
    if (reported !== undefined) writer.writeLine(`reported: ${quote(reported)},`);
    if (facts)
      printObject(writer, 'facts', Object.entries(facts), ([fact, ranges]) =>
        writer.writeLine(`${quote(fact)}: ${quote(ranges)},`),
      );
    if (any) {
      writer.writeLine('any: [');
      writer.indent(() => {
        for (const one of any) printGate(writer, '', one);
      });
      writer.writeLine('],');
    }
    if (not) printGate(writer, 'not: ', not);
  });
  writer.write(',').newLine();
}

/** On one line. */
function gateText(gate: Gate): string {
  if (isList(gate)) return `[${gate.map(quote).join(', ')}]`;
  const { symbols, versions, reported, facts, any, not } = gate;
  const parts = [
    ...(symbols ? [`symbols: ${gateText(symbols)}`] : []),
    ...(versions === undefined ? [] : [`versions: ${quote(versions)}`]),
    ...(reported === undefined ? [] : [`reported: ${quote(reported)}`]),
    ...(facts
      ? [
          `facts: { ${Object.entries(facts)
            .map((entry) => entry.map(quote).join(': '))
            .join(', ')} }`,
        ]
      : []),
    ...(any ? [`any: [${any.map(gateText).join(', ')}]`] : []),
    ...(not ? [`not: ${gateText(not)}`] : []),
  ];
  return `{ ${parts.join(', ')} }`;
}

/** `literal` is how a constant's value is written. */
export function printEras(writer: Writer, plan: ModulePlan, literal: (value: ConstantValue) => string): void {
  if (!plan.eras) return;
  const { history, layouts, signatures, alternatives } = plan.eras;
  printHistory(writer, history);
  const pair = (versions: string, value: string): string => `[${quote(versions)}, ${value}]`;
  printKnown(writer, 'layouts', [...layouts], ([name, eras]) => {
    const list = eras.map(([versions, layout]) => pair(versions, layout === null ? 'null' : quote(layout)));
    printList(writer, `${propertyName(name)}: [`, list, ', ', '],');
  });
  printKnown(writer, 'signatures', [...signatures], ([name, eras]) => {
    const list = eras.map(({ versions, signature, slot }) => {
      const variants = plan.variants?.signatures.get(slot);
      const each = [...(variants ?? [])].map(([target, own]) => `${quote(target)}: ${quote(own)}`);
      return pair(versions, signature === null ? 'null' : variants ? `{ ${each.join(', ')} }` : quote(signature));
    });
    printList(writer, `${propertyName(name)}: [`, list, ', ', '],');
  });
  printKnown(writer, 'alternatives', [...alternatives], ([slot, { of, versions, symbolVersion }]) => {
    const version = symbolVersion === undefined ? '' : `, symbolVersion: ${quote(symbolVersion)}`;
    printEntry(writer, propertyName(slot), `{ of: ${quote(of)}, versions: ${quote(versions)}${version} }`, undefined);
  });
  const constants = plan.constants.filter((d): d is ConstantPlan & Required<Pick<ConstantPlan, 'eras'>> => !!d.eras);
  printKnown(writer, 'constants', constants, ({ name, eras }) => {
    const list = eras.map(({ versions, value }) => pair(versions, literal(value)));
    printList(writer, `${propertyName(name)}: [`, list, ', ', '],');
  });
}

/** What there is none of is left out. */
function printKnown<T>(writer: Writer, key: string, items: readonly T[], print: (item: T) => void): void {
  if (items.length) printObject(writer, key, items, print);
}

function printHistory(writer: Writer, { versions, baseline, reported, sonames, symbols }: HistoryPlan): void {
  writer.write('history: ').inlineBlock(() => {
    printFilled(writer, 'versions: [', versions.map(quote), '],');
    writer.writeLine(`baseline: ${quote(baseline)},`);
    if (reported) {
      const list = reported.map((text) => (text === null ? 'null' : quote(text)));
      printFilled(writer, 'reported: [', list, '],');
    }
    if (sonames) {
      const list = sonames.map((names) => `[${names.map(quote).join(', ')}]`);
      printFilled(writer, 'sonames: [', list, '],');
    }
    printObject(writer, 'symbols', symbols, ([ranges, names]) =>
      printFilled(writer, `${quote(ranges)}: [`, names.map(quote), '],'),
    );
  });
  writer.write(',').newLine();
}
