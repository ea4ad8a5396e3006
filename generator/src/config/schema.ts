// In: the content of a configuration file. Out: the same, typed; or a ConfigError with every key that is wrong.
// The only importer of zod.

import { z } from 'zod';
import type { Feature } from '../model/features.ts';
import { didYouMean } from '../model/near.ts';
import type { ConfiguredVersionCall } from '../model/version-call.ts';
import { allTargets, findTarget } from '../targets/targets.ts';
import type { Config } from './define.ts';
import { ConfigError } from './error.ts';
import type { LibraryConfig } from './library.ts';

/** What stands in a dlshim.config.ts beside the libraries, for all of them. */
const forAll = {
  docs: z.boolean().optional(),
  runtime: z.string().optional(),
};

const names = z.array(z.string().min(1));

const symbol = z.string().min(1);
const argument = z
  .int()
  .min(-(2 ** 31))
  .max(2 ** 31 - 1)
  .optional();
const constants = names.min(1).optional();
const versionSchema: z.ZodType<ConfiguredVersionCall> = z.discriminatedUnion('kind', [
  z.strictObject({ symbol, constants, kind: z.literal('triple') }),
  z.strictObject({ symbol, constants, kind: z.literal('number') }),
  z.strictObject({ symbol, constants, kind: z.literal('string'), argument, until: z.string().min(1).optional() }),
  z.strictObject({
    symbol,
    constants,
    kind: z.literal('record'),
    argument,
    record: z.string().min(1),
    members: names.min(1),
  }),
  z.strictObject({ symbol, constants, kind: z.literal('functions'), others: names.min(1) }),
]);

/** A list, or conditions of which there is one at least. */
const featureSchema: z.ZodType<Feature> = z.lazy(() =>
  z.any().superRefine((value: unknown, context) => {
    const schema: z.ZodType = Array.isArray(value) ? names.min(1) : conditionsSchema;
    for (const issue of schema.safeParse(value).error?.issues ?? []) context.addIssue({ ...issue } as never);
  }),
);
const conditions = {
  symbols: names.min(1).optional(),
  versions: z.string().min(1).optional(),
  reported: z.string().min(1).optional(),
  constants: names.min(1).optional(),
  members: names.min(1).optional(),
  layouts: z.record(z.string().min(1), z.string().min(1)).optional(),
  any: z.array(featureSchema).min(1).optional(),
  not: featureSchema.optional(),
};
const CONDITIONS = Object.keys(conditions);
const conditionsSchema = z
  .strictObject(conditions)
  .refine((value) => Object.keys(value).length > 0, 'a feature without a condition would always be there');

const librarySchema = z.strictObject({
  $schema: z.string().optional(),
  name: z.string().regex(/^[A-Za-z_]\w*$/, 'a library name is an identifier: it names the exported shim'),
  version: z.string().optional(),
  headers: names.min(1),
  files: z.record(z.string(), names.min(1)),
  targets: z
    .array(
      z.string().refine((name) => findTarget(name) !== undefined, `one of ${allTargets.map((t) => t.name).join(', ')}`),
    )
    .min(1)
    .optional(),
  own: names.optional(),
  sysroots: names.optional(),
  includeDirs: names.optional(),
  pkgConfig: names.optional(),
  defines: names.optional(),
  packages: z.record(z.string(), z.string()).optional(),
  filePackages: z.record(z.string(), z.record(z.string(), names.min(1))).optional(),
  headerPackages: z.record(z.string(), names).optional(),
  versionCall: versionSchema.optional(),
  variadics: z
    .record(z.string(), z.strictObject({ option: z.string().min(1), types: z.record(z.string().min(1), names.min(1)) }))
    .optional(),
  require: names.optional(),
  weak: names.optional(),
  features: z.record(z.string().min(1), featureSchema).optional(),
  incompatible: z.array(z.strictObject({ symbol: z.string(), reason: z.string() })).optional(),
  sonames: z.record(z.string(), names.min(1)).optional(),
  parameters: z.record(z.string().min(1), z.record(z.string().min(1), z.string().min(1))).optional(),
  handles: z.record(z.string().min(1), z.boolean()).optional(),
  snapshot: z.string().optional(),
  history: z.string().min(1).optional(),
  baseline: z.string().min(1).optional(),
  usedBy: names.min(1).optional(),
  keep: names.optional(),
});

/** A path, or a library. Not a union: of that, zod says only that neither fits. */
const entrySchema = z.unknown().superRefine((entry, context) => {
  if (typeof entry === 'string') return;
  for (const issue of librarySchema.safeParse(entry).error?.issues ?? []) {
    context.addIssue({ code: 'custom', message: messageOf(issue, librarySchema), path: [...issue.path] });
  }
}) as z.ZodType<string | LibraryConfig>;

const drivers = z.array(z.strictObject({ sources: names.min(1), out: z.string().min(1) })).min(1);

const configSchema = z.strictObject({
  out: z.string().min(1),
  libraries: z.array(entrySchema).min(1),
  drivers: drivers.optional(),
  ...forAll,
  usedBy: names.min(1).optional(),
  keep: names.optional(),
});

/** Of a program that generates no shims of its own. */
const driversSchema = z.strictObject({
  out: z.undefined().optional(),
  libraries: z.undefined().optional(),
  drivers,
  ...forAll,
});

export function checkConfig(data: unknown, path: string): Config {
  const keys = typeof data === 'object' && data !== null ? Object.keys(data) : [];
  const isOfDrivers = keys.includes('drivers') && !keys.includes('libraries') && !keys.includes('out');
  return check<Config>(isOfDrivers ? driversSchema : configSchema, data, path);
}

export function checkLibrary(data: unknown, path: string): LibraryConfig {
  return check(librarySchema, data, path);
}

function check<T>(schema: Schema<T>, data: unknown, path: string): T {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const problems = result.error.issues.map(
    (issue) => `  ${issue.path.join('.') || '(top level)'}: ${messageOf(issue, schema)}`,
  );
  throw new ConfigError(`${path}: it is not a valid configuration\n${problems.join('\n')}`);
}

/** A schema that knows its keys. */
type Schema<T> = z.ZodType<T> & { readonly shape: object };

function messageOf(issue: z.core.$ZodIssue, schema: Schema<unknown>): string {
  if (issue.code !== 'unrecognized_keys') return issue.message;
  const known = issue.path[0] === 'features' ? CONDITIONS : issue.path.length > 0 ? [] : Object.keys(schema.shape);
  return issue.keys
    .map((key) =>
      Object.hasOwn(forAll, key)
        ? `\`${key}\` stands at the top level of dlshim.config.ts, beside \`libraries\`: it is for all of them`
        : `there is no key \`${key}\`${didYouMean(key, known)}`,
    )
    .join('; ');
}
