// In: the drivers of one list. Out: what two of them both claim, at the place of the later one: a program opens a protocol, or a format, by one driver.

import type { Place } from '../diagnostics.ts';
import type { Report } from './driver-rules.ts';
import type { ReadDriver } from './drivers.ts';

interface Claim {
  readonly driver: ReadDriver;
  readonly place: Place;
}

export function checkList(drivers: readonly ReadDriver[], report: Report): void {
  const claims = new Map<string, Claim>();
  const claim = (what: string, driver: ReadDriver, place: Place): void => {
    const first = claims.get(what);
    if (!first) claims.set(what, { driver, place });
    // What one driver has twice is said of that driver.
    else if (first.driver !== driver) {
      const { file, line, column } = first.place;
      report({
        code: 'claimed-twice',
        severity: 'error',
        message: `two drivers ${what}`,
        place,
        notes: [`the other is ${first.driver.name}, ${file}:${line}:${column}`],
      });
    }
  };
  for (const driver of drivers) {
    const { members } = driver.data;
    claim(`are named '${driver.name}'`, driver, members?.get('name')?.place ?? driver.place);
    for (const { value, place } of members?.get('protocols')?.items ?? [])
      claim(`have the protocol '${value}'`, driver, place);
    for (const { value, place } of members?.get('formats')?.items ?? [])
      claim(`have the format '${value}'`, driver, place);
  }
}
