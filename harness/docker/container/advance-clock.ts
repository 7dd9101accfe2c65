// Moves the clock of one scheduler in a bundled target, so that a job of next week is launched in a second, by the
// real daemon. What is to be done is its scheduler's to say: here it becomes a command. Where an attack has put a unit
// of its own in the place of the image's, its clock stays as it is.

import { type ClockJump, clockMove, fastClockQuestion } from '../../schedulers/index.ts';

/**
 * The command that moves the clock.
 * @param nowMs since the epoch, on the target's clock
 * @returns argument vector, to be run as root in the target
 */
export const advanceCommand = (jump: ClockJump, nowMs: number): string[] => [
  'sh',
  '-c',
  ['set -e', ...clockMove(jump, nowMs)].join('\n'),
];

/**
 * The command that tells whether every cron daemon that runs lives on the fast clock: exit code 0.
 * @returns argument vector, to be run as root in the target
 */
export const hasFastClockCommand: readonly string[] = ['sh', '-c', fastClockQuestion];
