// What a launched job was to run, and whether it did: a launcher that skips its payload is no execution.
//
// The payload is what the attack wrote to be run: a script in a folder of run-parts, a file that the job's command
// executes or hands to an interpreter. A command that names no such file is the payload itself; where it runs only on
// a condition, or is behind a launcher, something of it must be seen.

import { posix } from 'node:path';
import type { EcsEvent } from '../../model/event.ts';
import type { Schedule } from '../../model/inventory.ts';
import { schedulerFor, schedulerNamed } from '../../schedulers/index.ts';
import { takesName } from '../../schedulers/run-parts.ts';
import type { Attribution, Launch, Role } from './attribution.ts';
import { type Act, actsOf, actsOfText, matcher, merged } from './job-acts.ts';
import {
  isBuiltin,
  isInterpreter,
  isQuestion,
  isRunParts,
  isShell,
  isWrapper,
  programName,
  readsItsCode,
  runPartsFolder,
  scriptOf,
} from './launcher.ts';
import { lineage, type ProcessNode, subtree } from './process-tree.ts';
import { schedulerOf } from './scheduler.ts';

export interface PayloadRun {
  /** Whether the payload was seen to run, as far as it can be seen. */
  readonly ran: boolean;
  /** What was launched, as its command line or the shell's text. */
  readonly command: string;
  /** What should have run and did not, with the reason; one sentence each. */
  readonly missed: readonly string[];
}

/**
 * Holds what a job was to run against what it was seen to do.
 * @param added what the attack scheduled: the text of an at job stands there alone
 */
export function payloadRun(attribution: Attribution, launch: Launch, added: readonly Schedule[]): PayloadRun {
  const job = new WatchedJob(attribution, launch);
  const text = job.text(added);
  const command = text ?? job.args.join(' ');
  const acts =
    text === null && job.args.length > 0
      ? actsOf({ words: job.args, isConditional: false, stdin: null, reads: null })
      : actsOfText(text ?? '', false);
  if (!acts || acts.length === 0) return { ran: true, command, missed: [] };
  const files = filesToRun(acts, job, writtenToRun(attribution, launch.role));
  const missed = files.filter((file) => !job.hasRun(file));
  const isSkipped =
    files.length > 0 ? missed.length === files.length && !job.didOther(acts, files) : !job.did(acts);
  const lines = missed.map((file) => `${file.path} never ran: ${job.whyNot(file, acts)}`);
  return {
    ran: !isSkipped,
    command,
    missed: isSkipped && files.length === 0 ? [job.whyNothing(acts)] : lines,
  };
}

/** A file that the attack wrote and the job was to run, and how. */
interface PayloadFile {
  readonly path: string;
  readonly how: 'program' | 'script' | 'read' | 'run-parts';
  readonly act: Act;
}

/** Files that the attack, or what prepared it, put there; folders left out. */
function writtenToRun(attribution: Attribution, role: Role): string[] {
  const roles: Role[] = role === 'attack' ? ['prereq', 'get-prereq', 'attack'] : [role];
  return roles
    .flatMap((one) => attribution.writtenBy(one))
    .filter((path) => attribution.files.latest(path)?.isFolder !== true);
}

function filesToRun(acts: readonly Act[], job: WatchedJob, written: readonly string[]): PayloadFile[] {
  const found = new Map<string, PayloadFile>();
  const loops = new Map<string, readonly string[]>();
  let folder = job.folder;
  for (const act of acts) {
    const { words } = act;
    if (words[0] === 'cd') folder = posix.resolve(folder, words[1] ?? '/');
    if (words[0] === 'for') loops.set(words[1] ?? '', words.slice(3));
    const add = (how: PayloadFile['how'], wanted: readonly string[]) => {
      for (const word of wanted) {
        const loop = loops.get(/^\$\{?(\w+)\}?$/.exec(word)?.[1] ?? '');
        const matchers = (loop ?? [word]).map((one) => matcher(one, folder));
        for (const path of written)
          if (!found.has(path) && matchers.some((matches) => matches(path)))
            found.set(path, { path, how, act });
      }
    };
    const program = words[0] ?? '';
    const script = scriptOf(words);
    const parts = runPartsFolder(words);
    const isSourced = program === '.' || program === 'source';
    if (script !== null) add(isSourced ? 'read' : 'script', [script]);
    if (parts !== null) add('run-parts', [`${parts}/*`]);
    if (readsItsCode(words))
      add('read', [...(act.stdin === null ? [] : [act.stdin]), ...(act.reads?.slice(1) ?? [])]);
    if (program.includes('/') || program.startsWith('$')) add('program', [program]);
    else if (!isBuiltin(program) && !job.executed(program))
      for (const path of written)
        if (posix.basename(path) === program && !found.has(path))
          found.set(path, { path, how: 'program', act });
  }
  return [...found.values()];
}

