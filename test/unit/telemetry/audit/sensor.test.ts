// The sensor against a scripted sidecar: whose records are whose, barriers, loss, refusals, and a death.

import { describe, expect, it } from 'vitest';
import type { Sidecar, Target } from '../../../../harness/engine/ports.ts';
import { parseAuditRules } from '../../../../harness/model/audit-rule-file.ts';
import type { EcsEvent } from '../../../../harness/model/event.ts';
import { startAuditSensor } from '../../../../harness/telemetry/audit/sensor.ts';

const idA = 'a'.repeat(64);
const idB = 'b'.repeat(64);

/** A sidecar that answers as the real one does; `say` puts lines into its output. */
function scripted(first = '{"op":"ready"}') {
  const queue: string[] = [first];
  const commands: string[] = [];
  let wake: () => void = () => {};
  let ended = false;
  let end: (result: { exitCode: number | null; stderr: string }) => void = () => {};
  const say = (...lines: string[]): void => {
    queue.push(...lines);
    wake();
  };
  let lost = 5;
  let serial = 0;
  let markTime = '1.000';
  const next = (): number => ++serial;
  const sidecar: Sidecar = {
    lines: (async function* () {
      for (;;) {
        while (queue.length > 0) yield queue.shift() as string;
        if (ended) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    })(),
    async send(line) {
      commands.push(line);
      const [command, id] = line.split(' ');
      if (command === 'run')
        say(
          `{"op":"ran","id":"${id}","exitCode":${line.includes('cron.d') ? 255 : 0},"output":"no such\\u000a"}`,
        );
      if (command === 'status') say(`{"op":"status","lost":${lost}}`);
      if (command === 'mark')
        say(`- type=1005 msg=audit(${markTime}:${next()}): pid=1 uid=0 msg='${line.slice(5)}'`);
      if (command === 'stop') die(0);
    },
    exited: new Promise((resolve) => {
      end = resolve;
    }),
    async [Symbol.asyncDispose]() {},
  };
  const die = (exitCode: number): void => {
    ended = true;
    wake();
    end({ exitCode, stderr: 'ouch' });
  };
  return {
    sidecar,
    say,
    die,
    commands,
    next,
    passTime: (time: string) => (markTime = time),
    lose: (count: number) => (lost += count),
  };
}

const mounts = 'mounts\n1 0 0:58 / / rw - overlay overlay rw,upperdir=/d/overlay2/x/diff';
const target = (id: string): Target => ({
  id,
  pidNamespace: 1,
  accounts: [{ name: 'alice', uid: 1000, gid: 1000, home: '/home/alice' }],
  exec: async () => ({
    exitCode: 0,
    stdout: `folder\t/etc/cron.d\t/etc/cron.d\n${mounts}`,
    stderr: '',
    startedAt: '',
    ms: 0,
  }),
  follow: () => expect.fail('not used'),
  openTerminal: () => expect.fail('not used'),
  async writeFile() {},
  async advanceClock() {},
  look: async () => ({ found: [], isCut: false }),
  talk: () => Promise.reject(new TypeError('not used')),
  sendDatagram: () => Promise.reject(new TypeError('not used')),
  wakeWatchers: () => Promise.reject(new TypeError('not used')),
  hasFastClock: async () => true,
  async [Symbol.asyncDispose]() {},
});
const { rules } = parseAuditRules(
  'f.rules',
  '-w /etc/cron.d -p wa -k cron\n-a always,exit -F arch=b64 -S execve -k exec',
);
const hex = (text: string) => Buffer.from(text).toString('hex').toUpperCase();
const executed = (serial: number, id: string) => [
  `- type=1300 msg=audit(1.000:${serial}): arch=c000003e syscall=59 success=yes exit=0 ppid=1 pid=77 uid=1000 comm="x" exe="/x" key=${hex(`exec\u0001atomclock=${id.slice(0, 12)}`)}`,
  `- type=1327 msg=audit(1.000:${serial}): proctitle="x"`,
];

async function watching() {
  const script = scripted();
  const notes: string[] = [];
  const raw: string[] = [];
  const sensor = await startAuditSensor(script.sidecar, {
    rules,
    onNote: (note) => notes.push(note),
    onRaw: (_, line) => raw.push(line),
  });
  const a: EcsEvent[] = [];
  const b: EcsEvent[] = [];
  // Both at once, as a pool of cases does it.
  const [watchA, watchB] = await Promise.all([
    sensor.watch(target(idA), (event) => a.push(event)),
    sensor.watch(target(idB), (event) => b.push(event)),
  ]);
  return { ...script, sensor, notes, raw, a, b, watchA, watchB };
}

describe('a sensor for several targets', () => {
  it('loads the rules for each, and tells once which it cannot', async () => {
    const { commands, notes } = await watching();
    expect(commands).toContain(
      `run ${commands.find((line) => line.includes(`atomclock=${'b'.repeat(12)}`) && line.includes('execve'))?.split(' ')[1]} -a\talways,exit\t-F\tarch=b64\t-S\texecve\t-F\tdir=/d/overlay2/x/merged\t-k\texec\t-k\tatomclock=${'b'.repeat(12)}`,
    );
    expect(notes).toEqual(['f.rules:1: auditctl does not take it: no such']);
  });

  it('gives each its own records, by rule key or by container, and nobody the machine’s', async () => {
    const { say, next, watchA, watchB, a, b, raw } = await watching();
    say(
      ...executed(next(), idA),
      ...executed(next(), idB),
      `${idA} type=1105 msg=audit(1.000:${next()}): pid=5 uid=0 auid=1000 ses=1 msg='op=PAM:session_open acct="alice" exe="/usr/sbin/cron" res=success'`,
      `- type=1334 msg=audit(1.000:${next()}): prog-id=1 op=LOAD`,
      `${'c'.repeat(64)} type=1105 msg=audit(1.000:${next()}): pid=6 uid=0 msg='op=PAM:session_open acct="eve" res=success'`,
    );
    await Promise.all([watchA.barrier(), watchB.barrier()]);
    expect(a.map(({ event }) => event.action)).toEqual(['executed', 'started-session']);
    expect(b.map(({ event }) => event.action)).toEqual(['executed']);
    expect(a[0]).toMatchObject({
      tags: ['exec'],
      user: { name: 'alice' },
      atomclock: { sensor: 'audit', host_pid: 77, parent_host_pid: 1 },
    });
    expect(raw.filter((line) => line.startsWith('type=SYSCALL'))).toHaveLength(2);
  });

  it('has everything at the barrier, an event that has lost its end included', async () => {
    const { say, next, passTime, watchA, a } = await watching();
    say(executed(next(), idA)[0] as string);
    passTime('4.000');
    await watchA.barrier();
    expect(a).toHaveLength(1);
  });

  it('does not take an event of one target apart at the barrier of another', async () => {
    const { say, next, watchA, watchB, a, b, raw } = await watching();
    const [begun, end] = executed(next(), idB) as [string, string];
    say(begun, ...executed(next(), idA));
    await watchA.barrier();
    expect([a.length, b.length]).toEqual([1, 0]);
    say(end);
    await watchB.barrier();
    expect(b).toHaveLength(1);
    expect(raw.slice(-2).map((line) => line.split(' ')[0])).toEqual(['type=SYSCALL', 'type=PROCTITLE']);
    expect([watchA.lost(), watchB.lost()]).toEqual([0, 0]);
  });

  it('counts what the kernel says it dropped while it watches', async () => {
    const { lose, watchA } = await watching();
    await watchA.barrier();
    expect(watchA.lost()).toBe(0);
    lose(7);
    await watchA.barrier();
    expect(watchA.lost()).toBe(7);
  });

  it('counts events that the kernel numbered and never sent, and none that is only late', async () => {
    const { say, next, watchA } = await watching();
    const [first, second] = [next(), next()];
    const barrier = watchA.barrier();
    setTimeout(() => say(...executed(second, idB)), 100);
    await barrier;
    expect(watchA.lost()).toBe(1);
    say(...executed(first, idA));
    await watchA.barrier();
    expect(watchA.lost()).toBe(0);
  });

  it('takes its rules away with a target, and everything with itself', async () => {
    const { watchA, sensor, commands } = await watching();
    await watchA[Symbol.asyncDispose]();
    expect(commands.at(-1)).toMatch(/^run \d+ -D\t-k\tatomclock=a{12}$/);
    await sensor[Symbol.asyncDispose]();
    expect(commands.at(-1)).toBe('stop');
  });

  const written = (serial: number, key: string) => [
    `- type=1300 msg=audit(1.000:${serial}): arch=c000003e syscall=257 success=yes exit=3 ppid=1 pid=78 uid=0 comm="sh" exe="/bin/sh" key=${hex(`${key}\u0001atomclock=${idA.slice(0, 12)}`)}`,
    `- type=1327 msg=audit(1.000:${serial}): proctitle="sh"`,
  ];

  it('puts on record what mitigations ask for, before the rules that are there, and beside the watch', async () => {
    const { say, next, sensor, commands, watchA, a, b, raw } = await watching();
    const listener = await sensor.recorder.listen(target(idA), ['jobs', 'use']);
    const before = commands.length;
    await listener.load('audit-rules', [
      '-w /etc/at.deny -p wa -k jobs',
      '-w /usr/bin/at -p x -k use',
      '-w /etc/cron.d -p wa -k jobs',
      '-e 2',
    ]);
    // Each is put first: the last that is sent stands before the others, as the first of a file does.
    const loads = commands.slice(before).map((line) => line.replace(/^run \d+ /, '').split('\t'));
    expect(loads.map((argv) => [argv[0], argv[3]])).toEqual([
      ['-A', 'dir=/d/overlay2/x/merged/etc/cron.d'],
      ['-A', 'path=/d/overlay2/x/merged/usr/bin/at'],
      ['-A', 'path=/d/overlay2/x/merged/etc/at.deny'],
    ]);
    say(...written(next(), 'jobs'), ...executed(next(), idA));
    for (let more = 0; more < 105; more++) say(...written(next(), 'use'));
    const { loaded, records, more, lost } = await listener.recording();
    expect(loaded).toEqual([
      {
        mitigation: 'audit-rules',
        rules: 2,
        problems: [
          '-w /etc/cron.d -p wa -k jobs: auditctl does not take it: no such',
          '-e 2: expected a rule, got the setting -e',
        ],
      },
    ]);
    expect(records.map(({ tags }) => tags)).toEqual([
      ['jobs'],
      ...Array.from({ length: 100 }, () => ['use']),
    ]);
    expect([more, lost]).toEqual([{ use: 5 }, 0]);
    expect(records[0]).toMatchObject({ atomclock: { sensor: 'audit', host_pid: 78 }, user: { id: '0' } });
    await watchA.barrier();
    expect([a.length, b.length]).toEqual([107, 0]);
    expect(raw.filter((line) => line.startsWith('type=SYSCALL'))).toHaveLength(107);
    await listener[Symbol.asyncDispose]();
    expect(commands.at(-1)).toMatch(/^run \d+ -D\t-k\tatomclock=a{12}$/);
  });

  it('says that it died, to the run and to whoever waits for a barrier', async () => {
    const { die, sensor, watchA } = await watching();
    const dead = expect(sensor.failed).rejects.toThrow(
      expect.objectContaining({ code: 'sensor/audit-died' }),
    );
    die(137);
    await dead;
    await expect(watchA.barrier()).rejects.toThrow('exit code 137: ouch');
  });
});

it.each(['owned', 'locked', 'unavailable'])(
  'refuses politely where the machine’s audit is %s',
  async (code) => {
    const { sidecar } = scripted(
      `{"op":"refused","code":"${code}","why":"process 7 (auditd) reads this machine's audit stream"}`,
    );
    await expect(startAuditSensor(sidecar, { rules })).rejects.toThrow(
      expect.objectContaining({
        code: `sensor/audit-${code}`,
        exitCode: 3,
        hint: expect.stringContaining('Run without'),
      }),
    );
  },
);
