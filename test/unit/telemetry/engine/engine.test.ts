// What the engine says of containers: as events, each to the case that it is of, and nobody's twice.

import { describe, expect, it } from 'vitest';
import type { EngineFeed } from '../../../../harness/engine/ports.ts';
import { Attribution } from '../../../../harness/engine/proof/attribution.ts';
import type { EcsEvent } from '../../../../harness/model/event.ts';
import { engineEvent } from '../../../../harness/telemetry/engine/ecs.ts';
import { parseRecord } from '../../../../harness/telemetry/engine/record.ts';
import { startEngineSensor } from '../../../../harness/telemetry/engine/sensor.ts';
import { engineEvents, recordedLines } from './recorded.ts';

describe('an event of the engine', () => {
  const events = engineEvents();
  const actions = events.map(({ event }) => event.action);

  it('has an action without the words that it carries', () => {
    expect(actions.slice(0, 9)).toEqual([
      'create', 'start', 'exec_create', 'create', 'create', 'start', 'exec_create', 'exec_start', 'kill',
    ]); // biome-ignore format: a list
  });

  it('says how its container is set up: image, user, privileges, mounts', () => {
    expect(events[3]).toMatchObject({
      event: { id: 'engine-4', category: ['container'], type: ['creation'], action: 'create' },
      container: {
        image: { name: 'localhost/atomclock/target-debian12', tag: ['79e546722719'] },
        security_context: { privileged: false },
      },
      process: { args: ['cron', '-f'], command_line: 'cron -f' },
      user: { id: '0', name: 'root' },
      atomclock: {
        container: {
          mounts: {
            writable: ['/etc'],
            readonly: ['/var/spool'],
            text: ['/etc:/host/etc:rw', '/var/spool:/host/spool:ro'],
          },
        },
      },
    });
    expect(events[4]).toMatchObject({
      user: { id: '1000' },
      container: { labels: { com_example_team: 'backup' } },
      atomclock: { container: { capabilities: ['SYS_PTRACE'], pid_mode: 'host' } },
    });
    expect(events[4]?.atomclock.container).not.toHaveProperty('mounts');
  });

  it('says the same of everything that happens to the container, and what is run in it as whom', () => {
    const [, entered] = events.filter(({ event }) => event.action === 'exec_create');
    expect(entered).toMatchObject({
      process: { command_line: 'sh -c id' },
      user: { id: '0', name: 'root' },
      atomclock: { container: { pid_mode: 'host' } },
    });
    expect(events.find(({ event }) => event.action === 'die')).toMatchObject({
      event: { outcome: 'failure', type: ['end'] },
      process: { exit_code: 137 },
    });
  });

  it('tells no label of the harness', () => {
    expect(JSON.stringify(events)).not.toContain('dev.atomclock');
  });

  it.each([
    ['alpine', { name: 'alpine' }],
    ['alpine:3.20', { name: 'alpine', tag: ['3.20'] }],
    ['registry:5000/team/cron', { name: 'registry:5000/team/cron' }],
    ['registry:5000/team/cron:1@sha256:00ff', { name: 'registry:5000/team/cron', tag: ['1'] }],
    ['alpine@sha256:00ff', { name: 'alpine' }],
  ])('knows the image %s', (image, wanted) => {
    const event = { Action: 'create', Actor: { ID: 'x', Attributes: { image } }, timeNano: 0 };
    const record = parseRecord(JSON.stringify({ event, setup: null, case: null, isOfHarness: false }));
    expect(engineEvent(record, 1, undefined).container?.image).toEqual(wanted);
  });

  it.each([
    ['', { id: '0', name: 'root' }],
    ['0:0', { id: '0', name: 'root' }],
    ['root:adm', { id: '0', name: 'root' }],
    ['1000', { id: '1000' }],
    ['alice:users', { name: 'alice' }],
  ])('knows the user %j', (User, wanted) => {
    const event = { Action: 'create', Actor: { ID: 'x' }, timeNano: 0 };
    const setup = { Config: { User }, HostConfig: {}, Mounts: null };
    const record = parseRecord(JSON.stringify({ event, setup, case: null, isOfHarness: false }));
    expect(engineEvent(record, 1, record.setup ?? undefined).user).toEqual(wanted);
  });
});

