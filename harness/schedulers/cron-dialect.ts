// How cron's daemons differ in what they read in a table (measured: Debian's cron 3.0pl1, cronie 1.7.2, busybox 1.35,
// systemd-cron 1.15.19).

import type { CronDaemon } from './cron-daemon.ts';

export interface CronDialect {
  /** Bytes of a command, its input included, as far as the daemon reads. */
  readonly longestCommand: number;
  /** A leading `-` keeps root's job out of the log. */
  readonly hasSilentEntries: boolean;
  /** An entry of a system table that ends after its user is refused. */
  readonly needsCommand: boolean;
  /** In a command two backslashes are one (do_command.c). */
  readonly halvesBackslashes: boolean;
  /** A `%` ends the command, and what follows is its input. */
  readonly hasInput: boolean;
  /** `10~30` is a number that the daemon chooses when it reads the table. */
  readonly hasRandomRanges: boolean;
  /** What follows a complete list without a comma is skipped (`0~30` is 0) rather than refused. */
  readonly skipsRestOfField: boolean;
}

export const vixie: CronDialect = {
  longestCommand: 998,
  hasSilentEntries: false,
  needsCommand: false,
  halvesBackslashes: true,
  hasInput: true,
  hasRandomRanges: false,
  skipsRestOfField: true,
};

export const cronie: CronDialect = {
  longestCommand: 131_071,
  hasSilentEntries: true,
  needsCommand: true,
  halvesBackslashes: false,
  hasInput: true,
  hasRandomRanges: true,
  skipsRestOfField: false,
};

/**
 * Of daemons that take the rest of a line for the command, as it stands: a shell is given every `%`.
 * @source busybox 1.35, crond.c, load_crontab; systemd-cron 1.15.19, systemd-crontab-generator, parse_crontab and the
 *   note in generate_timer_unit on what is not translated
 */
const asItStands: CronDialect = {
  longestCommand: Number.POSITIVE_INFINITY,
  hasSilentEntries: false,
  needsCommand: true,
  halvesBackslashes: false,
  hasInput: false,
  hasRandomRanges: false,
  skipsRestOfField: false,
};

/** Of what is not known, cronie's is taken: it refuses single lines only. */
export function dialectOf(daemon: CronDaemon): CronDialect {
  switch (daemon) {
    case 'vixie':
      return vixie;
    case 'busybox':
    case 'systemd-cron':
      return asItStands;
    case 'cronie':
    case 'other':
    case 'none':
      return cronie;
  }
}
