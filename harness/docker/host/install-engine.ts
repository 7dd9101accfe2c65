// Puts a container engine on a Debian-like machine that has none, and starts one that is installed but down.

import { existsSync } from 'node:fs';
import { $ } from 'zx';
import { AtomclockError, exitCodes } from '../../model/errors.ts';
import type { EngineTrouble } from './engine-fault.ts';
import { rootPrefix } from './privileged-command.ts';
import type { Progress } from './progress.ts';
import { awaitEngine, startEngine } from './start-engine.ts';

/** Asks before a change to the machine; null where there is nobody to ask, and it is said and done. */
export type Confirm = ((question: string) => Promise<boolean>) | null;

/**
 * Mends what keeps the engine from answering.
 * @throws AtomclockError `lab/engine-not-ours` where it must not be touched, `lab/engine-declined` when the user
 *   says no, `lab/engine-failed` when it does not come up
 */
export async function mendEngine(
  trouble: EngineTrouble,
  confirm: Confirm,
  progress: Progress,
): Promise<void> {
  switch (trouble.kind) {
    case 'chosen':
    case 'no-permission':
    case 'rootless-stopped':
      throw new AtomclockError('lab/engine-not-ours', trouble.wrong, {
        exitCode: exitCodes.labUnavailable,
        hint: trouble.mend,
      });
    case 'unresponsive':
      progress(`engine: ${trouble.wrong}: waiting for it`);
      return awaitEngine();
    case 'absent':
      await install(trouble, confirm, progress);
      return startEngine(progress);
    case 'stopped':
      return startEngine(progress);
  }
}

async function install({ wrong, mend }: EngineTrouble, confirm: Confirm, progress: Progress): Promise<void> {
  const root = await rootPrefix();
  if (!existsSync('/etc/debian_version') || root === undefined) {
    throw new AtomclockError('lab/engine-failed', wrong, { exitCode: exitCodes.labUnavailable, hint: mend });
  }
  const agreed =
    confirm === null || (await confirm('No container engine here. Install docker.io with apt-get?'));
  if (!agreed) {
    throw new AtomclockError(
      'lab/engine-declined',
      'the container engine was not installed, as you decided',
      {
        exitCode: exitCodes.labUnavailable,
        hint: mend,
      },
    );
  }
  progress('engine: apt-get install --no-install-recommends docker.io');
  const shell = $({ quiet: true, nothrow: true });
  await shell`${root} env DEBIAN_FRONTEND=noninteractive apt-get update`;
  const install = ['install', '-y', '--no-install-recommends', 'docker.io'];
  const { exitCode, stderr } = await shell`${root} env DEBIAN_FRONTEND=noninteractive apt-get ${install}`;
  if (exitCode !== 0) {
    throw new AtomclockError('lab/engine-failed', `docker.io cannot be installed:\n${stderr.slice(-2000)}`, {
      exitCode: exitCodes.labUnavailable,
      hint: 'apt-get update; apt-get install docker.io',
    });
  }
}
