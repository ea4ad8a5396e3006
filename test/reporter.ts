// Lists every test that did not run on this machine, with the reason, after vitest's own report. In CI that is a failure.

import type { Reporter, TestModule } from 'vitest/node';

export default class SkipReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const reasons = new Map<string, string[]>();
    const count = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) count[test.result().state]++;
      for (const test of module.children.allTests('skipped')) {
        const reason = /\[not run: (.*?)\]/.exec(test.fullName)?.[1] ?? 'no reason given';
        const name = `${module.relativeModuleId} > ${test.fullName.replace(/ \[not run: .*?\]/g, '')}`;
        reasons.set(reason, [...(reasons.get(reason) ?? []), name]);
      }
    }
    this.#list(reasons);
    process.stdout.write(`\n${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`);
  }

  #list(reasons: ReadonlyMap<string, readonly string[]>): void {
    if (reasons.size === 0) return;
    for (const [reason, names] of reasons) {
      process.stdout.write(`\nNot run, because ${reason}:\n${names.map((name) => `  ${name}\n`).join('')}`);
    }
    process.stdout.write('\n`npm run setup` installs what is missing as root, and names it otherwise.\n');
    if (process.env.CI) {
      process.stdout.write('In CI every test runs: this is a failure.\n');
      process.exitCode = 1;
    }
  }
}
