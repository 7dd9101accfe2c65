// A case that runs learns what was scheduled between two events, judging knows it from the start: both say the same.

import { beforeEach, describe, expect, it } from 'vitest';
import { attributeCase } from '../../../harness/engine/proof/attribution.ts';
import type { EcsEvent } from '../../../harness/model/event.ts';
import type { CaseEvidence } from '../../../harness/model/evidence.ts';
import { emptyInventory, type Schedule } from '../../../harness/model/inventory.ts';
import type { ScheduleNews } from '../../../harness/schedulers/inventory-diff.ts';
import { live, ordersOf, type Stock, saidBy } from '../../orders.ts';
import { exec, exit, file, fork, process, resetClock } from './events.ts';
import {
  attackArgs,
  cronChild,
  cronJob,
  foreign,
  marker,
  nonce,
  pid1,
  shellJob,
  stepShell,
  story,
  tableStory,
} from './story.ts';

beforeEach(resetClock);

const entry = (command: string, over: Partial<Schedule> = {}): Schedule => ({
  kind: 'system-crontab',
  id: `system-crontab:${command}`,
  user: 'root',
  when: '* * * * *',
  command,
  file: '/etc/cron.d/evil',
  ...over,
});
const timer = (name: string, activates: string): Schedule =>
  entry('/bin/touch /tmp/x', {
    kind: 'timer',
    id: `timer:${name}`,
    unit: { timer: name, activates, active: true, transient: false },
  });
const news = (over: Partial<ScheduleNews> = {}): ScheduleNews => ({ added: [], kept: [], gone: [], ...over });

const table = '/etc/cron.d/evil';
const dropped = (...after: (() => EcsEvent[])[]) => tableStory(table, () => after.flatMap((part) => part()));
const launched = (command: string) => () => [
  fork(cronChild),
  fork(shellJob(command)),
  exec(shellJob(command)),
];
const service = process({
  pid: 300,
  executable: '/usr/bin/touch',
  args: ['/bin/touch', '/tmp/x'],
  parent: pid1,
});
const cleanupArgs = ['/bin/sh', '/step-2'];
const cleaner = stepShell(cleanupArgs, 600);

interface Case {
  events: () => EcsEvent[];
  attack?: ScheduleNews;
  legitimate?: ScheduleNews;
  /** What is said in the end: launches by how they were recognised and their last argument; files of the attack. */
  launches: string[];
  written: string[];
}

const cases: Record<string, Case> = {
  'what a job wrote that is known by its command': {
    events: () =>
      dropped(launched('/opt/a.sh'), () => [
        file('creation', '/etc/cron.d/second', shellJob('/opt/a.sh')),
        exit(shellJob('/opt/a.sh')),
      ]),
    attack: news({ added: [entry('/opt/a.sh')] }),
    launches: ['command /opt/a.sh'],
    written: [table, '/etc/cron.d/second'],
  },
  'a job of a script that another job wrote': {
    events: () =>
      dropped(launched('/opt/a.sh'), () => [
        file('creation', '/opt/b.sh', shellJob('/opt/a.sh')),
        fork(shellJob('/opt/b.sh', 470)),
        exec(cronJob(['/opt/b.sh', 'x'], '/opt/b.sh', 470)),
      ]),
    attack: news({ added: [entry('/opt/a.sh')] }),
    launches: ['command /opt/a.sh', 'file x'],
    written: [table, '/opt/b.sh'],
  },
  'a shell that executes something else in its place': {
    events: () => dropped(launched('exec /opt/a "b c"'), () => [exec(cronJob(['/opt/a', 'b c'], '/opt/a'))]),
    attack: news({ added: [entry('exec /opt/a "b c"')] }),
    launches: ['command exec /opt/a "b c"'],
    written: [table],
  },
  'a program that is replaced when it has run': {
    events: () => [
      ...story({ after: (shell) => [...launched('/opt/a.sh')(), file('creation', '/opt/a.sh', shell)] }),
      exec(cleaner),
    ],
    launches: [],
    written: ['/opt/a.sh'],
  },
  'an entry that nobody could list': {
    events: () =>
      dropped(launched('/opt/known'), () => [
        fork(shellJob('/opt/evil', 470)),
        exec(shellJob('/opt/evil', 470)),
      ]),
    attack: news({ kept: [entry('/opt/known')] }),
    launches: ['command /opt/evil'],
    written: [table],
  },
  'an entry of legitimate use, listed after its launch': {
    events: () => dropped(launched('/opt/legitimate')),
    attack: news({ kept: [entry('/opt/known')] }),
    legitimate: news({ added: [entry('/opt/legitimate')], kept: [entry('/opt/known')] }),
    launches: [],
    written: [table],
  },
  'an old entry that is put there a second time': {
    events: () => dropped(launched('/opt/known')),
    attack: news({ added: [entry('/opt/known', { id: 'again' })], kept: [entry('/opt/known')] }),
    launches: [],
    written: [table],
  },
  'a launch from before the attack': {
    events: () => story({ before: launched('/opt/a.sh') }),
    attack: news({ added: [entry('/opt/a.sh')] }),
    launches: [],
    written: [],
  },
  'a unit whose file nobody saw written, and what its manager does with it': {
    events: () =>
      story({
        after: () => [
          file('creation', '/etc/systemd/system/timers.target.wants/x.timer', pid1),
          fork(service),
          exec(service, { cgroup: 'x.service' }),
        ],
      }),
    attack: news({ added: [timer('x.timer', 'x.service')] }),
    launches: ['unit /tmp/x'],
    written: ['/etc/systemd/system/timers.target.wants/x.timer'],
  },
  'a unit that the manager touched before the attack': {
    events: () =>
      story({ before: () => [file('creation', '/etc/systemd/system/timers.target.wants/x.timer', pid1)] }),
    attack: news({ added: [timer('x.timer', 'x.service')] }),
    launches: [],
    written: [],
  },
  'a unit that cleanup removes': {
    events: () =>
      story({
        after: (shell) => [
          file('creation', '/opt/x.timer', shell),
          fork(service),
          exec(service, { cgroup: 'x.service' }),
          exec(cleaner),
          file('deletion', '/etc/systemd/system/x.timer', cleaner),
        ],
      }),
    attack: news({ added: [timer('x.timer', 'x.service')] }),
    launches: ['unit /tmp/x'],
    written: ['/opt/x.timer'],
  },
  'a payload of ours': {
    events: () => dropped(launched(marker.join(' ')), () => [exec(cronJob(marker, '/usr/bin/touch'))]),
    attack: news({ added: [entry(marker.join(' '))] }),
    launches: [`nonce ${marker.join(' ')}`, `nonce ${marker[1]}`],
    written: [table],
  },
};