it("is the harness's own doing, or the attack's where the container stands for one of its", () => {
  const ownersOf = (roles: readonly 'attack'[]) => {
    const attribution = new Attribution([{ role: 'attack', nonce: null }]);
    for (const role of roles) attribution.expectStep(role, ['/bin/sh', '/step']);
    return engineEvents().map((event) => {
      attribution.push(event);
      return attribution.ownerOf(event);
    });
  };
  const owners = ownersOf(['attack']);
  expect(owners.slice(0, 5)).toEqual(['harness', 'harness', 'harness', 'attack', 'attack']);
  expect(new Set(ownersOf([]))).toEqual(new Set(['harness']));
});

describe('the sensor', () => {
  /** A feed that says what it is given, and a mark when it is asked for one. */
  function feedOf() {
    const waiting: string[] = [];
    let wake = () => {};
    let isOver = false;
    const say = (line: string) => {
      waiting.push(line);
      wake();
    };
    async function* lines() {
      while (!isOver) {
        while (waiting.length > 0) yield waiting.shift() as string;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
    const feed: EngineFeed = {
      lines: { [Symbol.asyncIterator]: lines },
      mark: async ({ id }, mark) => {
        const event = { Action: `exec_create: ${mark} `, Actor: { ID: id, Attributes: {} }, timeNano: 0 };
        say(JSON.stringify({ event, setup: null, case: 'c@debian12', isOfHarness: true }));
      },
      async [Symbol.asyncDispose]() {
        isOver = true;
        wake();
      },
    };
    const end = () => {
      isOver = true;
      wake();
    };
    return { feed, say, end };
  }
  const idOf = (line: string): string => parseRecord(line).event.Actor.ID;
  const target = { id: idOf(recordedLines[0] as string) } as never;
  const relabelled = (line: string, name: string | null) =>
    JSON.stringify({ ...(JSON.parse(line) as object), case: name });

  it('gives a case what was said of its containers, before it was watched and after, and its own alone', async () => {
    const { feed, say } = feedOf();
    const raw: string[] = [];
    await using sensor = startEngineSensor(feed, { onRaw: (_, line) => raw.push(line) });
    const [create, start, exec, other, next] = recordedLines as [string, string, string, string, string];
    for (const line of [create, start, exec]) say(line);
    say(relabelled(other, 'another@debian12'));
    say(relabelled(other, null));
    const events: EcsEvent[] = [];
    await using watch = await sensor.watch(target, (event) => events.push(event));
    expect(events.map(({ event }) => event.action)).toEqual(['create', 'start', 'exec_create']);
    say(other);
    say(next);
    await watch.barrier();
    expect(events.map(({ event }) => event.id)).toEqual([
      'engine-1',
      'engine-2',
      'engine-3',
      'engine-4',
      'engine-5',
    ]);
    expect(raw).toHaveLength(5);
    expect(JSON.stringify(events)).not.toContain('atomclock-mark');
  });

  it('passes over what is no event of a container, and does without a setup of another form', async () => {
    const { feed, say } = feedOf();
    await using sensor = startEngineSensor(feed);
    const create = JSON.parse(recordedLines[0] as string) as object;
    say(JSON.stringify({ ...create, setup: { Config: { User: 0 }, HostConfig: null } }));
    say(JSON.stringify({ ...create, event: { Action: 'pull', Actor: null } }));
    say(recordedLines[1] as string);
    const events: EcsEvent[] = [];
    await using _watch = await sensor.watch(target, (event) => events.push(event));
    expect(events.map(({ event, user }) => [event.action, user])).toEqual([
      ['create', undefined],
      ['start', undefined],
    ]);
  });

  it('fails, and every barrier with it, when the engine says no more', async () => {
    const { feed, say, end } = feedOf();
    await using sensor = startEngineSensor(feed);
    say(recordedLines[0] as string);
    await using watch = await sensor.watch(target, () => {});
    end();
    await expect(sensor.failed).rejects.toMatchObject({ code: 'sensor/engine-silent' });
    await expect(watch.barrier()).rejects.toMatchObject({ code: 'sensor/engine-silent' });
  });
});
