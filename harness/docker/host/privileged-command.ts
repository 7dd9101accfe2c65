// Commands that need root: run as they are by root, through sudo by others where it asks for no password.

import { $ } from 'zx';

/** The prefix for a command that needs root; undefined when this user cannot become root unattended. */
export async function rootPrefix(): Promise<string[] | undefined> {
  if (process.getuid?.() === 0) return [];
  const sudo = await $({ quiet: true, nothrow: true })`sudo -n true`;
  return sudo.exitCode === 0 ? ['sudo', '-n'] : undefined;
}
