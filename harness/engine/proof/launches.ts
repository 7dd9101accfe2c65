// Which of the jobs that schedulers launched are a step's, and by what each is recognised.

import type { EcsEvent } from '../../model/event.ts';
import type { Proof } from '../../model/run-record.ts';
import { schedulerNamed } from '../../schedulers/index.ts';
import { merged } from './job-acts.ts';
import { isShell } from './launcher.ts';
import { isPreparation, type Ownership } from './ownership.ts';
import type { Payload, Role } from './payload.ts';
import { lineage, type ProcessNode } from './process-tree.ts';
import type { RoleSchedules } from './role-schedules.ts';
import { isDaemon, type Job, type Launchable } from './scheduler.ts';

/** A job known to be a step's: what launched it and how it was recognised. */
export interface Launch {
  role: Role;
  by: Proof['by'];
  /** The marker that was seen, where the payload is ours. */
  nonce: string | null;
  job: Job;
  /** The exec event that shows the launch: of the payload where it is ours, of the job's first program otherwise. */
  event: EcsEvent;
  /** The unit that systemd ran, where it did. */
  unit: string | null;
}

/** Whose a launch is, and by what it is known. */
type Found = Pick<Launch, 'role' | 'by'>;

/** A scheduler's launch that no schedule and no step explains. */
export interface UnexplainedLaunch extends Launchable {
  scheduler: string;
  unit: string | undefined;
  /** Whether it is what the scheduler itself executed. */
  isFirst: boolean;
  /** Whether the scheduler is done with the job. */
  isOver: boolean;
}

/** An exec of a job as it was then: a process may execute another program afterwards. */
interface JobExec {
  readonly node: ProcessNode;
  readonly job: Job;
  readonly event: EcsEvent;
  /** The steps that had begun: what ran before a step is none of its doing. */
  readonly begun: readonly Role[];
  readonly launched: { readonly command: string; readonly user: string };
  readonly isFirst: boolean;
}

export class Launches {
  /** In the order of events. */
  readonly known: Launch[] = [];
  readonly #payloads: readonly Payload[];
  readonly #ownership: Ownership;
  readonly #schedules: RoleSchedules;
  readonly #unexplained: JobExec[] = [];
  /** Command lines that jobs had executed before the attack began. */
  readonly #habits = new Set<string>();

  constructor(payloads: readonly Payload[], ownership: Ownership, schedules: RoleSchedules) {
    this.#payloads = payloads;
    this.#ownership = ownership;
    this.#schedules = schedules;
  }

  /** Takes in an exec that the ownership has taken in: recognises the job that it is part of. */
  observe(node: ProcessNode, event: EcsEvent): void {
    const job = this.#ownership.jobOf(node);
    if (!job) return;
    const marked = this.#payloads.find(
      ({ nonce }) => nonce !== null && node.args.some((arg) => arg.includes(nonce)),
    );
    if (marked) {
      this.#launch(marked.role, 'nonce', job, event, marked.nonce);
      return;
    }
    const owner = this.#ownership.ownerOfProcess(node);
    if (owner === 'harness') return;
    const exec: JobExec = {
      node,
      job,
      event,
      begun: this.#ownership.begun(),
      launched: { command: jobCommand(node, job), user: node.userName },
      isFirst: isFirstProgram(node, job, event),
    };
    const written = this.#later(this.#unitOf(exec), this.#scriptOf(exec));
    const found = this.#toldIn(exec) ?? this.#later(written, this.#environmentOf(exec));
    if (found) this.#launch(found.role, found.by, job, event);
    // Who starts cron's daemon has all tables' jobs launched by it, not its own alone. Anacron is started to run its jobs.
    else if (owner && job.scheduler === 'cron' && this.#ownership.ownerOfProcess(job.daemon) === owner) {
      if (!isHelper(exec)) this.#explainBySchedule(exec);
    }
    // What a job executes after its first program is the same launch; another scheduler's daemon has yet to launch something.
    else if (owner && !this.#isLaunched(job) && !isDaemon(node)) this.#launch(owner, 'file', job, event);
    else if (!owner && !isHelper(exec)) this.#explainBySchedule(exec);
  }

  /** Launches since a step of this role began that nothing is known to explain. */
  unexplained(role: Role): UnexplainedLaunch[] {
    return this.#unexplained
      .filter(({ begun }) => begun.includes(role))
      .map(({ job, event, launched, isFirst }) => ({
        scheduler: job.scheduler,
        ...launched,
        unit: job.scheduler === 'systemd' ? unitOf(event) : undefined,
        isFirst,
        isOver: job.root.endedAt !== null,
      }));
  }

