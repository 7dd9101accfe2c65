// Logins from another machine: which process is a client of ssh, and which on the machine is a session of one.

import type { ProcessNode } from './process-tree.ts';

export const isSshClient = ({ executable }: ProcessNode): boolean =>
  /^(?:\/usr)?\/bin\/ssh$/.test(executable);

/** The daemon executes itself anew for each connection; since OpenSSH 9.8 that is a program of its own (sshd(8), -R). */
export const isSshSession = ({ executable, args, parent }: ProcessNode): boolean =>
  parent?.executable === '/usr/sbin/sshd' &&
  (executable.endsWith('/sshd-session') || (executable === '/usr/sbin/sshd' && args.includes('-R')));
