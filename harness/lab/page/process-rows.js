// Processes that are known so far as rows of a tree, parents first: the form in which the report shows a finished case.

/** @typedef {import('./case-state.js').LiveProcess} LiveProcess */
/** @typedef {import('../../model/traces.ts').ProcessTrace} ProcessTrace */

/**
 * @param {ReadonlyMap<string, LiveProcess>} processes
 * @returns {ProcessTrace[]}
 */
export function processRows(processes) {
  const children = Map.groupBy([...processes.values()], ({ parent }) =>
    parent !== null && processes.has(parent) ? parent : '',
  );
  /** @type {ProcessTrace[]} */
  const rows = [];
  /** @type {(each: LiveProcess, depth: number) => void} */
  const add = ({ id, pid, commandLine, user, at, exitCode, endedAt, part }, depth) => {
    rows.push({
      depth,
      pid,
      commandLine,
      user,
      startedAt: at,
      endedAt,
      exitCode,
      ...(part && { part }),
    });
    for (const child of children.get(id) ?? []) add(child, depth + 1);
  };
  for (const root of children.get('') ?? []) add(root, 0);
  return rows;
}
