// Images are built when their sources are new, and only then.

import { describe, expect, it } from 'vitest';
import { connect } from '../../harness/docker/host/connection.ts';
import { ensureImage, findImage, targetImage } from '../../harness/docker/image/images.ts';
import { debian12, debian12Image } from './fixture.ts';

describe('images', () => {
  it('are not built again while their sources are the same', async () => {
    const tag = await debian12Image();
    const said: string[] = [];
    expect(await ensureImage(targetImage(debian12), (line) => said.push(line))).toBe(tag);
    expect(said).toEqual([]);
    expect(await findImage(targetImage(debian12))).toBe(tag);
  });

  it('are found missing when an input has changed', async () => {
    const changed = {
      ...debian12,
      image: { ...debian12.image, buildArgs: { EXTRA: 'something else' } },
    };
    expect(await findImage(targetImage(changed))).toBeUndefined();
  });

  it('carry a name that no registry can answer for', async () => {
    const { docker } = await connect();
    const tag = await debian12Image();
    expect(tag).toMatch(/^localhost\//);
    expect((await docker.getImage(tag).inspect()).Config.Labels).toMatchObject({
      'dev.atomclock.image': 'target-debian12',
    });
  });

  it('fail to build with what the engine said', async () => {
    const nowhere = { ...targetImage(debian12), context: 'mitigations' };
    await expect(ensureImage(nowhere, () => {})).rejects.toMatchObject({ code: 'lab/image-build' });
  });
});
