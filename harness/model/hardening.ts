// What mitigations and attacks held against each other come to: what stops what, how much of its declared scope each
// mitigation stops, and which few of them together stop most.

import { procedureOf } from './case-key.ts';
import type { CellKind, Cover, Hardening } from './hardening-record.ts';
import type { MitigationRecord } from './run-record.ts';

/** What became of the attack, whatever its mitigation claimed. */
export function cellOf(record: MitigationRecord): CellKind {
  const { checks = [], control, treated, legitimate, verdict } = record;
  if (control !== null && control !== 'executed' && control !== 'errored') return 'notApplicable';
  if (verdict === 'errored' || treated === null || treated === 'errored' || control !== 'executed')
    return 'unknown';
  // What did not take effect stops nothing, whatever happened.
  if (verdict === 'invalid' && checks.some(({ holds }) => !holds)) return 'unknown';
  if (treated === 'executed') return (record.records ?? []).length > 0 ? 'recorded' : 'executes';
  // It claims the stop, and it is not its own: a line that PAM cannot read stops everybody's jobs, named or not.
  if (verdict === 'invalid' && record.claims !== 'bypass') return 'unknown';
  if (legitimate.some(isBroken)) return 'breaksUse';
  return treated === 'refused' ? 'submission' : 'execution';
}

const isBroken = ({ works, unknown }: MitigationRecord['legitimate'][number]): boolean =>
  !works && unknown !== true;

const isStop = (cell: CellKind): boolean => ['submission', 'execution', 'breaksUse'].includes(cell);

/** One for each target, in the order of the records; none without mitigations. */
export const hardeningOf = (mitigations: readonly MitigationRecord[]): Hardening[] =>
  [...Map.groupBy(mitigations, ({ target }) => target)].map(([target, records]) => onTarget(target, records));

function onTarget(target: string, records: readonly MitigationRecord[]): Hardening {
  const byId = Map.groupBy(records, ({ id }) => id);
  const rows = [...byId].map(([id, own]) => ({
    id,
    attack: own[0]?.attack ?? '',
    declared: counted(own.filter(isDeclared)),
    all: counted(own),
    ...countedRecords(own.filter(({ claims }) => claims === 'records')),
    breaks: [
      ...new Set(own.flatMap(({ legitimate }) => legitimate.filter(isBroken).map(({ name }) => name))),
    ],
  }));
  const attacks = [...Map.groupBy(records, (record) => procedureOf(record.case))].map(([attack, own]) => {
    const cells = Object.fromEntries(own.map((record) => [record.id, cellOf(record)]));
    return { attack, cells, stoppedBy: Object.keys(cells).filter((id) => isStop(cells[id] as CellKind)) };
  });
  const harmless = new Set(rows.filter(({ breaks }) => breaks.length === 0).map(({ id }) => id));
  return {
    target,
    mitigations: rows,
    attacks,
    cover: coverOf(attacks, (id) => !id.includes('+')),
    harmlessCover: coverOf(attacks, (id) => !id.includes('+') && harmless.has(id)),
  };
}

/** Older records do not tell; there only what is claimed is judged so. */
const isDeclared = ({ claims, verdict }: MitigationRecord): boolean =>
  claims === undefined ? ['blocks', 'bypassed', 'overblocks'].includes(verdict) : claims === 'stops';

function counted(records: readonly MitigationRecord[]): Hardening['mitigations'][number]['all'] {
  const cells = records.map(cellOf).filter((cell) => cell !== 'notApplicable' && cell !== 'unknown');
  return { tried: cells.length, stopped: cells.filter(isStop).length };
}

function countedRecords(
  claimed: readonly MitigationRecord[],
): Pick<Hardening['mitigations'][number], 'recorded'> {
  const judged = claimed.filter((record) => !['notApplicable', 'unknown'].includes(cellOf(record)));
  if (claimed.length === 0) return {};
  const recorded = judged.filter(({ verdict }) => verdict === 'records' || verdict === 'overblocks');
  return { recorded: { tried: judged.length, recorded: recorded.length } };
}

/** Of the attacks that some mitigation was held against in vain or not; ties go to the one that was named first. */
function coverOf(attacks: Hardening['attacks'], isAllowed: (id: string) => boolean): Cover {
  const taken: Cover['mitigations'] = [];
  let left = attacks.filter(({ cells }) => Object.values(cells).some((cell) => cell !== 'notApplicable'));
  for (;;) {
    const adds = new Map<string, number>();
    for (const id of left.flatMap(({ stoppedBy }) => stoppedBy.filter(isAllowed)))
      adds.set(id, (adds.get(id) ?? 0) + 1);
    const [best] = [...adds].toSorted(([, a], [, b]) => b - a);
    if (!best) return { mitigations: taken, left: left.map(({ attack }) => attack) };
    taken.push({ id: best[0], adds: best[1] });
    left = left.filter(({ stoppedBy }) => !stoppedBy.includes(best[0]));
  }
}
