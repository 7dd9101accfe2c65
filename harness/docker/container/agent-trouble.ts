// What goes wrong with the agent in a target, said with its true reason: an attack may kill it, starve it, or put
// something else in its place.

import { constants } from 'node:os';
import type { Container } from 'dockerode';
import { AtomclockError, exitCodes } from '../../model/errors.ts';
import { scriptFolder } from '../../model/target.ts';
import type { AgentLink } from './agent-link.ts';
import { isOfEnd } from './alive.ts';
import { targetGone } from './container-exec.ts';

const lostCode = 'lab/agent-lost';

/** Whether an agent that worked is gone, and its target is not. */
export const isAgentLost = (error: unknown): error is AtomclockError =>
  error instanceof AtomclockError && error.code === lostCode;

/**
 * Why an agent that worked is gone.
 * @returns AtomclockError `lab/agent-lost`
 * @throws AtomclockError `lab/target-gone` when the target is
 */
export async function agentLost(container: Container, link: AgentLink): Promise<AtomclockError> {
  const { exitCode } = await link.end();
  if (exitCode === null)
    return trouble(lostCode, "the attack stopped the harness's process in the target: it answers no more");
  const how = exitCode > 128 ? signalName(exitCode - 128) : `exit code ${exitCode}`;
  return (await isFull(container))
    ? trouble(lostCode, `the target ran out of memory: the kernel ended the harness's process in it (${how})`)
    : trouble(lostCode, `the attack killed the harness's process in the target (${how})`);
}

/** Whether what fills the target's memory is there still: files on a tmpfs, which no kill gives back. */
async function isFull(container: Container): Promise<boolean> {
  const { memory_stats: memory } = await container
    .stats({ stream: false, 'one-shot': true })
    .catch(async (error: unknown) => {
      throw (await isOfEnd(error, container)) ? targetGone(container, error) : error;
    });
  const { usage = 0, limit = Number.POSITIVE_INFINITY, stats } = memory;
  const reclaimable = stats?.total_inactive_file ?? stats?.inactive_file ?? 0;
  return usage - reclaimable > fullShare * limit;
}

const fullShare = 0.9;

/**
 * Why an agent does not work at all.
 * @param isFirst whether none has worked in this target before
 * @throws AtomclockError `lab/target-gone` when the target has ended
 */
export async function agentUnusable(link: AgentLink, isFirst: boolean): Promise<AtomclockError> {
  const { exitCode, said } = await link.end();
  const how = exitCode === null ? 'it says nothing' : `exit code ${exitCode}`;
  const detail = said === '' ? how : `${how}: ${printable(said)}`;
  return isFirst
    ? trouble('lab/agent-unusable', `the harness's process does not start in the target: ${detail}`)
    : trouble(
        'lab/agent-unusable',
        `the attack killed the harness's process in the target, and no other one can be started there: ${detail}`,
      );
}

/** What the agent could not do for a command. */
export function refusal(what: string, errno: number, why: string): AtomclockError {
  const { EAGAIN, ENOMEM, ENOSPC, EINVAL } = constants.errno;
  if (what === 'script' && replaced.has(errno)) {
    return trouble(
      'lab/script-folder',
      `the attack has put something else in the place of ${scriptFolder} in the target: ${why}`,
    );
  }
  if (what === 'socket') return trouble('lab/socket', `nobody answers at a socket in the target: ${why}`);
  if (errno === EAGAIN)
    return trouble('lab/target-full', 'the target has as many processes as it may have: no other one starts');
  if (errno === ENOSPC || errno === ENOMEM)
    return trouble('lab/target-full', `the target has no room left for the ${what} of a command: ${why}`);
  if (errno === EINVAL)
    return trouble('lab/bad-command', 'a command or its environment holds a NUL byte; expected none');
  return trouble('lab/command-refused', `a command does not start in the target (${what}): ${why}`);
}

/** What opening a folder and a new file in it fails with, where they are not what root made. */
const { EPERM, ENOTDIR, ELOOP, EEXIST } = constants.errno;
const replaced: ReadonlySet<number> = new Set([EPERM, ENOTDIR, ELOOP, EEXIST]);

const trouble = (code: string, message: string): AtomclockError =>
  new AtomclockError(code, message, { exitCode: exitCodes.labUnavailable });

const signalName = (number: number): string =>
  Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? `signal ${number}`;

/** What something else than an agent says may be anything. */
const printable = (text: string): string =>
  text
    .replace(/[^\x20-\x7e\n]+/g, '?')
    .split('\n')
    .at(0)
    ?.slice(0, 300) ?? '';
