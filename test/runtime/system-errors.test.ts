// errno and errors made of it, against C and against Node's own.
// Run: npx vitest run test/runtime/system-errors.test.ts

import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { errno, errnoName, systemError } from '@dlshim/runtime';
import { describe, expect, it } from 'vitest';
import { buildLibrary } from '../native/build.ts';
import { named, noCompiler } from '../needs.ts';
import { extras } from './extras.ts';

describe.skipIf(noCompiler)(named('errno()', noCompiler), () => {
  it.each([{}, { check: true }, { trace: true }])('is what the last synchronous call left there: %o', (modes) => {
    const { fn } = extras.open({ path: buildLibrary('extras.c', 'libextras.so'), ...modes });
    for (const number of [constants.errno.ETIMEDOUT, constants.errno.EPERM, 0, 4095]) {
      fn.extras_fail(number);
      expect(errno()).toBe(number);
    }
  });
});

describe('systemError', () => {
  it("has what Node's own errors have", () => {
    let nodes: NodeJS.ErrnoException | undefined;
    try {
      readFileSync('/nowhere/at/all');
    } catch (error) {
      nodes = error as NodeJS.ErrnoException;
    }
    const ours = systemError(-constants.errno.ENOENT, 'open');
    expect(ours).toBeInstanceOf(Error);
    expect({ code: ours.code, errno: ours.errno, syscall: ours.syscall }).toEqual({
      code: nodes!.code,
      errno: nodes!.errno,
      syscall: nodes!.syscall,
    });
    expect(nodes!.message.startsWith(ours.message)).toBe(true);
    expect(ours.stack).toContain('system-errors.test');
  });

  it('takes the number with either sign', () => {
    const { ETIMEDOUT } = constants.errno;
    for (const number of [ETIMEDOUT, -ETIMEDOUT]) {
      expect(systemError(number, 'rbd_read')).toMatchObject({
        message: 'ETIMEDOUT: connection timed out, rbd_read',
        code: 'ETIMEDOUT',
        errno: -ETIMEDOUT,
        syscall: 'rbd_read',
      });
    }
  });

  it('says the number where it has no name, and refuses what is no error', () => {
    expect(systemError(-4000, 'f')).toMatchObject({
      code: 'UNKNOWN',
      errno: -4000,
      message: 'UNKNOWN: system error -4000, f',
    });
    for (const wrong of [0, 1.5, Number.NaN]) expect(() => systemError(wrong, 'f'), String(wrong)).toThrow(RangeError);
  });

  it('knows every name that the platform has', () => {
    for (const number of Object.values(constants.errno))
      expect(constants.errno).toHaveProperty(errnoName(number)!, number);
    expect([errnoName(constants.errno.EDQUOT), errnoName(-constants.errno.EDQUOT), errnoName(0)]).toEqual([
      'EDQUOT',
      'EDQUOT',
      undefined,
    ]);
    if (process.platform === 'linux') expect(errnoName(-108)).toBe('ESHUTDOWN');
  });
});
