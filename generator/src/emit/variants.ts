// In: what each target says of one thing. Out: one value that fits all, the variants that the module carries beside it, or words on
// who says what.

/** What is said, by the name of the target; in the order of the targets. */
export type Said<T> = ReadonlyMap<string, T>;

/** Values of targets that are not all the same: `*` is the one that most of them have. */
export type Variants = ReadonlyMap<string, string>;

/** Undefined where all targets say the same. */
export function variantsOf(said: Said<string>): Variants | undefined {
  const groups = grouped(said);
  if (groups.size === 1) return undefined;
  const [most] = [...groups].sort(([, a], [, b]) => b.length - a.length)[0]!;
  const others = [...said].filter(([, value]) => value !== most);
  return new Map([['*', most], ...others]);
}

/** `4 for c; 8 for the others`. */
export function whoSaysWhat(said: Said<string>): string {
  const groups = [...grouped(said)].sort(([, a], [, b]) => a.length - b.length);
  const last = groups.length - 1;
  return groups
    .map(([value, targets], at) => {
      const isRest = at === last && at > 0 && targets.length > 1;
      return `${value} for ${isRest ? 'the others' : listed(targets)}`;
    })
    .join('; ');
}

export function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function grouped(said: Said<string>): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [target, value] of said) groups.set(value, [...(groups.get(value) ?? []), target]);
  return groups;
}

/** One TypeScript type that fits what all targets say: a number of 32 bits here and 64 bits there is a `c.Int64`, an enumeration with
 *  other values is a number, and a pointer to such numbers takes plain arrays but no typed ones. Undefined where there is none. */
export function unified(said: Said<string>): string | undefined {
  const texts = new Set(said.values());
  if (texts.size === 1) return [...texts][0];
  let [result, ...others] = [...texts].map(words) as [string[], ...string[][]];
  for (const other of others) {
    if (other.length !== result.length) return undefined;
    const joined = result.map((word, at) => joinWords(word, other[at]!));
    if (joined.includes(undefined)) return undefined;
    result = joined as string[];
  }
  return result.join('');
}

const NUMERIC = /^(number|c\.Int64|c\.Enum<[-\d\s|]*>)$/;
const ARRAYS = /^(Big)?(Int|Uint|Float)\d+Array$/;

function words(text: string): string[] {
  return text.match(/c\.Enum<[-\d\s|]*>|c\.\w+|[\w$]+|\s+|[^\w\s$]/g) ?? [];
}

function joinWords(a: string, b: string): string | undefined {
  if (a === b) return a;
  if (ARRAYS.test(a) && ARRAYS.test(b)) return 'never';
  if (!NUMERIC.test(a) || !NUMERIC.test(b)) return undefined;
  return a === 'c.Int64' || b === 'c.Int64' ? 'c.Int64' : 'number';
}

/** A name that a type mentions; names of parameters and of the runtime's types are none. */
const MENTION = /(?<![\w$.'])([A-Za-z_$][\w$]*)(?![\w$]|\??:)/g;

export function mentioned(text: string): readonly string[] {
  return [...text.matchAll(MENTION)].map(([, name]) => name!);
}

/** The type with what the names in it stand for, where `meaning` knows it. */
export function expanded(text: string, meaning: (name: string) => string | undefined): string {
  return text.replace(MENTION, (name: string) => {
    const found = meaning(name);
    if (found === undefined) return name;
    return /[\s|]/.test(found) && !/^c\.Enum<[^<>]*>$/.test(found) ? `(${found})` : found;
  });
}

/** A comment for all targets: where a line differs, what it is elsewhere stands below it. */
export function unifiedDoc(said: Said<readonly string[]>): readonly string[] {
  const [first, ...others] = [...said.values()];
  if (others.some((doc) => doc.length !== first!.length)) return first!;
  return first!.flatMap((_, at) => {
    const lines = [...said].map(([target, doc]): [string, string] => [target, doc[at]!]);
    // Where it stands may differ by a line or two, and is worth no words.
    const words = lines.map(([target, line]): [string, string] => [target, line.replace(/ \([^()]*:\d+\)$/, '')]);
    const variants = variantsOf(new Map(words)) && variantsOf(new Map(lines));
    if (!variants) return [first![at]!];
    const [common, ...rest] = [...variants];
    return [common![1], ...rest.map(([target, line]) => `On ${target}: ${line}`)];
  });
}
