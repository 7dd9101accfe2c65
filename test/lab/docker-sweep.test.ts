// After kill -9 of a harness the next one removes what the first left, and nothing of anybody alive.

import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { abandonRun, removeRun } from '../../harness/docker/container/remove-run.ts';
import { sweep } from '../../harness/docker/container/sweep.ts';
import { bootDebian12, debian12Image, inspect } from './fixture.ts';

describe('the sweep', () => {
  it('removes the targets of a killed harness and spares those of a live one', async () => {
    await debian12Image();
    await using mine = await bootDebian12();
    const other = execa(process.execPath, [fileURLToPath(new URL('start-and-wait.ts', import.meta.url))]);
    const [word] = (await once(other.stdout, 'data')) as [Buffer];
    const orphan = word.toString().trim();

    await sweep();
    const { State, Name } = await inspect(orphan);
    expect(State.Running).toBe(true);

    other.kill('SIGKILL');
    await other.catch(() => {});
    expect(await sweep()).toContain(Name.slice(1));
    await expect(inspect(orphan)).rejects.toMatchObject({ statusCode: 404 });
    expect((await inspect(mine.id)).State.Running).toBe(true);
  });

  it('removes what a run of this process has given up', async () => {
    const run = 'test-given-up';
    await using target = await bootDebian12({ run });
    await sweep();
    expect((await inspect(target.id)).State.Running).toBe(true);
    abandonRun(run);
    await sweep();
    await expect(inspect(target.id)).rejects.toMatchObject({ statusCode: 404 });
  });

  it('ends a whole run at once when it is interrupted', async () => {
    const run = 'test-interrupted';
    const targets = await Promise.all([bootDebian12({ run }), bootDebian12({ run })]);
    await removeRun(run);
    for (const { id } of targets) await expect(inspect(id)).rejects.toMatchObject({ statusCode: 404 });
  });
});
