// What `run --watch` shows: one case as it happens, for people who look on. It reads the facts of a run and nothing else.

import { formatProblem } from '../model/errors.ts';
import type { CasePhase, OnRunEvent, RunEvent } from '../model/run-event.ts';
import type { TestReading } from '../model/traces.ts';
import { verdictStyles } from '../report/console.ts';
import { printable, printableLines } from '../report/printable.ts';
import { ellipsis, type Paint, painter, type Style, wrap } from '../report/table.ts';
import type { Io, Output } from './io.ts';

export interface Watch extends Disposable {
  readonly show: OnRunEvent;
  /** Asks for Enter before a stage; without a terminal it asks for nothing. */
  readonly beforePhase: (caseId: string, phase: CasePhase) => Promise<void>;
}

/** Shows some work as it happens. */
export async function withWatch<Result>(io: Io, work: (watch: Watch) => Promise<Result>): Promise<Result> {
  using watch = watchRun(io);
  return await work(watch);
}

/** Follows a run on standard error. */
export function watchRun({
  stderr,
  env,
  enter,
  signal,
}: Pick<Io, 'stderr' | 'env' | 'enter' | 'signal'>): Watch {
  const screen = new Screen(stderr, env.TERM !== 'dumb');
  const cases = new Map<string, WatchedCase>();
  const paint = painter(stderr.color);
  const show = (event: RunEvent): void => {
    switch (event.kind) {
      case 'note':
        screen.text(event.message);
        return;
      case 'problem':
        screen.text(formatProblem(event.problem));
        return;
      case 'run-started':
        return;
      case 'run-finished':
        // Of a run that goes on, what was recorded before is not shown once more.
        cases.clear();
        return;
      case 'case-planned':
        cases.set(event.case, new WatchedCase(event, screen, paint));
        return;
      default:
        cases.get(event.case)?.show(event);
    }
  };
  const beforePhase = async (): Promise<void> => {
    if (enter === null) return;
    screen.ask('  Enter: go on ');
    // Who ends the run is asked nothing more.
    const drop = () => screen.answered();
    signal.addEventListener('abort', drop, { once: true });
    await enter();
    signal.removeEventListener('abort', drop);
    screen.answered();
  };
  return { show, beforePhase, [Symbol.dispose]: () => screen.answered() };
}

type Planned = Extract<RunEvent, { kind: 'case-planned' }>;
type Shown = Extract<RunEvent, { case: string }>;
type Told = Extract<RunEvent, { kind: 'event' }>;

/** What a reader takes in of one stage: a loop of a shell's does thousands of things. */
const shownEvents = 60;
const shownLines = 20;

class WatchedCase {
  readonly #planned: Planned;
  readonly #screen: Screen;
  readonly #paint: Paint;
  #stage: CasePhase | null = null;
  /** When the attack began, by the sensor's clock. */
  #began: number | null = null;
  #events = 0;
  #launched: string | null = null;
  readonly #matched = new Map<string, Set<string>>();
  #observation = '';

  constructor(planned: Planned, screen: Screen, paint: Paint) {
    this.#planned = planned;
    this.#screen = screen;
    this.#paint = paint;
  }

  show(event: Shown): void {
    switch (event.kind) {
      case 'case-started':
        this.#title();
        return;
      case 'stage':
        this.#closeStage();
        this.#stage = event.stage;
        this.#heading(titles[event.stage], event.sentence);
        return;
      case 'step-started':
        this.#typed(event.user, event.command);
        return;
      case 'step':
        this.#answer(event);
        return;
      case 'event':
        this.#event(event);
        return;
      case 'launched': {
        const { scheduler, user, commandLine, latencyMs } = event.proof;
        const what = event.of === 'attack' ? 'The payload' : 'The job';
        const text = `${what} was launched by ${scheduler} as ${user}: ${commandLine}`;
        if (event.of === 'attack')
          this.#launched = `${scheduler} as ${user}, ${seconds(latencyMs)} after it began`;
        this.#line('>>', text, 'bold');
        return;
      }
      case 'matched':
        this.#match(event.rule, event.eventIds, event.because ?? []);
        return;
      case 'withdrawn': {
        const ids = this.#matched.get(event.rule);
        for (const id of event.eventIds) ids?.delete(id);
        if (ids?.size === 0) this.#matched.delete(event.rule);
        this.#line('--', `rule ${event.rule} does not match after all, now that all events are in`, 'dim');
        return;
      }
      case 'case-finished':
        this.#closeStage();
        this.#observation = event.observation ?? '';
        if (this.#planned.of === 'idle') this.#line('  ', `nothing was done, in ${seconds(event.ms)}`, 'dim');
        return;
      case 'case-judged':
        this.#verdict(event.verdict, event.reasons);
    }
  }

  #title(): void {
    const { case: id, of, title, technique, user, target, mitigation } = this.#planned;
    this.#screen.blank();
    this.#screen.line(this.#paint('bold', `== ${printable(id)}`));
    const under = mitigation ? ` under ${mitigation}` : '';
    const about =
      of === 'idle'
        ? `The idle control: nothing is done on ${target}, and no rule may fire.`
        : `${title}${technique ? ` (${technique})` : ''}, as ${user} on ${target}${under}.`;
    this.#screen.paragraph(about, 3);
  }

