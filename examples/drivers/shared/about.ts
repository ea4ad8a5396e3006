// An error in, the same with what it is about before its message: somebody who works with several images sees which it was.

/** The error, which keeps its `code`, `syscall` and whatever else it has. Its message is changed: it has to be one's own. */
export function about(what: string, error: unknown): unknown {
  if (error instanceof Error && !error.message.includes(what)) error.message = `${what}: ${error.message}`;
  return error;
}

/** For `catch` of a promise. */
export function naming(what: string): (error: unknown) => never {
  return (error) => {
    throw about(what, error);
  };
}
