// dlshim history suggest: features that a library's history suggests, beside those of its configuration. `generate` puts them into the shim.

import type { LoadedLibrary } from '../config/config.ts';
import { functionsIn } from '../emit/features.ts';
import type { History } from '../history/history.ts';
import { indexOf } from '../history/select.ts';
import { type SuggestedFeature, suggestedFeatures } from '../history/suggest.ts';
import { isList } from '../model/features.ts';
import { one } from './history.ts';
import { historyPath, readHistory, within } from './history-files.ts';
import { colors } from './output.ts';
import { type SourceFlags, targetsOf } from './source.ts';

export async function suggest(name: string, flags: SourceFlags): Promise<void> {
  const library = await one(name, flags);
  const history = readHistory(library, targetsOf(library, flags)[0]!);
  const baseline = history.versions[baselineOf(library, history)]!.version;
  const features = suggestionsFor(library, history);
  if (flags.json) process.stdout.write(`${JSON.stringify({ library: name, baseline, features }, undefined, 2)}\n`);
  else process.stdout.write(text(name, baseline, features));
}

/** What a history suggests beside the configuration of its library. */
export function suggestionsFor(library: LoadedLibrary, history: History): readonly SuggestedFeature[] {
  const { features = {} } = library.config;
  const functions = history.functions.filter(({ eras }) => !eras.at(-1)!.decl.unsupported).map(({ key }) => key);
  return suggestedFeatures(history, baselineOf(library, history), {
    isWanted: () => true,
    features: new Map(
      Object.entries(features).map(([key, feature]) => [
        key,
        isList(feature) ? [...functionsIn({ [key]: feature }, functions)] : [],
      ]),
    ),
  });
}

/** Its index. */
function baselineOf(library: LoadedLibrary, history: History): number {
  const { baseline } = library.config;
  return baseline === undefined ? 0 : within(historyPath(library), () => indexOf(history, baseline));
}

function text(library: string, baseline: string, found: readonly SuggestedFeature[]): string {
  if (found.length === 0) return `${library}: after ${baseline} nothing came that is not in a feature already\n`;
  const c = colors(process.stdout);
  const list = found.map(({ name, symbols, reason }) => {
    return `${c.bold(name)}: ${reason}\n${symbols.map((symbol) => `  ${symbol}\n`).join('')}`;
  });
  return list.join('');
}
