// Before the tests: the suites are unpacked, all at once, and said how large they were and how long it took.

import type { TestProject } from 'vitest/node';
import { megabytes, SUITES } from '../../scripts/suites.mjs';
import { type Installation, installation } from './installation.ts';

declare module 'vitest' {
  interface ProvidedContext {
    installations: readonly Installation[];
  }
}

export default async function setup(project: TestProject): Promise<void> {
  const started = performance.now();
  const made = await Promise.all(SUITES.map((suite) => installation(suite)));
  const downloaded = made.reduce((sum, { downloaded: bytes = 0 }) => sum + bytes, 0);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const from = downloaded > 0 ? `${megabytes(downloaded)} downloaded` : 'from the cache';
  process.stdout.write(`versions: ${made.map(({ suite }) => suite).join(', ')} (${from}, ${seconds} s)\n`);
  for (const { suite, missing, note } of made) {
    const words = missing ?? note;
    if (words !== undefined) process.stdout.write(`${suite}: ${words}\n`);
  }
  project.provide('installations', made);
}
