// What is known of one scheduler, in the form in which everybody asks for it.

import type { ClockLever } from './clock.ts';
import type { Place } from './place.ts';

/** How proofs and reports call a scheduler: by the daemon that launches. */
export type SchedulerName = 'atd' | 'cron' | 'anacron' | 'systemd';

/** A daemon that launches jobs. */
export interface Daemon {
  /** Canonical path of its program, usr merged (`/usr/sbin/cron`). */
  readonly program: string;
  /** For a program of many names (busybox): what it must be called to be this daemon. */
  readonly applet?: string;
}

/** A process that is one, by the path of its program: a copy may be called anything. */
export interface RunningDaemon {
  readonly scheduler: SchedulerName;
  readonly program: string;
}

export interface Scheduler {
  readonly name: SchedulerName;
  readonly daemons: readonly Daemon[];
  /** Generators of the service manager that are it: it has no daemon then. */
  readonly generators?: readonly string[];
  /** Service units that its daemon runs as, by the names of distributions. */
  readonly units: readonly string[];
  readonly places: readonly Place[];
  /** Names under which it speaks in a system log, lower case. */
  readonly logNames: readonly string[];
  /** The shell of its job reads the job from its input; left out where it gets it with -c. */
  readonly isJobInput?: true;
  /** PAM's names for it, by distributions. */
  readonly pamServices?: readonly string[];
  readonly clock: ClockLever;
}
