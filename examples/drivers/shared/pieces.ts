// A range in, work on its pieces out, so many at a time.

/** Runs `step` for the pieces of a range; rejects with the first error when all that were begun have ended, so that nobody uses the
 *  caller's memory any more, and begins none after it. */
export async function inPieces(
  length: number,
  longest: number,
  parallel: number,
  step: (from: number, length: number) => Promise<void>,
): Promise<void> {
  if (length <= longest) return length === 0 ? undefined : step(0, length);
  let next = 0;
  let failed: { readonly error: unknown } | undefined;
  const lane = async (): Promise<void> => {
    while (next < length && !failed) {
      const from = next;
      next = Math.min(length, from + longest);
      try {
        await step(from, next - from);
      } catch (error) {
        failed ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallel, Math.ceil(length / longest)) }, lane));
  if (failed) throw (failed as { readonly error: unknown }).error;
}
