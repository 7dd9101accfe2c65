// What several images need at the same time is made once: a base, a part, a program to make bases with.

const underway = new Map<string, Promise<unknown>>();

/**
 * Does the work, or waits for the same work that is underway; later calls do it anew.
 * @param key names the work: equal keys must mean equal work
 */
export function whileUnderway<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
  const known = underway.get(key);
  if (known !== undefined) return known as Promise<Result>;
  const started = work().finally(() => underway.delete(key));
  underway.set(key, started);
  return started;
}