  #heading(title: string, sentence: string): void {
    this.#screen.blank();
    this.#screen.line(this.#paint('cyan', `-- ${title}`));
    this.#screen.paragraph(sentence, 3);
  }

  #typed(user: string, command: string): void {
    const prompt = `${user}${user === 'root' ? '#' : '$'} `;
    const [first = '', ...others] = printableLines(command.trimEnd()).split('\n');
    this.#screen.line(`   ${this.#paint('bold', `${printable(prompt)}${first}`)}`);
    const indent = ' '.repeat(3 + prompt.length - 2);
    for (const line of others) this.#screen.line(`${indent}${this.#paint('bold', `> ${line}`)}`);
  }

  #answer({ stdout, stderr, exitCode }: Extract<RunEvent, { kind: 'step' }>): void {
    const said = [stdout, stderr].flatMap((text) =>
      text.trim() ? printableLines(text.trimEnd()).split('\n') : [],
    );
    for (const line of said.slice(0, shownLines)) this.#screen.line(`   ${line}`);
    if (said.length > shownLines) this.#screen.line(`   and ${said.length - shownLines} more lines`);
    const end = exitCode === null ? 'ended by its time limit' : `exit ${exitCode}`;
    this.#screen.line(`   ${this.#paint(exitCode === 0 ? 'dim' : 'red', `[${end}]`)}`);
  }

  #event(told: Told): void {
    const { event, of, role } = told;
    if (role === 'runner' && of === 'attack') this.#began ??= Date.parse(event['@timestamp']);
    if (!isShown(told)) return;
    this.#events += 1;
    if (this.#events > shownEvents) return;
    const at = this.#began === null ? null : Date.parse(event['@timestamp']) - this.#began;
    const when = at === null ? '' : `+${(at / 1000).toFixed(2)} s `.padStart(11);
    const style: Style | null = role === 'payload' ? 'yellow' : of === 'attack' ? null : 'dim';
    this.#line('  ', `${when}${marks[role]}${told.sentence}`, style, when.length + 5);
  }

  #match(rule: string, eventIds: readonly string[], because: readonly TestReading[]): void {
    const known = this.#matched.get(rule);
    this.#matched.set(rule, new Set([...(known ?? []), ...eventIds]));
    if (known) return;
    this.#line('!!', `rule ${rule} matches`, 'magenta');
    for (const test of telling(because)) this.#line('  ', `   ${reading(test)}`, 'magenta', 6);
  }

  #verdict(verdict: keyof typeof verdictStyles, reasons: readonly string[]): void {
    this.#screen.blank();
    const { case: id, of } = this.#planned;
    const happened = this.#launched
      ? `${this.#observation} by ${this.#launched}`
      : this.#observation || 'not run';
    const rules = [...this.#matched.keys()];
    const seen =
      rules.length > 0
        ? ` ${rules.length === 1 ? 'One rule' : `${rules.length} rules`} saw it: ${rules.join(', ')}.`
        : of === 'attack' && this.#launched
          ? ' No rule saw it.'
          : ' No rule fired on it.';
    this.#screen.line(this.#paint(verdictStyles[verdict], `== ${verdict}: ${printable(id)}`));
    this.#screen.paragraph(`${happened[0]?.toUpperCase()}${happened.slice(1)}.${seen}`, 3);
    for (const reason of reasons) this.#screen.paragraph(`- ${reason}`, 3, 5);
  }

  #closeStage(): void {
    const more = this.#events - shownEvents;
    if (more > 0) this.#line('  ', `and ${more} more events`, 'dim');
    this.#events = 0;
  }

  #line(mark: string, text: string, style: Style | null, hanging = 3): void {
    this.#screen.paragraph(`${mark} ${text}`, 0, hanging, style && ((line) => this.#paint(style, line)));
  }
}