const evidenceOf = (payload: { nonce: string | null }) =>
  ({
    kind: 'attack',
    atomic: { foreign: payload.nonce === null, inputs: { command: {} } },
    nonce: payload.nonce ?? '',
    legitimateNonces: [],
    steps: [
      { role: 'attack', argv: attackArgs },
      { role: 'cleanup', argv: cleanupArgs },
    ],
  }) as unknown as CaseEvidence;

describe('in whatever order it is learned, the same is said of', () => {
  it.each(Object.entries(cases))('%s', (name, { events: made, attack = news(), legitimate, ...expected }) => {
    const events = made();
    const evidence = evidenceOf(name === 'a payload of ours' ? { nonce } : foreign);
    const stocksAt = (after: number, last = after): Stock[] => [
      { role: 'attack', after, news: attack },
      ...(legitimate ? [{ role: 'legitimate' as const, after: last, news: legitimate }] : []),
    ];
    const known = live(evidence, events, stocksAt(0));
    const launches = known.launches.map(({ by, event }) => `${by} ${event.process?.args?.at(-1)}`);
    expect({ launches, written: known.writtenBy('attack') }).toEqual(expected);
    const wanted = saidBy(known, events);
    for (let after = 0; after <= events.length; after++) {
      const late = live(evidence, events, stocksAt(after, events.length));
      expect(saidBy(late, events)).toEqual(wanted);
      const corrected = live(evidence, events, [
        { role: 'attack', after, news: news({ kept: [...attack.kept, entry('/opt/other')] }) },
        ...stocksAt(events.length),
      ]);
      expect(saidBy(corrected, events)).toEqual(wanted);
    }
  });
});

it('a recorded case is judged as it was followed', () => {
  const events = dropped(launched('/opt/a.sh'), () => [
    file('creation', '/etc/cron.d/second', shellJob('/opt/a.sh')),
  ]);
  const taken = { ...emptyInventory, takenAt: '2026-01-01T00:00:00Z' };
  const evidence = {
    ...evidenceOf(foreign),
    inventory: {
      before: taken,
      scheduled: { ...taken, schedules: [entry('/opt/a.sh')] },
      after: taken,
      legitimate: emptyInventory,
    },
  };
  const { judging, lives } = ordersOf(evidence, events, [0, 0.5, 1]);
  expect(attributeCase(evidence, events).writtenBy('attack')).toEqual([table, '/etc/cron.d/second']);
  for (const one of lives) expect(one).toEqual(judging);
});
