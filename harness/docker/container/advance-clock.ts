// Moves the clock of one scheduler in a bundled target, so that a job of next week is launched in a second, by the
// real daemon. The files are those that the unit files of containers/target read; where an attack has put a unit of its
// own in their place, its clock stays as it is.

import type { ClockJump } from '../../engine/ports.ts';

/*
 * Only a daemon that runs is restarted, and only what would start with a machine is started: an attack may have stopped,
 * disabled or masked it, and then nothing is launched, as on any other machine.
 */

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
      return [
        ...(jump.to === 'boot' ? [startsAtBoot('cron'), 'rm -f /run/crond.reboot'] : [isRunning('cron')]),
        clockFile('cron', `${signed(ahead)} x60`),
        'systemctl restart cron.service',
      ].join('\n');
    }
    case 'atd':
      return [
        isRunning('atd'),
        clockFile('atd', signed(secondsUntil(jump.to, nowMs))),
        // The load that batch jobs wait for to sink is this machine's, not the target's.
        "echo 'ATD_ARGS=-l 1000' >>/etc/atomclock/atd.env",
        'systemctl restart atd.service',
      ].join('\n');
    case 'anacron':
      // Anacron asks its notes, not the clock, whether a job has run today: without notes every job is due.
      return [
        `{ ${startsItself}; } || exit 0`,
        "args=$(sed -n 's/^ANACRON_ARGS=//p' /etc/default/anacron | tail -n1)",
        // Added to what it is given: an attack may have changed that.
        `printf 'ANACRON_ARGS=%s -n\\n' "$args" >/etc/atomclock/anacron.env`,
        'rm -f /var/spool/anacron/*',
        'systemctl start --no-block anacron.service',
      ].join('\n');
  }
}

/** What follows is for a daemon that runs. */
const isRunning = (daemon: 'cron' | 'atd'): string =>
  `systemctl is-active --quiet ${daemon}.service || exit 0`;

/** What follows is for a daemon that starts with the machine. */
const startsAtBoot = (daemon: 'cron'): string => `systemctl is-enabled --quiet ${daemon}.service || exit 0`;

/** Whether anacron is started by its timer, or with the machine. */
const startsItself = `! systemctl is-enabled anacron.service | grep -q masked && {
  systemctl is-active --quiet anacron.timer || systemctl is-enabled --quiet anacron.service; }`;

const clockFile = (daemon: 'cron' | 'atd', faketime: string): string =>
  `printf 'LD_PRELOAD=/usr/lib/atomclock/libfaketime.so.1\\nFAKETIME=%s\\n' '${faketime}' >/etc/atomclock/${daemon}.env`;

const secondsUntil = (iso: string, nowMs: number): number => Math.ceil((Date.parse(iso) - nowMs) / 1000);

/** libfaketime takes an offset without its sign for a date. */
const signed = (seconds: number): string => (seconds < 0 ? `${seconds}` : `+${seconds}`);

/**
 * The command that tells whether every cron daemon that runs lives on the fast clock: exit code 0.
 * @returns argument vector, to be run as root in the target
 */
export const hasFastClockCommand: readonly string[] = [
  'sh',
  '-c',
  `for pid in $(systemctl show --property MainPID --value cron.service) $(pgrep -x cron); do
    ! [ -r "/proc/$pid/environ" ] || grep -qz '^FAKETIME=' "/proc/$pid/environ" || exit 1
  done`,
];