/** How long a job may be silent before it counts as one that works without starting programs. */
const silentMs = 5_000;

class WatchedJob {
  /** The argument vector of the job's first program. */
  readonly args: readonly string[];
  readonly folder: string;
  readonly #attribution: Attribution;
  readonly #launch: Launch;
  readonly #first: ProcessNode | undefined;
  readonly #nodes: readonly ProcessNode[];

  constructor(attribution: Attribution, launch: Launch) {
    this.#attribution = attribution;
    this.#launch = launch;
    const node = attribution.tree.get(launch.event.process?.entity_id ?? '');
    const path = node ? [...lineage(node)] : [];
    this.#first = path
      .slice(0, path.indexOf(launch.job.root) + 1)
      .reverse()
      .find((one) => programsOf(one).length > 0);
    this.#nodes = this.#first ? [...subtree(this.#first)] : [];
    const event = this.#first && programsOf(this.#first)[0];
    this.args = event?.process?.args ?? [];
    this.folder = event?.process?.working_directory ?? '/';
  }

  /** What the job's shell was given to run; null where the job is no shell's. */
  text(added: readonly Schedule[]): string | null {
    const scheduler = schedulerNamed(this.#launch.job.scheduler);
    if (scheduler.isJobInput) {
      const jobs = added.filter((schedule) => schedulerFor(schedule) === scheduler);
      return jobs.length === 1 ? (jobs[0]?.command ?? '') : '';
    }
    return isShell(this.args[0] ?? '') && this.args[1] === '-c' ? (this.args[2] ?? '') : null;
  }

  executed(name: string): boolean {
    return this.#execs().some(
      ({ process }) =>
        posix.basename(process?.executable ?? '') === name || programName(process?.args ?? []) === name,
    );
  }

