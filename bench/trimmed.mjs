// Shims that carry what a program uses (`generate --used-by`) against the whole ones: their sizes, as sources and built, and what importing
// one takes in a process of its own. librbd by the driver of the examples, GTK by a window with a button.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ts } from 'ts-morph';
import { compact } from '../scripts/compact.mjs';
import { importing } from './imports.mjs';
import { median, out, root } from './measure.mjs';

const folder = join(out, 'trimmed');

const WINDOW = `import { GTK_WINDOW_TOPLEVEL, gtk3 } from '@dlshim/shims/gtk3';

export function window() {
  const { fn } = gtk3.open();
  fn.gtk_init(null, null);
  const top = fn.gtk_window_new(GTK_WINDOW_TOPLEVEL);
  const button = fn.gtk_button_new_with_label('Press me');
  fn.gtk_container_add(top as never, button);
  fn.gtk_widget_show_all(top);
  fn.gtk_main();
}
`;

/** @param {{ runs: number, progress: (text: string) => void }} options */
export function benchTrimmed({ runs, progress }) {
  mkdirSync(folder, { recursive: true });
  const window = join(folder, 'window.ts');
  writeFileSync(window, WINDOW);
  const programs = [
    { library: 'librbd', glob: join(root, 'examples/drivers/rbd/*.ts') },
    { library: 'gtk3', glob: window },
  ];
  const shims = programs.map((program) => {
    progress(`trimming ${program.library}`);
    return compare(program, runs * 3, progress);
  });
  const goals = shims.map(({ library, wholeMs, trimmedMs }) => ({
    name: `import of trimmed ${library} against the whole one`,
    ratio: trimmedMs / wholeMs,
    aim: 1,
  }));
  return { shims, goals };
}

/** @param {{ library: string, glob: string }} program @param {number} rounds @param {(text: string) => void} progress */
function compare({ library, glob }, rounds, progress) {
  const cli = join(root, 'generator/dist/cli.js');
  execFileSync(process.execPath, [cli, 'generate', library, '--used-by', glob, '--out', folder], {
    stdio: 'ignore',
    cwd: root,
  });
  const [source, built] = [join(folder, `${library}.ts`), join(folder, `${library}.js`)];
  const { outputText } = ts.transpileModule(readFileSync(source, 'utf8'), {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 },
  });
  writeFileSync(built, compact(outputText));
  const whole = { source: join(root, `shims/${library}.ts`), built: join(root, `shims/dist/${library}.js`) };
  /** @type {number[][]} */
  const times = [[], []];
  for (let round = 0; round <= rounds; round++) {
    progress(`round ${round}/${rounds} ${library}`);
    for (const [at, path] of [whole.built, built].entries()) {
      const { ms } = importing(path, 'add');
      if (round > 0) times[at]?.push(ms);
    }
  }
  const [, functions = ''] = /(\d+ of \d+ functions)/.exec(readFileSync(source, 'utf8')) ?? [];
  const size = (/** @type {string} */ path) => statSync(path).size;
  return {
    library,
    functions,
    wholeBytes: size(whole.source),
    trimmedBytes: size(source),
    wholeBuiltBytes: size(whole.built),
    trimmedBuiltBytes: size(built),
    wholeMs: median(times[0] ?? []),
    trimmedMs: median(times[1] ?? []),
  };
}

/** @param {ReturnType<typeof benchTrimmed>} result */
export function trimmedText({ shims }) {
  const kb = (/** @type {number} */ bytes) => `${(bytes / 1000).toFixed(0)} KB`;
  const rows = shims.map(
    (s) =>
      `  ${s.library}: ${s.functions}; ${kb(s.trimmedBytes)} of ${kb(s.wholeBytes)}, built ${kb(s.trimmedBuiltBytes)} of ${kb(s.wholeBuiltBytes)}; ` +
      `imported in ${s.trimmedMs.toFixed(1)} ms of ${s.wholeMs.toFixed(1)} ms\n`,
  );
  return `shims trimmed to a program against whole ones, medians, beside the runtime\n${rows.join('')}`;
}
