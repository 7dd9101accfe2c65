// The core of the bundled atomics on a real target, without any sensor: the job itself says that it ran, and the file
// system says that cleanup left nothing.

import { describe, expect, it } from 'vitest';
import { loadAtomics } from '../../harness/content/atomics.ts';
import type { Target } from '../../harness/engine/ports.ts';
import { type Atomic, defaultInputs, renderCommand } from '../../harness/model/atomic.ts';
import { bootDebian12 } from './fixture.ts';

const { atomics: all, expectations } = loadAtomics({ bundled: true, foreign: [] });
const atomics = all.filter(({ tags }) => tags.includes('core'));

/** The job writes into a pipe, so that its run is an event to wait for. */
const pipe = '/opt/atomclock-pipe';
const payload = `/usr/bin/cp /etc/hostname ${pipe}`;

const render = (atomic: Atomic, text: string): string =>
  renderCommand(text, { ...defaultInputs(atomic.inputs), command: payload });

/** Everything that schedules or is left lying about: paths with kind, mode and owner, tables, queue and timers. */
const snapshot = async (target: Target): Promise<string> => {
  const { stdout } = await target.exec([
    'sh',
    '-c',
    `cd / && find var/spool/cron etc/cron* etc/at.* etc/systemd home root tmp var/tmp \
       -printf '%p %y %m %u\\n' 2>/dev/null | sort
     find run/systemd/transient run/user/1000/systemd/transient -type f 2>/dev/null
     for user in root alice bob; do crontab -u "$user" -l; done 2>&1
     atq
     systemctl list-unit-files --no-pager --type=timer,service
     systemctl list-units --no-pager --plain --all --type=timer | awk '{print $1, $3}'`,
  ]);
  return stdout;
};

/** The snapshot once it is the wanted one, else what it stays: atd and the service manager clear away after a job's end. */
const settled = async (target: Target, wanted: string): Promise<string> => {
  const giveUp = performance.now() + 120_000;
  for (;;) {
    const found = await snapshot(target);
    if (found === wanted || performance.now() > giveUp) return found;
  }
};

describe('each attack of the core', () => {
  it.concurrent.each(
    atomics.filter(({ kind }) => kind === 'attack').map((atomic) => [atomic.slug, atomic] as const),
  )('%s is checked, runs its payload, and leaves nothing', async (_slug, atomic) => {
    const expectation = expectations.get(atomic.guid);
    const user = expectation?.user ?? 'root';
    const needsManager = expectation?.needs.includes('user-manager') ?? false;
    await using target = await bootDebian12({ clock: 'fast', userManagers: needsManager ? [user] : [] });
    const run = (text: string) => target.exec([atomic.executor.name, '-c', render(atomic, text)], { user });
    await target.exec(['mkfifo', '-m', '0666', pipe]);
    await target.exec(['chmod', '0666', pipe]);
    const before = await snapshot(target);

    for (const { check } of atomic.dependencies) expect(await run(check)).toMatchObject({ exitCode: 0 });
    const heard = target.exec(['cat', pipe], { timeoutMs: 240_000 });
    const attack = await run(atomic.executor.command);
    expect(attack).toMatchObject({ exitCode: 0 });
    const { exitCode, stdout } = await heard;
    expect([exitCode, stdout.trim()]).toEqual([0, expect.stringMatching(/\S/)]);

    expect(await run(atomic.executor.cleanup ?? 'false')).toMatchObject({ exitCode: 0 });
    expect(await settled(target, before)).toBe(before);
  });
});

it.each(atomics.filter(({ kind }) => kind === 'benign').map((atomic) => [atomic.slug, atomic] as const))(
  'the benign twin %s succeeds and changes nothing',
  async (_slug, atomic) => {
    await using target = await bootDebian12();
    const before = await snapshot(target);
    const user = expectations.get(atomic.guid)?.user ?? 'root';
    const { exitCode } = await target.exec(['sh', '-c', render(atomic, atomic.executor.command)], { user });
    expect(exitCode).toBe(0);
    expect(await snapshot(target)).toBe(before);
  },
);
