// What a user's commands find around them: environment and working directory as after a login.

import type { ExecOptions, Target } from '../ports.ts';

/** Also the way to the user's own service manager, which `su` and ssh would have set. */
export function loginOf(target: Target, user: string): ExecOptions {
  const account = target.accounts.find(({ name }) => name === user);
  const home = account?.home ?? '/';
  return {
    user,
    workingDirectory: home,
    env: {
      HOME: home,
      USER: user,
      LOGNAME: user,
      SHELL: '/bin/sh',
      ...(account && { XDG_RUNTIME_DIR: `/run/user/${account.uid}` }),
    },
  };
}
