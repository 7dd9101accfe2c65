// Takes the inventory of a running target: one exec, and everything else is pure.

import type { Target } from '../../engine/ports.ts';
import { AtomclockError, exitCodes } from '../../model/errors.ts';
import type { Inventory } from '../../model/inventory.ts';
import { parseInventory } from './parse.ts';
import { inventoryScript } from './script.ts';

const timeLimitMs = 60_000;

/**
 * What is scheduled in the target at this moment.
 * @param earlier the inventory before an attack, where there is one
 * What single tools could not say is told in the inventory's `problems`.
 * @throws AtomclockError `inventory/unreadable` when the target has not even a shell with tar, gzip and base64
 */
export async function takeInventory(target: Target, earlier?: Inventory): Promise<Inventory> {
  const { exitCode, stdout, stderr } = await target.exec(['sh', '-c', inventoryScript], {
    // Lengths in the output are in bytes, times in UTC.
    env: { LC_ALL: 'C', TZ: 'UTC' },
    timeoutMs: timeLimitMs,
  });
  if (exitCode !== 0)
    throw new AtomclockError(
      'inventory/unreadable',
      `Taking the inventory of the target failed (exit code ${exitCode}): ${stderr.trim().slice(0, 500)}`,
      { exitCode: exitCodes.labUnavailable },
    );
  return parseInventory(stdout, earlier);
}
