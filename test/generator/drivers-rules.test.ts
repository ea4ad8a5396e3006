// The rules of `dlshim drivers` beside those of the runtime: descriptors of good and bad parts, written down and read again. What passes here
// the runtime takes, and what the runtime refuses is refused here.
// Run: npx vitest run test/generator/drivers-rules.test.ts

import { join } from 'node:path';
import fc from 'fast-check';
import * as morph from 'ts-morph';
import { expect, test } from 'vitest';
import { readDrivers } from '../../generator/src/typescript/drivers.ts';
import { literalText } from '../../generator/src/typescript/literal-text.ts';
import { Modules } from '../../generator/src/typescript/modules.ts';
import type { JsonObject } from '../../generator/src/typescript/plain-data.ts';
import { faultOf } from '../../runtime/src/drivers/known.ts';
import { driver, project, write } from './drivers-project.ts';

/** Mostly the first, which is right. */
const of = <T>(good: fc.Arbitrary<T>, ...bad: readonly unknown[]): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 12, arbitrary: good }, { weight: 1, arbitrary: fc.constantFrom(...bad) });
const some = (record: Readonly<Record<string, fc.Arbitrary<unknown>>>, ...required: readonly string[]) =>
  fc.record(record, { requiredKeys: [...required], noNullPrototype: true });

const formats = fc.constantFrom(['dmg'], ['dmg', 'qcow2'], ['7z']);
const score = of(fc.integer({ min: 1, max: 99 }), 0, 101, 100, 'much', -1);
const format = of(fc.constant('dmg'), 'none', 7, '7z');
const hex = of(fc.constantFrom('89504e47', '00', 'FF00ff00'), '0x89', '895', '', 7);
const probe = fc.oneof(
  some(
    { offset: of(fc.integer(), 0.5, '0'), text: of(fc.constantFrom('koly', 'a'), '', 'ö', 7), score, format },
    'text',
    'score',
    'offset',
  ),
  some(
    { offset: of(fc.integer({ min: -9, max: 9 }), 0.5), hex, mask: of(fc.constant('ff'), 'f', 'ffff'), score },
    'hex',
    'score',
  ),
  some({ suffix: of(fc.constantFrom('.dmg', '.a.b'), 'dmg', '.', './x', 7), score, format }, 'suffix', 'score'),
  some({ offset: fc.nat(), text: fc.constant('a'), hex: fc.constant('00'), score }, 'score'),
);
const limits = {
  minimum: of(fc.integer({ min: -5, max: 5 }), '1', 0.5),
  maximum: of(fc.integer({ min: 5, max: 9 }), null, -9),
};
const common = {
  description: of(fc.constant('what it is'), '', 7),
  required: of(fc.boolean(), 1),
  secret: fc.boolean(),
};
const option = fc.oneof(
  some(
    {
      ...common,
      type: fc.constant('string'),
      default: of(fc.constantFrom('a', 'b', ''), 7),
      choices: of(fc.constantFrom(['a'], ['a', 'b']), 'a', [7], null),
    },
    'type',
    'description',
  ),
  some({ ...common, type: fc.constant('boolean'), default: of(fc.boolean(), 'yes', 0) }, 'type', 'description'),
  some(
    {
      ...common,
      ...limits,
      type: of(fc.constantFrom('integer', 'number', 'size'), 'int'),
      default: of(fc.integer({ min: -9, max: 9 }), 0.5, '7', 1e300),
    },
    'type',
    'description',
  ),
);
const descriptor = fc
  .record(
    {
      name: of(fc.constantFrom('rbd', 'a-b_c', 'X9'), 'a b', '9x', '', 'a.b'),
      description: of(fc.constant('x'), ''),
      opens: of(
        fc.oneof(
          fc.constantFrom(['rbd'], ['http', 'https'], ['a+b.c-d']).map((protocols) => ({ protocols })),
          some(
            { formats, probes: fc.array(probe, { maxLength: 2 }), needsCode: fc.boolean() },
            'formats',
          ) as fc.Arbitrary<object>,
        ),
        {},
        { protocols: [] },
        { protocols: ['rbd:'] },
        { protocols: [null] },
        { protocols: 'rbd' },
        { formats: [7] },
        { formats: ['dmg'], probes: [null] },
        { protocols: ['c'] },
        { protocols: ['RBD'] },
        { formats: ['a b'] },
        { formats: ['.'] },
        { protocols: ['rbd'], formats: ['rbd'] },
        { protocols: ['rbd'], needsCode: true },
      ),
      host: of(fc.constantFrom('1.0.0', '2', '10.20'), 'v1', '', 1.2, 'new', '1.x', '1.', '1..2'),
      options: fc.dictionary(
        of(fc.constantFrom('port', 'tcp-syncnt', 'a_b'), '1a', 'a b') as fc.Arbitrary<string>,
        option,
        {
          maxKeys: 2,
          noNullPrototype: true,
        },
      ),
    },
    { requiredKeys: ['name', 'description', 'opens'], noNullPrototype: true },
  )
  .map(({ opens, ...rest }) => ({ ...rest, ...(opens as object) }) as JsonObject);

test('a descriptor that passes is taken by the runtime, and one that the runtime refuses does not pass', () => {
  const folder = project({});
  let passed = 0;
  let refused = 0;
  fc.assert(
    fc.property(descriptor, (data) => {
      const text = driver(literalText(data, '  ', 2, 1));
      write(folder, { 'x.ts': text });
      const { drivers, problems } = readDrivers([{ file: join(folder, 'x.ts'), isNamed: true }], new Modules(morph));
      const errors = problems.filter(({ severity }) => severity === 'error').map(({ message }) => message);
      expect(drivers[0]?.descriptor).toEqual(data);
      const fault = faultOf({ ...data, module: () => {} } as never);
      if (errors.length === 0) passed += 1;
      if (fault !== undefined) refused += 1;
      if (errors.length === 0) expect(fault).toBeUndefined();
    }),
    { numRuns: 500, seed: 11 },
  );
  // Neither side has it easy.
  expect(passed).toBeGreaterThan(100);
  expect(refused).toBeGreaterThan(100);
});
