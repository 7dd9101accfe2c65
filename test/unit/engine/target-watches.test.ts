// A pair of containers is watched as one target: two streams in one log, told apart where they could be mistaken.

import { describe, expect, it } from 'vitest';
import type { EventSink, LiveSensor, Target } from '../../../harness/engine/ports.ts';
import { ProcessTree } from '../../../harness/engine/proof/process-tree.ts';
import { Watches } from '../../../harness/engine/run/target-watches.ts';
import type { EcsEvent } from '../../../harness/model/event.ts';
import type { Loss } from '../../../harness/model/loss.ts';
import { exec, process } from './events.ts';

const never = new Promise<never>(() => {});

/** Sees one process start in each container that it watches. */
function sensor(name: string, losses: Readonly<Record<string, Loss>>, any = true): LiveSensor {
  return {
    name,
    failed: never,
    ...(any && { watchesAnyContainer: true }),
    watch: async (target: Target, sink: EventSink) => {
      const event = exec(process({ pid: 7, executable: '/usr/bin/true' }));
      sink({
        ...event,
        event: { ...event.event, id: `${name}-1` },
        container: { id: target.id },
        atomclock: { sensor: name },
      });
      return {
        barrier: async () => {},
        lost: () => losses[target.id] ?? 0,
        [Symbol.asyncDispose]: async () => {},
      };
    },
    [Symbol.asyncDispose]: async () => {},
  };
}

const pair = { id: 'machine', actor: { id: 'container' } } as unknown as Target;

async function watched(target: Target, sensors: LiveSensor[]) {
  const events: EcsEvent[] = [];
  await using watches = await Watches.over(target, sensors, (event) => events.push(event));
  return { events, account: watches.account(events) };
}

describe('a pair', () => {
  it('is watched in both by what needs nothing of them, by the rest on the machine', async () => {
    const { events, account } = await watched(pair, [
      sensor('ebpf', { machine: 2, container: 3 }),
      sensor('journal', { machine: 'unknown' }, false),
    ]);
    const told = events.map(({ event, container, atomclock }) => [event.id, container?.id, atomclock.actor]);
    expect(told.sort()).toEqual([
      ['ebpf-1', 'machine', undefined],
      ['ebpf-1-actor', 'container', true],
      ['journal-1', 'machine', undefined],
    ]);
    expect(account).toEqual({ ebpf: { events: 2, lost: 5 }, journal: { events: 1, lost: 'unknown' } });
  });

  it('has lost nobody knows what where one of its watches does not', async () => {
    const { account } = await watched(pair, [sensor('ebpf', { machine: 'unknown', container: 3 })]);
    expect(account.ebpf?.lost).toBe('unknown');
  });
});

it('a target of its own is watched as ever', async () => {
  const { events } = await watched({ id: 'machine' } as Target, [sensor('ebpf', {})]);
  expect(events.map(({ event, atomclock }) => [event.id, atomclock.actor])).toEqual([['ebpf-1', undefined]]);
});

it("a log's pid is the machine's, whoever has it in the container beside it", () => {
  const tree = new ProcessTree();
  const machines = { ...process({ pid: 7, executable: '/usr/sbin/cron' }), entity_id: 'machine' };
  const containers = { ...process({ pid: 7, executable: '/usr/bin/cat' }), entity_id: 'container' };
  tree.observe(exec(machines));
  tree.observe(exec(containers, { actor: true }));
  const line = { ...exec(machines), process: { pid: 7 } } as unknown as EcsEvent;
  expect(tree.processOf(line)?.executable).toBe('/usr/sbin/cron');
});
