// What is said of a target that is no more: the engine removes it as soon as it has ended, so both words have one reason.

import { expect, it } from 'vitest';
import { targetGone } from '../../../harness/docker/container/container-exec.ts';

it.each([
  {
    status: 404,
    says: 'target 0123456789ab has ended: it powered off, rebooted or was killed, and is removed',
  },
  { status: 409, says: 'target 0123456789ab has ended: it powered off, rebooted or was killed' },
])('the engine answers $status', ({ status, says }) => {
  const cause = Object.assign(new Error('the engine says so'), { statusCode: status });
  expect(targetGone({ id: '0123456789abcdef' }, cause)).toMatchObject({
    code: 'lab/target-gone',
    message: says,
    cause,
  });
});
