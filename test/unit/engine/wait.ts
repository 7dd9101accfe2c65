// The wait for a launch, of somebody else's payload unless it is said whose, in a target that is what a test says of it.

import type { Attribution, Payload } from '../../../harness/engine/proof/attribution.ts';
import type { EventLog } from '../../../harness/engine/run/event-log.ts';
import { awaitLaunch, feeder, type LaunchWaitOptions } from '../../../harness/engine/run/launch-wait.ts';
import { emptyInventory, type Inventory } from '../../../harness/model/inventory.ts';
import { foreign } from './story.ts';

/** The inventory before the attack: there was a look, and nothing was scheduled. */
export const before: Inventory = { ...emptyInventory, takenAt: '2026-01-01T00:00:00Z' };

/** @param told what is asked of the target: an inventory at the least */
export const waitIn = (
  log: EventLog,
  attribution: Attribution,
  told: Pick<LaunchWaitOptions, 'takeInventory'> & {
    readonly exec?: (argv: readonly string[]) => Promise<unknown>;
    readonly barrier?: LaunchWaitOptions['barrier'];
    readonly before?: Inventory;
    readonly payload?: Payload;
  },
): Promise<Inventory> =>
  awaitLaunch({
    target: { exec: told.exec, hasFastClock: async () => true } as never,
    log,
    attribution,
    payload: told.payload ?? foreign,
    before: told.before ?? before,
    clock: 'fast',
    sensors: ['ebpf', 'journal'],
    loggedProof: () => null,
    takeInventory: told.takeInventory,
    barrier: told.barrier ?? (async () => {}),
    catchUp: feeder(log, attribution),
    now: Date.now,
    signal: new AbortController().signal,
    launched: () => {},
    clockMoved: () => {},
  });
