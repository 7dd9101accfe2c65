// What is said where the agent in a target could not do what it was asked.

import { constants } from 'node:os';
import { expect, it } from 'vitest';
import { refusal } from '../../../harness/docker/container/agent-trouble.ts';

const { EAGAIN, ENOMEM, ENOSPC, EINVAL, EPERM, ENOTDIR, ELOOP, EROFS, EMFILE } = constants.errno;

it.each([
  { what: 'process', errno: EAGAIN, code: 'lab/target-full', says: /as many processes as it may have/ },
  { what: 'process', errno: ENOMEM, code: 'lab/target-full', says: /no room left for the process .*: why/ },
  { what: 'process', errno: EMFILE, code: 'lab/command-refused', says: /\(process\): why/ },
  { what: 'script', errno: ENOSPC, code: 'lab/target-full', says: /no room left for the script .*: why/ },
  { what: 'script', errno: EPERM, code: 'lab/script-folder', says: /in the place of \/run\/atomclock/ },
  { what: 'script', errno: ENOTDIR, code: 'lab/script-folder', says: /in the place of \/run\/atomclock/ },
  { what: 'script', errno: ELOOP, code: 'lab/script-folder', says: /in the place of \/run\/atomclock/ },
  { what: 'script', errno: EROFS, code: 'lab/command-refused', says: /\(script\): why/ },
  { what: 'command', errno: EINVAL, code: 'lab/bad-command', says: /a NUL byte; expected none/ },
])('$what, errno $errno: $code', ({ what, errno, code, says }) => {
  expect(refusal(what, errno, 'why')).toMatchObject({
    code,
    exitCode: 3,
    message: expect.stringMatching(says),
  });
});
