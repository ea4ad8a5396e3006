// A condition in, a promise out that settles when it holds, or fails the test after half a minute.

import { expect } from 'vitest';

export async function until(done: () => boolean): Promise<void> {
  const end = Date.now() + 30_000;
  while (!done() && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 2));
  expect(done()).toBe(true);
}
