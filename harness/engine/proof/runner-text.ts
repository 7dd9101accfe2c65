// What the harness's own shell puts into the events of a step: no attacked machine would show it, so no rule is judged
// by it.

import type { EcsEvent, ProcessFields } from '../../model/event.ts';
import type { RecordedStep } from '../../model/evidence.ts';
import { sameArgs } from './process-tree.ts';

export interface RuledEvents {
  /** What rules are judged by, in order: the runner's command line is nowhere in it. */
  readonly events: readonly EcsEvent[];
  /** Those that hold less now than was recorded, as they were recorded. */
  readonly altered: readonly EcsEvent[];
}

/**
 * Takes the harness's shells out of the events of a case. The start of a step's first process is left out; elsewhere
 * (its children's parent, a fork that has executed nothing yet, what it writes itself) only its program stays of its
 * command line.
 * @param steps with the arguments that their first processes were given
 */
export function withoutRunner(
  steps: readonly { readonly argv: RunnerArgs }[],
  events: readonly EcsEvent[],
): RuledEvents {
  const runners = steps.map(({ argv }): Runner => ({ argv, line: argv.join(' ') }));
  const altered: EcsEvent[] = [];
  const ruled = events.flatMap((event) => {
    const { process } = event;
    if (!process) return event;
    const plain = withoutText(process, runners);
    if (plain === process) return event;
    altered.push(event);
    return isStartOf(event, runners) ? [] : { ...event, process: plain };
  });
  return { events: ruled, altered };
}

type RunnerArgs = Readonly<RecordedStep['argv']>;

interface Runner {
  readonly argv: RunnerArgs;
  readonly line: string;
}

/** A fork starts something, too, but what it starts is the step's own. */
const isStartOf = ({ event, process }: EcsEvent, runners: readonly Runner[]): boolean =>
  event.action !== 'fork' &&
  event.type.includes('start') &&
  event.category.includes('process') &&
  runners.some(({ argv }) => sameArgs(process?.args ?? [], argv));

/** The same object where nothing of a runner is in it. */
function withoutText(process: ProcessFields, runners: readonly Runner[]): ProcessFields {
  const runner = runners.find((one) => isRunner(process, one));
  const parent = process.parent && withoutText(process.parent, runners);
  if (!runner && parent === process.parent) return process;
  const program = runner?.argv[0] ?? '';
  return {
    ...process,
    ...(runner && process.args && { args: [program] }),
    ...(runner && process.args_count !== undefined && { args_count: 1 }),
    ...(runner && process.command_line !== undefined && { command_line: program }),
    ...(runner && process.title !== undefined && { title: program }),
    ...(parent && { parent }),
  };
}

/** Whether a process has a runner's command line; audit's records may have nothing but a title. */
const isRunner = ({ args, command_line: line, title }: ProcessFields, runner: Runner): boolean =>
  args
    ? sameArgs(args, runner.argv)
    : line === runner.line || (typeof title === 'string' && isTitleOf(title, runner.line));

/** The kernel cuts the PROCTITLE of an audit record at this many bytes. */
const longestTitle = 128;
const isTitleOf = (title: string, line: string): boolean =>
  title === line || (Buffer.byteLength(title) >= longestTitle - 1 && line.startsWith(title));
