// Only the images that a request needs must be there; the others are told of, and built when a run asks for them.

import { expect, it } from 'vitest';
import { readTargets } from '../../../harness/content/targets.ts';
import { checkImages } from '../../../harness/docker/doctor/checks/images.ts';
import { wantedImages } from '../../../harness/main/doctor.ts';

it.each<[string[], string[], string[]]>([
  [[], [], ['target-debian12', 'sensor']],
  [['debian12'], ['ebpf', 'audit'], ['target-debian12', 'sensor', 'audit']],
  [['none'], [], ['sensor']],
  [['none'], ['journal'], []],
  [['debian12'], ['inventory'], ['target-debian12']],
])('targets %j and sensors %j need %j', (targets, sensors, needed) => {
  const wanted = wantedImages(targets, sensors);
  expect(wanted.needed.map(({ name }) => name)).toEqual(needed);
  const targetImages = [...readTargets().values()].map(({ image }) => `target-${image.name}`);
  // Some share one.
  const all = [...new Set(targetImages), 'sensor', 'audit'];
  expect(wanted.others.map(({ name }) => name)).toEqual(all.filter((name) => !needed.includes(name)));
});

it('knows no target and no sensor that there is not', () => {
  expect(() => wantedImages(['debian21'], [])).toThrow(
    expect.objectContaining({ code: 'run/unknown-target' }),
  );
  expect(() => wantedImages([], ['jurnal'])).toThrow(expect.objectContaining({ code: 'run/unknown-sensor' }));
});

it.each([
  [['target-debian12', 'sensor', 'audit'], 'ok', 'target-debian12:1, sensor:1, audit:1', undefined],
  [
    ['target-debian12', 'sensor'],
    'ok',
    'target-debian12:1, sensor:1; not built: audit (built when a run asks for it)',
    undefined,
  ],
  [['target-debian12', 'audit'], 'failed', 'target-debian12:1, audit:1', /^not built, .*: sensor$/],
])('where %j are there, the check is %s', async (there, state, found, wrong) => {
  const images = wantedImages(['debian12'], ['ebpf']);
  const others = images.others.filter(({ name }) => name === 'audit');
  const check = await checkImages({ needed: images.needed, others }, async ({ name }) =>
    there.includes(name) ? `${name}:1` : undefined,
  );
  expect(check).toMatchObject({ state, found });
  if (wrong) expect(check.wrong).toMatch(wrong);
  else expect(check.wrong).toBeUndefined();
});
