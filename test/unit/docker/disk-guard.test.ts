// A target that fills the disk is ended, and why is known; one that writes a little is left alone.

import { expect, it, vi } from 'vitest';
import { DiskGuard } from '../../../harness/docker/container/disk-guard.ts';

const mebibyte = 1024 * 1024;

/** A container whose layer grows with each look. */
function growing(...sizes: (number | Error)[]) {
  let looks = 0;
  const kill = vi.fn(async () => {});
  const written = async () => {
    const size = sizes[Math.min(looks++, sizes.length - 1)] ?? 0;
    if (size instanceof Error) throw size;
    return size * mebibyte;
  };
  return { container: { id: 'abcdef0123456789', kill, written }, kill, looks: () => looks };
}

it('ends the one that has written more than it may', async () => {
  const { container, kill } = growing(1, 40, 300);
  using guard = new DiskGuard(container, 64, 1);
  await expect.poll(() => kill.mock.calls.length).toBe(1);
  expect(guard.reason).toMatchObject({ code: 'lab/target-full', exitCode: 3 });
  expect(guard.reason?.message).toBe(
    'target abcdef012345 was ended: it had written 300 MiB to its disk, of 64 that it may',
  );
});

it.each([
  ['writes no more than it may', [1, 64]],
  ['is gone', [new Error('no such container')]],
])('leaves the one alone that %s', async (_, sizes) => {
  const { container, kill, looks } = growing(...sizes);
  using guard = new DiskGuard(container, 64, 1);
  await expect.poll(looks).toBeGreaterThanOrEqual(sizes.length);
  expect(kill).not.toHaveBeenCalled();
  expect(guard.reason).toBeNull();
});

it('looks no more once it is disposed of', async () => {
  const { container, looks } = growing(1);
  const guard = new DiskGuard(container, 64, 1);
  await expect.poll(looks).toBeGreaterThan(1);
  guard[Symbol.dispose]();
  const seen = looks();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(looks()).toBeLessThanOrEqual(seen + 1);
});
