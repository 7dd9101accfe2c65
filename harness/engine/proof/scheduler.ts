// The daemons that launch scheduled jobs, and which process of theirs launched a given one.

import type { Schedule } from '../../model/inventory.ts';
import { type SchedulerName, schedulerOfProgram } from '../../schedulers/index.ts';
import { isSshSession } from './login-session.ts';
import { lineage, type ProcessNode, sameArgs } from './process-tree.ts';

/** The scheduler that a process is the daemon of; undefined for any other. */
export const schedulerOf = ({
  program,
  args,
}: Pick<ProcessNode, 'program' | 'args'>): SchedulerName | undefined => schedulerOfProgram(program, args);

export interface Job {
  scheduler: SchedulerName;
  /** The daemon that was there before the job. */
  daemon: ProcessNode;
  /** The daemon's child from which the whole job descends. */
  root: ProcessNode;
}

/** What can be seen of a table's entry when it is launched. */
export type Launchable = Pick<Schedule, 'command' | 'user'>;

/** Whether a launch of the one could be a launch of the other. */
export const launchesAlike = (a: Launchable, b: Launchable): boolean =>
  a.command.trim() === b.command.trim() && (a.user === b.user || a.user === null || b.user === null);

/**
 * The scheduled job that a process is part of: its nearest ancestor by birth that is a scheduler's daemon. What is done in
 * a login from elsewhere is none, though the service manager keeps the daemon that lets it in.
 * @param impostors processes whose program only has a scheduler's name
 */
export function jobOf(node: ProcessNode, impostors: ReadonlySet<ProcessNode>): Job | undefined {
  let root = node;
  for (const ancestor of lineage(node)) {
    if (ancestor !== node && isDaemon(ancestor) && !impostors.has(ancestor)) {
      return { scheduler: schedulerOf(ancestor) as SchedulerName, daemon: ancestor, root };
    }
    if (isSshSession(ancestor)) return undefined;
    root = ancestor;
  }
  return undefined;
}

/**
 * A scheduler process that is not merely a fork by which another one launches a job. A user's service manager that was
 * there before the sensor was never seen to execute anything, but it has arguments of its own. A daemon that somebody
 * starts by hand goes on as a fork of the process that executed it.
 */
export function isDaemon(node: ProcessNode): boolean {
  const scheduler = schedulerOf(node);
  if (!scheduler) return false;
  const isFork =
    node.execs.length === 0 &&
    !node.isInBackground &&
    node.parent?.executable === node.executable &&
    sameArgs(node.parent.args, node.args);
  return !isFork;
}