const titles: Record<CasePhase, string> = {
  boot: 'A new target',
  mitigation: 'The hardening',
  inventory: 'Before the attack',
  prerequisites: 'What it needs',
  attack: 'The attack',
  wait: "The scheduler's turn",
  cleanup: 'Cleaning up',
  legitimate: 'Legitimate use',
};

const marks: Record<Told['role'], string> = {
  runner: '. ',
  attack: '* ',
  scheduler: 's ',
  job: 'j ',
  payload: 'P ',
  log: 'l ',
};

/** What is done only on the way is left out: forks, ends without an error, files that are merely opened or missing. */
function isShown({ event: { event, process, error }, role, of }: Told): boolean {
  if (role === 'runner' || !['attack', 'cleanup', 'legitimate'].includes(of)) return false;
  // A shell looks for a program in one folder after the other.
  if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT') return false;
  if (event.action === 'end') return (process?.exit_code ?? 0) !== 0;
  return !['fork', 'open', 'close', 'already_running'].includes(event.action);
}

/** Of the tests that held, those that say most: which kind of event it is, every rule asks. */
function telling(because: readonly TestReading[]): readonly TestReading[] {
  const isPlain = ({ seen }: TestReading) =>
    seen.every(({ field }) => /^(?:event|host|container)\.|^file\.type$/.test(field));
  const rare = because.filter((test) => test.holds && !isPlain(test));
  return (rare.length > 0 ? rare : because).slice(0, 3);
}

function reading({ text, excluded, seen }: TestReading): string {
  const asked = excluded ? `not: ${text}` : text;
  const values = seen.map(({ field, value }) => (value === null ? `no ${field}` : value));
  return `${asked}${values.length > 0 ? `: ${ellipsis(values.join(', '), 160)}` : ''}`;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** Lines that fit the terminal, and a question that stays below them. */
class Screen {
  readonly #stream: Output;
  /** Whether what stands on a line can be taken back. */
  readonly #canErase: boolean;
  #question = '';
  #isBlank = true;

  constructor(stream: Output, canErase: boolean) {
    this.#stream = stream;
    this.#canErase = canErase;
  }

  /** A line of printable text. */
  line(text: string): void {
    this.#isBlank = text === '';
    const erase = this.#question === '' ? '' : this.#canErase ? '\r\u001b[K' : '\n';
    this.#stream.write(`${erase}${text}\n${this.#question}`);
  }

  /** One line between what belongs together. */
  blank(): void {
    if (!this.#isBlank) this.line('');
  }

  /** Text from elsewhere, line by line. */
  text(text: string): void {
    for (const line of printableLines(text).split('\n')) this.line(line);
  }

  /** Text from elsewhere, wrapped to the width of the terminal. */
  paragraph(
    text: string,
    indent: number,
    hanging = indent,
    paint: ((line: string) => string) | null = null,
  ): void {
    const blanks = (count: number) => ' '.repeat(count);
    // The first line may begin further left than the others.
    const shift = Math.max(0, hanging - indent);
    const plain = printable(text);
    const lead = plain.slice(0, shift);
    const lines = wrap(plain.slice(shift), Math.max(20, this.#stream.columns - 1 - hanging));
    for (const [index, line] of lines.entries()) {
      const shown = index === 0 ? `${blanks(indent)}${lead}${line}` : `${blanks(hanging)}${line}`;
      this.line(paint ? paint(shown) : shown);
    }
  }

  ask(question: string): void {
    this.#question = question;
    this.#stream.write(question);
  }

  /** The terminal has echoed Enter: what follows stands on a line of its own. */
  answered(): void {
    this.#question = '';
  }
}
