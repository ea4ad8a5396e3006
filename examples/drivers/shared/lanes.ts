// Calls on the thread pool, a few at a time. libuv's pool has four threads for the whole process, and a call to a server that does not
// answer holds one until it times out: drivers take two at most, so that files and names can still be read.

const LANES = 2;

let free = LANES;
const waiting: (() => void)[] = [];

/** Runs `work` once a lane is free, in the order of asking. */
export async function inLane<T>(work: () => Promise<T>): Promise<T> {
  if (free > 0) free--;
  else await new Promise<void>((resolve) => waiting.push(resolve));
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else free++;
  }
}
