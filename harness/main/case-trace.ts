// One case's evidence as a report shows it: what led from the command to the payload, and how rules read it.

import type { Fires } from '../engine/judge/judged-case.ts';
import type { RuleBook } from '../engine/judge/rule-book.ts';
import { readingOf, shortened } from '../engine/judge/rule-reading.ts';
import { type Attribution, attributeCase } from '../engine/proof/attribution.ts';
import { lineage, type ProcessNode, subtree } from '../engine/proof/process-tree.ts';
import { withoutRunner } from '../engine/proof/runner-text.ts';
import type { EcsEvent } from '../model/event.ts';
import type { CaseEvidence } from '../model/evidence.ts';
import { emptyInventory, type Inventory, type Schedule } from '../model/inventory.ts';
import type { CaseRecord } from '../model/run-record.ts';
import type { CaseTrace, ProcessTrace, ScheduleTrace } from '../model/traces.ts';
import { diffInventory } from '../schedulers/inventory-diff.ts';

/** A case as it was recorded, with what is known already of a case that was just judged. */
type TracedCase = Pick<Fires<CaseEvidence>, 'evidence' | 'events'> &
  Partial<Pick<Fires<CaseEvidence>, 'ruled' | 'attribution'>>;

/**
 * @param record what was judged of it; null of an idle control, of which only the cited events are shown
 * @param cited ids of the events that the record of the run cites
 */
export function caseTrace(
  {
    evidence,
    events,
    attribution = attributeCase(evidence, events),
    ruled: { events: ruled } = withoutRunner(evidence.steps, events),
  }: TracedCase,
  record: CaseRecord | null,
  cited: ReadonlySet<string>,
  { rules }: RuleBook,
): CaseTrace {
  if (record === null) {
    const shown = events.filter(({ event }) => cited.has(event.id)).map(bounded);
    return { events: shown, processes: [], schedules: [], readings: [] };
  }
  const own = ruled.filter((event) => attribution.ownerOf(event) === 'attack');
  const readings = record.detections.flatMap(({ rule: slug, attributed, eventIds }) => {
    const rule = rules.find((one) => one.slug === slug);
    if (!rule) return [];
    const matched = ruled.filter(({ event }) => eventIds.includes(event.id));
    return [readingOf(rule, attributed, attributed ? matched : own)];
  });
  const wanted = new Set([
    ...cited,
    ...readings.flatMap(({ stages }) => stages.map(({ eventId }) => eventId)),
  ]);
  return {
    events: events.filter(({ event }) => wanted.has(event.id)).map(bounded),
    processes: processesOf(attribution, events, record),
    schedules: schedulesOf(evidence.inventory),
    readings,
  };
}

/** A case of a shell's loop has thousands; a reader takes in a screen. */
const shownProcesses = 150;

function processesOf(
  attribution: Attribution,
  events: readonly EcsEvent[],
  { proof }: CaseRecord,
): ProcessTrace[] {
  const parts = new Map<ProcessNode, NonNullable<ProcessTrace['part']>>();
  const mark = (node: ProcessNode | undefined, part: NonNullable<ProcessTrace['part']>): void => {
    if (node) parts.set(node, part);
  };
  const nodeOf = (event: EcsEvent | undefined) => event && attribution.tree.processOf(event);
  mark(nodeOf(attribution.rootOf('attack')), 'step');
  for (const { role, job } of attribution.launches) {
    if (role !== 'attack') continue;
    mark(job.daemon, 'scheduler');
    mark(job.root, 'job');
  }
  mark(nodeOf(events.find(({ event }) => event.id === proof?.eventId)), 'payload');
  const shown = new Set<ProcessNode>();
  const show = (node: ProcessNode): void => {
    if (shown.size >= shownProcesses) return;
    for (const one of lineage(node)) if (isInside(one)) shown.add(one);
  };
  for (const node of parts.keys()) show(node);
  for (const event of events) {
    const node = nodeOf(event);
    if (node && node.execs.length > 0 && attribution.ownerOf(event) === 'attack') show(node);
  }
  const rows: ProcessTrace[] = [];
  const add = (node: ProcessNode, depth: number): void => {
    rows.push(processTrace(node, depth, parts.get(node)));
    for (const child of node.children) if (shown.has(child)) add(child, depth + 1);
  };
  for (const node of shown) if (node.parent === null || !isInside(node.parent)) add(node, 0);
  return rows;
}

/** What runs outside of the container has no pid in it. */
const isInside = ({ pid }: ProcessNode): boolean => pid > 0;

const processTrace = (
  node: ProcessNode,
  depth: number,
  part: ProcessTrace['part'] | undefined,
): ProcessTrace => ({
  depth,
  pid: node.pid,
  commandLine: shortened(node.args.join(' ') || node.executable),
  user: node.userName,
  // A daemon's child that only forked began no later than what came of it.
  startedAt: (part === 'job' ? firstExecIn(node) : node.execs[0])?.['@timestamp'] ?? null,
  endedAt: node.endedAt,
  exitCode: node.exitCode,
  ...(part && { part }),
});

const firstExecIn = (node: ProcessNode): EcsEvent | undefined =>
  [...subtree(node)]
    .flatMap(({ execs }) => execs)
    .toSorted((a, b) => (a['@timestamp'] < b['@timestamp'] ? -1 : 1))[0];

type Inventories = CaseEvidence['inventory'];

/** Each entry once, as it was after the attack where it was there then. */
function schedulesOf({ before, scheduled, after }: Inventories): ScheduleTrace[] {
  // Nobody looked while the launch was waited for: what was left is what there was.
  const during = scheduled.takenAt === emptyInventory.takenAt ? after : scheduled;
  const changed = new Set(
    diffInventory(before, during).flatMap((change) =>
      change.subject === 'schedule' && change.change === 'changed' ? [change.after.id] : [],
    ),
  );
  const latest = new Map<string, ScheduleTrace>();
  const stages = [before, during, after];
  for (const inventory of [before, after, during]) {
    for (const schedule of inventory.schedules) {
      const [was, is, stays] = stages.map(({ schedules }) => schedules.some(({ id }) => id === schedule.id));
      latest.set(schedule.id, {
        ...scheduleTrace(schedule, inventory),
        before: was ?? false,
        during: is ?? false,
        after: stays ?? false,
        ...(changed.has(schedule.id) && { changed: true }),
      });
    }
  }
  return [...latest.values()];
}

function scheduleTrace(schedule: Schedule, { files }: Inventory) {
  const { kind, user, when, command, file, inert, nextRun } = schedule;
  const written = files.find(({ path }) => path === file);
  return {
    kind,
    user,
    when,
    command: shortened(command),
    file,
    written: written
      ? { owner: written.owner, mode: written.mode, ...(written.mtime && { mtime: written.mtime }) }
      : null,
    ...(inert !== undefined && { inert }),
    ...(nextRun !== undefined && { nextRun }),
  };
}

const bounded = (event: EcsEvent): EcsEvent => boundedValue(event) as EcsEvent;

function boundedValue(value: unknown): unknown {
  if (typeof value === 'string') return shortened(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(boundedValue);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, boundedValue(each)]));
}
