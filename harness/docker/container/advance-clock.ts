// Moves the clock of one scheduler in a bundled target, so that a job of next week is launched in a second, by the
// real daemon. The files are those that the drop-ins of containers/target read.

import type { ClockJump } from '../../engine/ports.ts';

/** Cron looks at its tables when a minute of its clock begins: it is put this far ahead of the minute. */
const cronLeadSeconds = 100;

/**
 * The command that moves the clock.
 * @param nowMs since the epoch, on the target's clock
 * @returns argument vector, to be run as root in the target
 */
export function advanceCommand(jump: ClockJump, nowMs: number): string[] {
  return ['sh', '-c', `set -e\n${script(jump, nowMs)}`];
}

function script(jump: ClockJump, nowMs: number): string {
  switch (jump.scheduler) {
    case 'cron': {
      const ahead = jump.to === 'boot' ? 0 : secondsUntil(jump.to, nowMs) - cronLeadSeconds;
      const reboot = jump.to === 'boot' ? 'rm -f /run/crond.reboot\n' : '';
      return `${clockFile('cron', `${signed(ahead)} x60`)}\n${reboot}systemctl restart cron.service`;
    }
    case 'atd':
      return [
        clockFile('atd', signed(secondsUntil(jump.to, nowMs))),
        // The load that batch jobs wait for to sink is this machine's, not the target's.
        "echo 'ATD_ARGS=-l 1000' >>/etc/atomclock/atd.env",
        'systemctl restart atd.service',
      ].join('\n');
    case 'anacron':
      // Anacron asks its notes, not the clock, whether a job has run today: without notes every job is due.
      return [
        "echo 'ANACRON_ARGS=-s -n' >/etc/atomclock/anacron.env",
        'rm -f /var/spool/anacron/*',
        'systemctl start --no-block anacron.service',
      ].join('\n');
  }
}

const clockFile = (daemon: 'cron' | 'atd', faketime: string): string =>
  `printf 'LD_PRELOAD=/usr/lib/atomclock/libfaketime.so.1\\nFAKETIME=%s\\n' '${faketime}' >/etc/atomclock/${daemon}.env`;

const secondsUntil = (iso: string, nowMs: number): number => Math.ceil((Date.parse(iso) - nowMs) / 1000);

/** libfaketime takes an offset without its sign for a date. */
const signed = (seconds: number): string => (seconds < 0 ? `${seconds}` : `+${seconds}`);
