// How a launched job ended: what its exit code is, and what its failure kept from running.

import type { EcsEvent } from '../../model/event.ts';
import type { Schedule } from '../../model/inventory.ts';
import type { Attribution, Launch } from './attribution.ts';
import { lineage, type ProcessNode, sameArgs, subtree } from './process-tree.ts';

export interface JobEnd {
  /** The job's own; null while unknown. */
  exitCode: number | null;
  /** What a failed job did not come to; null where nothing is known to be missing. */
  shortfall: string | null;
}

/** One program of a unit, as its manager knows it. */
export type Program = NonNullable<NonNullable<Schedule['unit']>['programs']>[number];

/**
 * The end of the job that a launch is part of.
 * @param programs what a start of its unit runs, in order; empty where that is unknown, and for jobs that are no unit's
 */
export function jobEnd(attribution: Attribution, launch: Launch, programs: readonly Program[]): JobEnd {
  if (launch.unit === null) return shellEnd(attribution, launch);
  const start = startOf(attribution, launch).filter(
    (node) => programs.length === 0 || programs.some((program) => ran(node, program)),
  );
  const failed = start.find((node, index) => node.exitCode && !isForgiven(node, start[index + 1]));
  if (failed) {
    const missed = programs.slice(start.length).filter(({ main }) => main);
    return {
      exitCode: failed.exitCode,
      shortfall: missed.length > 0 ? `before ${missed.map(({ command }) => command).join('; ')}` : null,
    };
  }
  const isOver = start.length >= programs.length && start.every(({ exitCode }) => exitCode !== null);
  return { exitCode: isOver ? 0 : null, shortfall: null };
}

/** The processes of the programs that ran in the same start of a unit, in order. */
export function startOf({ launches }: Attribution, launch: Launch): ProcessNode[] {
  let start: ProcessNode[] = [];
  for (const { unit, job, event } of launches) {
    const { root } = job;
    const isRoot = unit === launch.unit && root.entityId === event.process?.entity_id;
    if (!isRoot || start.includes(root)) continue;
    if (start.some(({ args }) => sameArgs(args, root.args))) {
      if (start.includes(launch.job.root)) break;
      start = [];
    }
    start.push(root);
  }
  return start;
}

/**
 * Whether an exec is of one of a unit's programs: the kernel puts the interpreter of a script before it, and variables
 * are the manager's to fill in.
 */
export function isProgram({ process }: EcsEvent, { command }: Program): boolean {
  const line = ` ${process?.command_line ?? ''}`;
  const variable = command.search(/\S*\$/);
  return variable < 0 ? line.endsWith(` ${command}`) : line.includes(` ${command.slice(0, variable)}`);
}

export const ran = ({ execs }: ProcessNode, program: Program): boolean =>
  execs.some((event) => isProgram(event, program));

/** Of a unit's programs the next is started when the last has ended well, or may fail (`ExecStartPre=-`). */
const isForgiven = ({ endedAt }: ProcessNode, next: ProcessNode | undefined): boolean =>
  endedAt !== null && (next?.execs[0]?.['@timestamp'] ?? '') > endedAt;

/** Of at, cron and anacron: the shell that they start is the job. */
function shellEnd({ tree }: Attribution, { event, job: { root } }: Launch): JobEnd {
  const node = tree.get(event.process?.entity_id ?? '');
  const path = node ? [...lineage(node)] : [];
  const first = path
    .slice(0, path.indexOf(root) + 1)
    .reverse()
    .find(({ execs }) => execs.length > 0);
  if (!first) return { exitCode: null, shortfall: null };
  const executed = [...subtree(first)].reduce((sum, { execs }) => sum + execs.length, 0);
  const isIdle = first.exitCode !== 0 && executed === 1 && /\/(?:ba|da)?sh$/.test(first.executable);
  return { exitCode: first.exitCode, shortfall: isIdle ? 'before its shell started any program' : null };
}
