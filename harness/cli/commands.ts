// The command table: the only place that knows every command. Modules are loaded when their command runs,
// so that `list` never waits for a Docker client.

import { listedKinds } from '../main/listing.ts';
import type { Command, CommandResult, Parsed } from './command.ts';
import { renderCompletion, shells } from './completion.ts';
import type { Io } from './io.ts';
import {
  options,
  readDiffOptions,
  readDoctorOptions,
  readExplainOptions,
  readExportOptions,
  readLabOptions,
  readLintOptions,
  readListOptions,
  readMergeOptions,
  readReplayOptions,
  readReportOptions,
  readRunOptions,
  readShellOptions,
} from './options.ts';

const content = [options.atomics, options.rules];
const many = Number.POSITIVE_INFINITY;

const selectorNote =
  'A SELECTOR is a technique (T1053.003), a slug (at-stdin), a GUID, a tag, a glob, or a variant (cron-d-drop~writer=tee, with the atomic itself to compare it with); what matches nothing is an error.';
const variantsNote =
  'Each axis of variants fits many atomics: varied --variants all runs every axis on those that stand for the others.';
const reportNote =
  'Reports without a FILE go to standard output; a document (JSON, XML, HTML) must have it for itself. Several text reports may share it: --report console --report github.';

export const commands: readonly Command[] = [
  {
    name: 'run',
    summary: 'detonate, collect, judge, report; the main job',
    operands: { name: 'SELECTOR', min: 0, max: many, names: 'selectors' },
    options: [
      options.target,
      options.mitigation,
      options.variants,
      ...content,
      options.arg,
      options.getPrereqs,
      options.expect,
      options.placeholder,
      options.sensor,
      options.clock,
      options.jobs,
      options.shard,
      options.durations,
      options.out,
      options.require,
      options.bail,
      options.repeat,
      options.resume,
      options.watch,
      options.step,
      options.report,
      options.quiet,
      options.record,
    ],
    notes: [
      'Without selectors: the whole bundled set on the default target, each mitigation against the atomics that it declares to stop or to be bypassed by; of a tag such as core, only the mitigations that have it too; with --atomics, those alone. With --rules, judges by these instead of the bundled rules.',
      selectorNote,
      variantsNote,
      reportNote,
    ],
    cleansUp: true,
    run: lazily(readRunOptions, async () => (await import('./commands/run.ts')).runCommand),
  },
  {
    name: 'shell',
    summary: 'a terminal in a watched target: what is typed there is the attack, and is judged',
    operands: { name: '', min: 0, max: 0 },
    options: [
      options.target,
      options.mitigation,
      options.user,
      options.rules,
      options.placeholder,
      options.sensor,
      options.clock,
      options.out,
      options.report,
      options.record,
    ],
    notes: [
      'Leave the terminal with exit or Ctrl-D. What was scheduled is waited for then; Ctrl-C ends the waiting. It is kept as a run like any other: replay, report and diff take it.',
      'Several mitigations are applied together.',
      reportNote,
    ],
    cleansUp: true,
    run: lazily(readShellOptions, async () => (await import('./commands/shell.ts')).shellCommand),
  },
  {
    name: 'list',
    summary: 'atomics, rules, mitigations, targets, sensors',
    operands: { name: 'SELECTOR', min: 0, max: many, names: 'content' },
    options: [...content, options.listVariants, options.json],
    notes: [selectorNote, `A kind (${listedKinds.join(', ')}) lists all of it.`],
    run: lazily(readListOptions, async () => (await import('./commands/list.ts')).listCommand),
  },
  {
    name: 'explain',
    summary: 'one atomic, rule or mitigation in plain words, with what proves it',
    operands: { name: 'ID', min: 1, max: 1, names: 'content' },
    options: [options.event, options.fields, ...content, options.placeholder],
    notes: [
      'With --event, says for a rule which events of a file match, and what failed on those that nearly do; of the folder of a run, all cases are looked at.',
    ],
    run: lazily(readExplainOptions, async () => (await import('./commands/explain.ts')).explainCommand),
  },
  {
    name: 'replay',
    summary: 'judge recorded evidence again, without Docker',
    operands: { name: 'DIR|FILE', min: 1, max: 1 },
    options: [
      options.rules,
      options.expect,
      options.recordedBy,
      options.watchRules,
      options.fields,
      options.zone,
      options.placeholder,
      options.keep,
      options.require,
      options.report,
      options.quiet,
      options.record,
    ],
    notes: [
      'DIR is the folder of a run; FILE has bare events: ECS or Sigma as NDJSON, raw audit log, or journal JSON.',
      'With --rules, judges these rules instead of the bundled ones. With --sensor, judges a run as if it had been recorded by these sensors alone: what they cannot tell is an error, as it is in such a run.',
      reportNote,
    ],
    run: lazily(readReplayOptions, async () => (await import('./commands/replay.ts')).replayCommand),
  },
  {
    name: 'report',
    summary: 'render a saved run again in any format',
    operands: { name: 'DIR', min: 0, max: 1 },
    options: [options.require, options.report, options.quiet, options.record, options.schema],
    notes: ['Exits 0 whatever the run found: it renders, and does not judge.', reportNote],
    run: lazily(readReportOptions, async () => (await import('./commands/report.ts')).reportCommand),
  },
  {
    name: 'merge',
    summary: 'shards → one run',
    operands: { name: 'DIR', min: 1, max: many },
    options: [options.keep, options.report, options.quiet, options.record],
    notes: ['Exits as the whole run would have.', reportNote],
    run: lazily(readMergeOptions, async () => (await import('./commands/merge.ts')).mergeCommand),
  },
  {
    name: 'diff',
    summary: 'what changed in coverage: rules that stopped firing, mitigations that stopped blocking',
    operands: { name: 'OLD NEW', min: 2, max: 2 },
    options: [options.diffReport, options.quiet, options.json],
    notes: [
      'Exits 1 when something got worse. Cases, mitigations and rules that only one of the runs has are counted, and worsen nothing; --report html and --json name all of them.',
      reportNote,
    ],
    run: lazily(readDiffOptions, async () => (await import('./commands/diff.ts')).diffCommand),
  },
  {
    name: 'export',
    summary:
      "atomics as Atomic Red Team's own files; what was recorded, as SigmaHQ's regression data or as events",
    operands: { name: 'SELECTOR|RUN', min: 0, max: many },
    options: [
      options.art,
      options.exportVariants,
      options.atomics,
      options.sigmaRegression,
      options.rules,
      options.events,
    ],
    notes: [
      'With --sigma-regression and --events, RUN is the folder of a run; --events takes cases of it behind: ids, slugs or techniques. With --rules, regression data are made by judging the run by these rules.',
      selectorNote,
    ],
    run: lazily(readExportOptions, async () => (await import('./commands/export.ts')).exportCommand),
  },
  {
    name: 'lint',
    summary: 'check all content; every problem as file:line:column',
    operands: { name: 'FILE', min: 0, max: many },
    options: [...content, options.placeholder, options.json],
    notes: [
      'FILEs are rules, atomics and mitigations in any order, checked beside what is bundled, as a hook before commits gives them; YAML and JSON of other kinds are passed over.',
    ],
    run: lazily(readLintOptions, async () => (await import('./commands/lint.ts')).lintCommand),
  },
  {
    name: 'doctor',
    summary: 'check this machine, say how to mend it; --fix does it',
    operands: { name: '', min: 0, max: 0 },
    options: [options.fix, options.labTarget, options.sensor, options.json],
    notes: [
      'Exits 3 when the lab cannot run.',
      'Builds with --fix what these targets and sensors need; a run builds what else it is asked for.',
    ],
    cleansUp: true,
    run: lazily(readDoctorOptions, async () => (await import('./commands/doctor.ts')).doctorCommand),
  },
  {
    name: 'lab',
    summary: 'a page to teach with: attacks, their traces and hardenings, live',
    operands: { name: '', min: 0, max: 0 },
    options: [options.offeredTarget, ...content, options.lessons, options.port, options.host, options.labOut],
    notes: [
      'Prints two addresses: that of the trainer, who starts and stops things, and that of viewers, who may only look. Each mitigation is a lesson; --lessons FILE makes a course of some of them, in an order of its own.',
      'Needs no network: all that the page is made of comes from this machine. Runs are kept like any others.',
    ],
    cleansUp: true,
    run: lazily(readLabOptions, async () => (await import('./commands/lab.ts')).labCommand),
  },
  {
    name: 'completion',
    summary: `completion script for a shell: ${shells.join(', ')}`,
    operands: { name: 'SHELL', min: 1, max: 1 },
    options: [],
    notes: [
      'For bash and zsh: source <(atomclock completion bash); for fish: atomclock completion fish | source',
    ],
    run: async ({ operands: [shell = ''] }, io) => {
      const { contentNames } = await import('./content-names.ts');
      io.stdout.write(renderCompletion(shell, commands, await contentNames()));
      return { exitCode: 0 };
    },
  },
];

/** Reads the options before it loads the command: a mistyped one is told at once. */
function lazily<Options>(
  read: (parsed: Parsed) => Options,
  load: () => Promise<(options: Options, io: Io) => Promise<CommandResult>>,
): Command['run'] {
  return async (parsed, io) => {
    const options = read(parsed);
    return (await load())(options, io);
  };
}
