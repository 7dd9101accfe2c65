// Keys of one case: accounts in a pair's container may log in to its machine as themselves, and know whom they talk to.

import { AtomclockError, exitCodes } from '../../model/errors.ts';
import { machineName } from '../../model/target.ts';
import type { Agent } from './agent.ts';

/**
 * Makes a key for each account in the container, and lets it in on the machine.
 * @throws AtomclockError `lab/ssh-keys` with what the machine or the container said
 */
export async function exchangeKeys(accounts: readonly string[], machine: Agent, actor: Agent): Promise<void> {
  const hostKey = await said(machine, ['sh', '-c', 'cat /etc/ssh/ssh_host_ed25519_key.pub']);
  const known = `${machineName} ${hostKey.split(' ').slice(0, 2).join(' ')}\n`;
  await actor.writeFile('/etc/ssh/ssh_known_hosts', Buffer.from(known), 0o644);
  for (const account of accounts) {
    const key = await said(actor, ['sh', '-c', makeKey, 'sh', account]);
    await said(machine, ['sh', '-c', letIn, 'sh', account, key]);
  }
}

const ownFolder = `home=$(getent passwd "$1" | cut -d: -f6)
install -d -m 700 -o "$1" -g "$(id -gn "$1")" "$home/.ssh"`;

const makeKey = `set -e
${ownFolder}
ssh-keygen -q -t ed25519 -N '' -C "$1@container" -f "$home/.ssh/id_ed25519"
chown "$1:" "$home/.ssh/id_ed25519" "$home/.ssh/id_ed25519.pub"
cat "$home/.ssh/id_ed25519.pub"`;

const letIn = `set -e
${ownFolder}
printf '%s\\n' "$2" >"$home/.ssh/authorized_keys"
chown "$1:" "$home/.ssh/authorized_keys"
chmod 600 "$home/.ssh/authorized_keys"`;

async function said(agent: Agent, argv: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await agent.run(argv, { timeoutMs: limitMs });
  if (exitCode === 0) return stdout.trim();
  throw new AtomclockError('lab/ssh-keys', `no keys for this pair: ${stderr.trim() || `exit ${exitCode}`}`, {
    exitCode: exitCodes.labUnavailable,
    hint: 'the image of a target with `pair.ssh` needs openssh-server and openssh-client',
  });
}

/** Against what hangs. */
const limitMs = 120_000;
