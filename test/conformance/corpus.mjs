// The libraries of the conformance run. In: corpus.json, a configuration of dlshim with 40 libraries. Out: each with the flags that
// other tools take for it.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installedVersion } from '../../scripts/debian.mjs';
import { root } from './tools.mjs';

/**
 * @typedef {object} Library
 * @property {string} name
 * @property {readonly string[]} headers
 * @property {{ readonly linux: readonly string[] }} files
 * @property {readonly string[]} own
 * @property {readonly string[]} [pkgConfig]
 * @property {readonly string[]} [defines]
 * @property {{ readonly debian: readonly string[] }} headerPackages
 */

export const corpusFile = join(root, 'test/conformance/corpus.json');

/** The libraries of the corpus; all of them when none is named. @param {readonly string[]} names @returns {readonly Library[]} */
export function readCorpus(names) {
  /** @type {readonly Library[]} */
  const libraries = JSON.parse(readFileSync(corpusFile, 'utf8')).libraries;
  const unknown = names.filter((name) => !libraries.some((library) => library.name === name));
  if (unknown.length) {
    throw new Error(
      `the corpus has no library ${unknown.join(', ')}; it has ${libraries.map(({ name }) => name).join(' ')}`,
    );
  }
  return names.length ? libraries.filter(({ name }) => names.includes(name)) : libraries;
}

/** The packages of a library that are not installed. @param {Library} library */
export function missingPackages(library) {
  return library.headerPackages.debian.filter((name) => installedVersion(name) === undefined);
}

/** @param {readonly string[]} names */
function pkgConfig(names) {
  const { status, stdout, stderr, error } = spawnSync('pkg-config', ['--cflags', ...names], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`pkg-config --cflags ${names.join(' ')}: ${error?.message ?? stderr.trim()}`);
  return stdout.trim().split(/\s+/).filter(Boolean);
}

/** What gcc, clang and bindgen take: folders and macros, as pkg-config and the corpus give them. @param {Library} library */
export function compilerFlags(library) {
  const flags = library.pkgConfig?.length ? pkgConfig(library.pkgConfig) : [];
  return [...flags.filter((flag) => /^-[ID]/.test(flag)), ...(library.defines ?? []).map((define) => `-D${define}`)];
}

/** The C text that includes a library's headers. @param {Library} library */
export function includes(library) {
  return library.headers.map((header) => `#include <${header}>\n`).join('');
}

/** Whether a file's declarations are the library's own. @param {Library} library @returns {(path: string) => boolean} */
export function isOwnFile({ own }) {
  return (file) => own.some((entry) => file === entry || file.startsWith(`${entry}/`));
}