  /**
   * Whether at, cron or anacron runs a job that nothing explains yet and that began after a step of this role: its
   * payload may be still to come.
   */
  awaitsJob(role: Role): boolean {
    return this.#unexplained.some(
      ({ node, job, begun }) => node.endedAt === null && job.scheduler !== 'systemd' && begun.includes(role),
    );
  }

  #unitOf({ event, begun }: JobExec): Found | undefined {
    const unit = unitOf(event);
    const role = unit && this.#ownership.begunUnitOwner(unit);
    return role && begun.includes(role) ? { role, by: 'unit' } : undefined;
  }

  #scriptOf({ node, begun, launched: { user } }: JobExec): Found | undefined {
    for (const path of [node.executable, ...node.args.slice(0, 2)]) {
      // Who wrote what is run, whoever made the entry that runs it: not who only looked at it, or linked to it.
      const { files } = this.#ownership;
      const author = files.authorOf(path) ?? files.authorOf(merged(path));
      if (!author) continue;
      // A script that was prepared, and that a mode or an owner set later has made run-parts take, is who set that's.
      const scheduled = isPreparation(author)
        ? this.#schedules.whoScheduled({ command: path, user })
        : undefined;
      return { role: scheduled && begun.includes(scheduled) ? scheduled : author, by: 'file' };
    }
    return undefined;
  }

  /** Who wrote what a service is given its environment from. */
  #environmentOf({ event, begun }: JobExec): Found | undefined {
    const unit = unitOf(event);
    const files = unit === undefined ? [] : this.#schedules.readBy(unit);
    const role = files
      .map((path) => this.#ownership.files.authorOf(path))
      .find((author) => author !== undefined);
    return role && begun.includes(role) ? { role, by: 'file' } : undefined;
  }

  /** Of the unit's maker and the author of what it runs: who came to it later. */
  #later(unit: Found | undefined, script: Found | undefined): Found | undefined {
    if (!unit || !script) return unit ?? script;
    const begun = this.#ownership.begun();
    return begun.indexOf(script.role) > begun.indexOf(unit.role) ? script : unit;
  }

  /**
   * A job from before that executes what the attack's text says, word by word, and no job had executed until then: its
   * environment, a file that it reads, the memory of its scheduler may have been changed, which no table shows. Asked
   * only where the payload is not ours, and so has no mark.
   */
  #toldIn({ node, begun }: JobExec): Found | undefined {
    const line = node.args.join(' ');
    if (!begun.includes('attack')) this.#habits.add(line);
    if (!this.#payloads.some(({ role, nonce }) => role === 'attack' && nonce === null)) return undefined;
    const owner = this.#ownership.ownerOfProcess(node);
    if ((owner !== undefined && !isPreparation(owner)) || !begun.includes('attack')) return undefined;
    if (this.#habits.has(line) || (node.args.length < 2 && !line.includes('/'))) return undefined;
    const isToldTo = (isOf: (role: Role) => boolean) =>
      [...this.#ownership.textsOf(isOf)].some((text) => hasWords(text, line));
    return isToldTo((role) => role === 'attack') && !isToldTo(isPreparation)
      ? { role: 'attack', by: 'command' }
      : undefined;
  }

  #explainBySchedule(exec: JobExec): void {
    const { job, event, begun, launched } = exec;
    const scheduled = this.#schedules.whoScheduled(launched);
    const role = scheduled && begun.includes(scheduled) ? scheduled : this.#vanishedOf(exec);
    if (role) this.#launch(role, 'command', job, event);
    else this.#unexplained.push(exec);
  }

  /**
   * Whose entry it was that was put there, launched and taken away before anybody listed it: cron runs nothing that no
   * table says, so what no other entry explains is its job.
   */
  #vanishedOf({ job, begun, launched, isFirst }: JobExec): Role | undefined {
    if (job.scheduler !== 'cron' || !isFirst) return undefined;
    return begun.find(
      (role) => this.#schedules.isUnknown(role, launched) && this.#ownership.files.hasTouchedSchedules(role),
    );
  }

  #launch(role: Role, by: Proof['by'], job: Job, event: EcsEvent, nonce: string | null = null): void {
    const unit = job.scheduler === 'systemd' ? (unitOf(event) ?? null) : null;
    this.known.push({ role, by, nonce, job, event, unit });
    this.#ownership.own(job.root, role);
  }

  #isLaunched = (job: Job): boolean => this.known.some((launch) => launch.job.root === job.root);
}

/** The unit that a process was started in, from the name of its cgroup. */
const unitOf = (event: EcsEvent): string | undefined => {
  const { cgroup } = event.atomclock;
  return typeof cgroup === 'string' && cgroup.endsWith('.service') ? cgroup : undefined;
};

/**
 * Whether the daemon executes this for itself beside the job: PAM's helpers, which look up the account, and the mailer are
 * no entry of a table. An entry is handed to a shell, with -c or, by atd, as its input.
 * @source pam_unix(8), "pam_unix runs unix_chkpwd"; vixie cron and cronie, do_command.c; at, atd.c, run_file
 */
function isHelper({ node, job, isFirst }: JobExec): boolean {
  if (!isFirst || job.scheduler === 'systemd') return false;
  return schedulerNamed(job.scheduler).isJobInput ? !isShell(node.args[0] ?? '') : !node.args.includes('-c');
}

/** Whether nothing was executed on the way from the daemon to this. */
function isFirstProgram(node: ProcessNode, { root }: Job, event: EcsEvent): boolean {
  if (node.execs[0] !== event) return false;
  for (const ancestor of lineage(node)) {
    if (ancestor !== node && ancestor.execs.length > 0) return false;
    if (ancestor === root) return true;
  }
  return false;
}

/** Whether a text has these words, and not as part of others. */
function hasWords(text: string, words: string): boolean {
  const isPart = (character: string | undefined) => character !== undefined && /[\w./-]/.test(character);
  for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1))
    if (!isPart(text[at - 1]) && !isPart(text[at + words.length])) return true;
  return false;
}

/** What the scheduler's table would call this program: cron and anacron hand the entry to a shell with -c. */
function jobCommand(node: ProcessNode, job: Job): string {
  const viaShell = job.scheduler !== 'systemd' && node.args[1] === '-c' ? node.args[2] : undefined;
  return (viaShell ?? node.args.join(' ')).trim();
}
