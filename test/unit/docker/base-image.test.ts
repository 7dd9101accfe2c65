// The base of what is no Debian: only a registry has it, and without one that is said.

import type Docker from 'dockerode';
import { describe, expect, it } from 'vitest';
import { readTargets } from '../../../harness/content/targets.ts';
import type { Engine } from '../../../harness/docker/host/connection.ts';
import { baseTag } from '../../../harness/docker/image/base-image.ts';
import { bootstrapImage } from '../../../harness/docker/image/bootstrap-image.ts';
import { targetImage } from '../../../harness/docker/image/images.ts';

describe('a base image', () => {
  it.each([
    [{ image: 'debian:12', suite: 'bookworm' }, 'localhost/atomclock/base:bookworm'],
    [{ image: 'ubuntu:24.04' }, 'localhost/atomclock/base:ubuntu-24.04'],
    [{ image: 'quay.io/rocky/9@sha256:00' }, 'localhost/atomclock/base:quay.io-rocky-9-sha256-00'],
  ])('%j is kept as %s', (base, tag) => {
    expect(baseTag(base)).toBe(tag);
  });

  it('that is no Debian is not made from packages: that and the way out are said', async () => {
    const engine = { architecture: 'x86_64' } as Engine['facts'];
    const made = bootstrapImage({} as Docker, engine, { image: 'fedora:latest' }, () => {});
    await expect(made).rejects.toMatchObject({
      code: 'lab/no-base-image',
      message:
        'no registry answers for fedora:latest, and it is no Debian that could be made here from packages',
      hint: expect.stringContaining('docker load'),
    });
  });
});

describe("a target's image", () => {
  const imageOf = (name: string) => {
    const target = readTargets().get(name);
    if (!target) throw new RangeError(name);
    return targetImage(target);
  };

  it('is one for targets that differ in their privileges', () => {
    expect(imageOf('debian12-nonroot')).toEqual(imageOf('debian12'));
    expect(imageOf('debian12-mounted')).toEqual(imageOf('debian12'));
  });

  it('is built on the image of the target on which it stands', () => {
    expect(imageOf('debian12-ssh').parts).toEqual({ BASE_IMAGE: imageOf('debian12') });
    expect(Object.keys(imageOf('debian12').parts ?? {})).toEqual(['AGENT_IMAGE']);
  });
});