  hasRun(file: PayloadFile): boolean {
    const seen = this.#execs().find((event) => this.#isOf(event, file.path));
    if (seen) return this.#couldBeRead(file.path, seen);
    const attempt = this.#attempt(file.path);
    // What is neither a program nor begins with an interpreter is read by the shell that wanted to execute it.
    if (attempt) return codeOf(attempt) === 'ENOEXEC' && isShell(attempt.process?.executable ?? '');
    if (file.how !== 'read') return false;
    const isThere = this.#stateOf(file.path)?.isThere !== false;
    return isThere && (!file.act.isConditional || this.#didSomething());
  }

  /** Whether another command of the job, which is no launcher and no question, was executed. */
  didOther(acts: readonly Act[], files: readonly PayloadFile[]): boolean {
    return acts.some((act) => {
      const name = programName(act.words);
      return (
        !files.some((file) => file.act === act) &&
        !isQuestion(name) &&
        !isRunParts(name) &&
        !isInterpreter(name) &&
        this.executed(name)
      );
    });
  }

  /** Whether anything of what the commands are for was seen, where that can be seen. */
  did(acts: readonly Act[]): boolean {
    const hides = acts.some(
      ({ words, via, isConditional }) => isConditional || via.length > 0 || runPartsFolder(words) !== null,
    );
    if (!hides || this.#didSomething()) return true;
    const end = this.#first?.endedAt;
    if (!end) return this.#silence() > silentMs;
    const meant = acts.some(({ words }) => !isQuestion(programName(words)) && !isBuiltin(programName(words)));
    return this.#first?.exitCode === 0 && !meant;
  }

  whyNot({ path, how, act }: PayloadFile, acts: readonly Act[]): string {
    const attempt = this.#attempt(path);
    const code = attempt && codeOf(attempt);
    const state = this.#stateOf(path);
    const mode = state?.mode ?? null;
    const octal = mode === null ? '' : ` (mode ${mode.toString(8).padStart(4, '0')})`;
    const isExecutable = mode === null || (mode & 0o111) !== 0;
    if (state && !state.isThere) return 'it was not there any more';
    if (how === 'run-parts' && !takesName(posix.basename(path), 'debian'))
      return `its name ${posix.basename(path)} is none that run-parts takes: it skips it`;
    if (how === 'run-parts' && !isExecutable) return `not executable, run-parts skips it${octal}`;
    if (code === 'ENOENT') return 'its interpreter does not exist (ENOENT)';
    if (code === 'ENOEXEC') return 'it is neither a program nor a script with an interpreter line (ENOEXEC)';
    if (code !== undefined && code !== 'EACCES') return `it could not be executed (${code})`;
    if (code === 'EACCES' || (how === 'program' && !isExecutable)) return `it may not be executed${octal}`;
    const asked = acts.find(({ words }) => /^(?:test|\[\[?)$/.test(words[0] ?? '') && words.includes(path));
    if (asked)
      return `${asked.words
        .filter((word) => !/^[[\]]+$/.test(word))
        .join(' ')
        .replace(/^(?!test)/, 'test ')} did not hold${octal}`;
    if (act.via.includes('flock') && !this.#didSomething()) return 'flock did not get its lock';
    return this.#howItEnded();
  }

  whyNothing(acts: readonly Act[]): string {
    const wanted = acts.find(
      ({ words, isConditional, via }) => (isConditional || via.length > 0) && !isQuestion(programName(words)),
    );
    const what = wanted ? wanted.words.join(' ') : 'what it was to run';
    const question = acts.find(({ words }) => isQuestion(programName(words)) && words[0] !== 'cd');
    if (acts.some(({ words }) => runPartsFolder(words) !== null)) return 'run-parts found nothing to run';
    if (wanted?.via.includes('flock')) return `${what} never ran: flock did not get its lock`;
    return `${what} never ran${question ? ` after ${question.words.join(' ')}` : ''}: ${this.#howItEnded()}`;
  }

  #howItEnded(): string {
    const { exitCode = null } = this.#first ?? {};
    return exitCode === null
      ? 'the job did not come to it while it was watched'
      : `the job ended with exit code ${exitCode}`;
  }

  /** An exec that is no launcher's, no question and not the job's own shell; a file that was made; an attempt. */
  #didSomething(): boolean {
    const isWork = (event: EcsEvent) => {
      const { executable = '', args = [] } = event.process ?? {};
      if (isShell(executable)) return scriptOf(args) !== null;
      const name = programName(args);
      return (
        !isWrapper(executable) &&
        !isRunParts(executable) &&
        !isQuestion(executable) &&
        !isWrapper(name) &&
        !isQuestion(name)
      );
    };
    if (this.#execs().some(isWork)) return true;
    const { exitCode } = this.#first ?? {};
    if (exitCode === 126 || exitCode === 127) return true;
    return this.#nodes.some((node) => this.#attribution.hasWritten(node) && !isWrapper(node.executable));
  }

  #silence(): number {
    const began = this.#launch.event['@timestamp'];
    return Date.parse(this.#attribution.latestTime) - Date.parse(began);
  }

  #execs = (): EcsEvent[] => this.#nodes.flatMap(programsOf);

  #isOf({ process, atomclock }: EcsEvent, path: string): boolean {
    const names = this.#attribution.namesOf(path);
    const script = isInterpreter(process?.executable ?? '') ? scriptOf(process?.args ?? []) : null;
    const given = [
      process?.executable,
      atomclock.filename,
      script && posix.resolve(process?.working_directory ?? '/', script),
    ];
    return given.some(
      (one) => typeof one === 'string' && (names.includes(one) || names.includes(merged(one))),
    );
  }

  #couldBeRead(path: string, { process, '@timestamp': time }: EcsEvent): boolean {
    const state = this.#attribution.files.at(path, time);
    if (state?.isThere === false) return false;
    const isRoot = process?.user?.id === '0';
    if (isRoot || state === undefined || state.mode === null) return true;
    return (
      (state.mode & (state.uid === process?.user?.id ? 0o400 : 0o044)) !== 0 || process?.executable === path
    );
  }

  #attempt(path: string): EcsEvent | undefined {
    const names = this.#attribution.namesOf(path);
    return this.#nodes
      .flatMap(({ attempts }) => attempts)
      .find((event) => names.includes(attemptedProgram(event) ?? ''));
  }

  #stateOf = (path: string) =>
    this.#attribution.files.at(path, this.#first?.endedAt ?? this.#attribution.latestTime);
}

/** What it executed beyond the scheduler's own programs. */
const programsOf = ({ execs }: ProcessNode): EcsEvent[] =>
  execs.filter(
    ({ process }) => !schedulerOf({ program: process?.executable ?? '', args: process?.args ?? [] }),
  );

const codeOf = ({ error }: EcsEvent): string => (error as { code?: string } | undefined)?.code ?? '';

/** What a process was about to execute when the kernel would not. */
export const attemptedProgram = ({ event, process }: EcsEvent): string | undefined =>
  event.action === 'exec-attempt'
    ? (process?.Ext as { attempt?: { executable?: string } } | undefined)?.attempt?.executable
    : undefined;
