// Waiting with an end: for what may never happen.

/** Whether the work settles before the limit. @throws what the work throws in time */
export async function withinLimit(work: Promise<unknown>, limitMs: number | undefined): Promise<boolean> {
  const done = work.then(() => true);
  if (limitMs === undefined) return done;
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, limitMs, false);
  });
  try {
    return await Promise.race([done, limit]);
  } finally {
    clearTimeout(timer);
  }
}
