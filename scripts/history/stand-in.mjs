// What a library's own build says it exports in, a shared library with these symbols and this SONAME out, of which nothing can be called:
// it stands for a version whose file is not at hand. Follows ld(1), "VERSION", and the assembler's .symver.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A symbol in each of the versions (ELF) that it has, oldest first; none where the library has no versions.
 *  @typedef {{ readonly name: string, readonly versions: readonly string[] }} Exported */

/** Reads a version script, or a list of symbols with one on a line. @param {string} text @returns {readonly Exported[]} */
export function parseExports(text) {
  const plain = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/#.*$/gm, '');
  /** @type {Map<string, string[]>} */
  const found = new Map();
  const add = (/** @type {string} */ name, /** @type {string[]} */ versions) =>
    found.set(name, [...new Set([...(found.get(name) ?? []), ...versions])]);
  if (!plain.includes('{')) for (const name of plain.split(/\s+/).filter(Boolean)) add(name, []);
  for (const [, version, body = ''] of plain.matchAll(/([\w.]+)\s*\{([^}]*)\}/g)) {
    const global = body.replace(/local\s*:[\s\S]*/, '').replace(/global\s*:/, '');
    for (const name of global.split(/[\s;]+/).filter(Boolean)) add(name, [/** @type {string} */ (version)]);
  }
  return [...found].map(([name, versions]) => ({ name, versions }));
}

/** Writes the library. Returns what went wrong, or undefined. @param {string} path @param {string} soname
 *  @param {readonly Exported[]} exported @param {string} [cc] */
export function writeStandIn(path, soname, exported, cc = 'cc') {
  const folder = mkdtempSync(join(tmpdir(), 'dlshim-stand-in-'));
  try {
    const [source, script] = [join(folder, 'exports.s'), join(folder, 'exports.map')];
    writeFileSync(source, assembly(exported));
    writeFileSync(script, versionScript(exported));
    const flags = ['-shared', '-nostdlib', `-Wl,-soname,${soname}`, `-Wl,--version-script=${script}`];
    const { error, status, stderr } = spawnSync(cc, [...flags, '-o', path, source], { encoding: 'utf8' });
    return error?.message ?? (status === 0 ? undefined : stderr.trim());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Of several versions the last one is the default: what a program is linked to, and what dlsym(3) gives.
 *  @param {readonly Exported[]} exported */
function assembly(exported) {
  const lines = exported.flatMap(({ name, versions }, at) =>
    versions.length === 0
      ? [`.globl "${name}"`, `.type "${name}", %function`, `"${name}": .byte 0`]
      : versions.flatMap((version, which) => {
          const local = `exported_${at}_${which}`;
          const binding = which === versions.length - 1 ? '@@' : '@';
          return [
            `.globl ${local}`,
            `.type ${local}, %function`,
            `${local}: .byte 0`,
            `.symver ${local}, ${name}${binding}${version}, remove`,
          ];
        }),
  );
  return `.text\n${lines.join('\n')}\n.section .note.GNU-stack,"",%progbits\n`;
}

/** @param {readonly Exported[]} exported */
function versionScript(exported) {
  const versions = [...new Set(exported.flatMap((each) => each.versions))];
  if (versions.length === 0) return '{ global: *; };\n';
  return versions
    .map((version) => {
      const names = exported.filter((each) => each.versions.includes(version)).map(({ name }) => `${name};`);
      return `${version} { global: ${names.join(' ')} };\n`;
    })
    .join('');
}
