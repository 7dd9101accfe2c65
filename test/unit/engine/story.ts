// Who acts in the stories that tests of the engine tell, and how one is fed to the attribution.

import { Attribution, type Payload } from '../../../harness/engine/proof/attribution.ts';
import type { EcsEvent, ProcessFields } from '../../../harness/model/event.ts';
import { exec, file, outside, process, running } from './events.ts';

export const nonce = 'c0ffee';
/** The payload where it is ours. */
export const marker = ['/usr/bin/touch', `/tmp/atomclock-${nonce}`];
export const ours: Payload = { role: 'attack', nonce };
export const foreign: Payload = { role: 'attack', nonce: null };
/** What the attack's step executes. */
export const attackArgs = ['/bin/sh', '-c', 'do it'];

export const pid1 = process({ pid: 1, executable: '/usr/lib/systemd/systemd', parent: outside });
export const cron = process({ pid: 38, executable: '/usr/sbin/cron', parent: pid1 });
export const atd = process({ pid: 42, executable: '/usr/sbin/atd', parent: pid1 });
/** The first process of a step. */
export const stepShell = (args: string[] = attackArgs, pid = 200, user = 'root'): ProcessFields =>
  process({ pid, executable: '/bin/dash', args, user, parent: outside });
/** The fork of cron in which it launches a job. */
export const cronChild = process({ pid: 454, executable: '/usr/sbin/cron', parent: cron });
/** The job's own process, before and after it executes something. */
export const cronJob = (args: string[], executable = '/bin/dash', pid = 455): ProcessFields =>
  process({ pid, executable, args, parent: cronChild });
export const shellJob = (command: string, pid = 455): ProcessFields =>
  cronJob(['/bin/sh', '-c', command], '/bin/dash', pid);

interface Story {
  /** What was running beside PID 1 when the sensor came. */
  daemons?: ProcessFields[];
  /** The attack's first process. */
  shell?: ProcessFields;
  /** What happens once the attack has begun. */
  after?: (shell: ProcessFields) => EcsEvent[];
  /** What happens before. */
  before?: () => EcsEvent[];
}

/** The events of a target in which daemons were running when the sensor came, and an attack begins. */
export function story({
  daemons = [cron],
  shell = stepShell(),
  before = () => [],
  after = () => [],
}: Story = {}): EcsEvent[] {
  return [running(pid1), ...daemons.map(running), ...before(), exec(shell), ...after(shell)];
}

/** A story of a table that the attack drops, and what follows. */
export const tableStory = (table: string, after: (shell: ProcessFields) => EcsEvent[] = () => []) =>
  story({ after: (shell) => [file('creation', table, shell), ...after(shell)] });

/** The attribution of a case whose only step is the attack. */
export function attributed(events: readonly EcsEvent[], payload: Payload = ours): Attribution {
  const attribution = new Attribution([payload]);
  attribution.expectStep('attack', attackArgs);
  for (const one of events) attribution.push(one);
  return attribution;
}
