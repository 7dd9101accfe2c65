// What prerequisites scheduled and the attack abuses: its payload runs in a job that is somebody else's.

import { beforeEach, describe, expect, it } from 'vitest';
import { Attribution, type Payload } from '../../../harness/engine/proof/attribution.ts';
import { payloadRun } from '../../../harness/engine/proof/job-payload.ts';
import { findProof } from '../../../harness/engine/proof/observe.ts';
import { takenOver } from '../../../harness/engine/proof/taken-over.ts';
import { EventLog } from '../../../harness/engine/run/event-log.ts';
import type { EcsEvent, ProcessFields } from '../../../harness/model/event.ts';
import { emptyInventory, type Schedule } from '../../../harness/model/inventory.ts';
import { exec, exit, file, fork, process, resetClock, running } from './events.ts';
import { atd, cron, cronChild, cronJob, foreign, ours, pid1, shellJob, stepShell } from './story.ts';
import { waitIn } from './wait.ts';

beforeEach(resetClock);

const script = '/usr/local/bin/nightly';
const prepares = stepShell(['/bin/sh', '/run/atomclock/step-1'], 200);
const attacks = stepShell(['/bin/sh', '/run/atomclock/step-2'], 210);

/** What was there before an attack that says this, and what comes after. */
function told(text: string, events: readonly EcsEvent[], payload: Payload = foreign): Attribution {
  const attribution = new Attribution([payload]);
  attribution.expectStep('get-prereq', prepares.args ?? [], `echo ':' > ${script}; cp /bin/true /srv/x`);
  attribution.expectStep('attack', attacks.args ?? [], text);
  for (const one of events) attribution.push(one);
  return attribution;
}

const timer = (over: Partial<Schedule> = {}): Schedule => ({
  kind: 'timer',
  id: 'timer:nightly.timer',
  user: 'root',
  when: 'OnUnitActiveSec=2s',
  command: script,
  file: '/etc/systemd/system/nightly.timer',
  unit: { timer: 'nightly.timer', activates: 'nightly.service', active: true, transient: false },
  ...over,
});
const unitFiles = () => [
  file('creation', script, prepares),
  file('creation', '/etc/systemd/system/nightly.service', prepares),
  file('creation', '/etc/systemd/system/nightly.timer', prepares),
];
const service = (pid: number) =>
  process({ pid, executable: '/usr/bin/dash', args: ['/bin/sh', script], parent: pid1 });
const child = (pid: number, args: string[]) =>
  process({ pid, executable: args[0] ?? '', args, parent: service(pid - 1) });
const inUnit = { cgroup: 'nightly.service' };
const launch = (pid: number, args = ['/usr/bin/touch', '/srv/marker']) => [
  fork(service(pid)),
  exec(service(pid), inUnit),
  fork(child(pid + 1, args)),
  exec(child(pid + 1, args), inUnit),
  exit(child(pid + 1, args)),
  exit(service(pid)),
];
const prepared = () => [running(pid1), exec(prepares), ...unitFiles()];
const elapsed = '2026-01-01T00:00:00.900Z';
const proofOf = (attribution: Attribution, before: Schedule[], payload = foreign) =>
  findProof(attribution, payload, {
    before,
    after: before.map((one) => ({ ...one, lastRun: elapsed })),
  });

describe('a timer of before whose script the attack writes', () => {
  const events = () => [...prepared(), exec(attacks), file('modification', script, attacks), ...launch(300)];

  it('launches the attack’s payload: the script is its, though the unit is not', () => {
    const attribution = told('rewrite it', events());
    expect(proofOf(attribution, [timer()])).toMatchObject({ by: 'file', scheduler: 'systemd' });
    const run = events().at(-3) as EcsEvent;
    expect(attribution.ownerOf(run)).toBe('attack');
  });

  it('has launched nothing of the attack’s where it elapsed before', () => {
    const early = [...prepared(), ...launch(300), exec(attacks), file('modification', script, attacks)];
    expect(proofOf(told('rewrite it', early), [timer()])).toBeNull();
  });

  it('launches what was there where the attack writes something else', () => {
    const other = [...prepared(), exec(attacks), file('modification', '/srv/log', attacks), ...launch(300)];
    expect(proofOf(told('write a log', other), [timer()])).toBeNull();
  });
});

it.each([
  ['0644', true],
  ['0755', false],
  [undefined, false],
])(
  'a timer of before whose script the attack makes executable from mode %s launches the attack’s payload: %s',
  (was, isIts) => {
    const set = file('permissions', script, attacks, {
      ...{ type: 'file', mode: '0755' },
      ...(was && { Ext: { original: { mode: was } } }),
    });
    const attribution = told('chmod +x it', [...prepared(), exec(attacks), set, ...launch(300)]);
    const proof = proofOf(attribution, [timer()]);
    expect(proof?.by).toBe(isIts ? 'file' : undefined);
    const kept = takenOver(attribution, 'attack', [timer()]);
    expect(kept.map(({ paths }) => paths)).toEqual(isIts ? [[script]] : []);
  },
);

describe('a timer of before whose service reads its environment from a file', () => {
  const reads = timer();
  const reading = timer({
    unit: { ...(reads.unit as NonNullable<Schedule['unit']>), reads: ['/etc/default/x'] },
  });
  const run = (path: string) => {
    const attribution = told('sed -i s,a,b, x', [
      ...[...prepared(), file('creation', '/etc/default/x', prepares), exec(attacks)],
      ...[file('modification', path, attacks), ...launch(300)],
    ]);
    attribution.addSchedules('attack', { added: [], kept: [reading], gone: [] });
    return attribution;
  };

  it.each([
    ['/etc/default/x', true],
    ['/etc/default/y', false],
  ])('launches the attack’s payload where the attack writes %s: %s', (path, isIts) => {
    const attribution = run(path);
    expect(proofOf(attribution, [reading])?.by).toBe(isIts ? 'file' : undefined);
    expect(takenOver(attribution, 'attack', [reading])).toHaveLength(isIts ? 1 : 0);
  });
});

describe('what was prepared and lay idle until the attack', () => {
  const news = (schedule: Schedule) => ({ added: [schedule], kept: [], gone: [] });

  it.each([true, false])('is the attack’s where its timer is now active: %s', (isActive) => {
    const events = [...prepared(), exec(attacks), ...launch(300)];
    const attribution = told('systemctl start it', events);
    if (isActive) attribution.addSchedules('attack', news(timer()));
    const proof = findProof(attribution, foreign, { before: [], after: [timer({ lastRun: elapsed })] });
    expect(proof?.scheduler).toBe(isActive ? 'systemd' : undefined);
  });

  it.each([true, false])('is the attack’s where run-parts takes a script now: %s', (isTaken) => {
    const path = '/etc/cron.hourly/idle';
    const job = shellJob('cd / && run-parts --report /etc/cron.hourly');
    const run = {
      ...cronJob(['/bin/sh', path], '/usr/bin/dash', 456),
      parent: { entity_id: job.entity_id, pid: job.pid, executable: '/usr/bin/dash' },
    };
    const attribution = told('chmod +x it', [
      ...[running(pid1), running(cron), exec(prepares), file('creation', path, prepares), exec(attacks)],
      file('permissions', path, attacks, { mode: '0755' }),
      ...[fork(cronChild), fork(job), exec(job), fork(run), exec(run), exit(run), exit(job)],
    ]);
    const script: Schedule = {
      ...{ kind: 'run-parts', id: `run-parts:${path}`, user: 'root' },
      ...{ when: '17 * * * *', command: path, file: path },
    };
    if (isTaken) attribution.addSchedules('attack', news(script));
    expect(attribution.launches.some(({ role }) => role === 'attack')).toBe(isTaken);
  });
});

describe('what the service manager or atd does with a file that was only prepared', () => {
  const news = (schedule: Schedule) => ({ added: [schedule], kept: [], gone: [] });
  const unit = '/lib/systemd/system/idle.timer';
  const idle = timer({
    ...{ id: 'timer:idle.timer', file: unit },
    unit: { timer: 'idle.timer', activates: 'idle.service', active: true, transient: false },
  });
  const link = () =>
    file('creation', '/etc/systemd/system/timers.target.wants/idle.timer', pid1, { target_path: unit });
  const isAsked = process({
    ...{ pid: 220, executable: '/usr/bin/systemctl', parent: attacks },
    args: ['systemctl', 'enable', 'idle.timer'],
  });

  it.each<[string, EcsEvent[], boolean, string]>([
    ['is the attack’s, whose schedule it became', [exec(attacks), link()], true, 'attack'],
    ['is the attack’s, which asks for it', [exec(attacks), exec(isAsked), link()], false, 'attack'],
    ['is the preparation’s before the attack', [link(), exec(attacks)], true, 'get-prereq'],
    ['is the preparation’s where nobody asks', [exec(attacks), link()], false, 'get-prereq'],
  ])('%s', (_, events, isNews, owner) => {
    const attribution = told('enable it', [
      ...[running(pid1), exec(prepares), file('creation', unit, prepares)],
      ...events,
    ]);
    if (isNews) attribution.addSchedules('attack', news(idle));
    const linked = events.find(({ file }) => file?.target_path === unit) as EcsEvent;
    expect(attribution.ownerOf(linked)).toBe(owner);
  });

  it.each([true, false])(
    'launches a spooled job of the attack’s where the attack had it read: %s',
    (isRead) => {
      const spooled = '/var/spool/cron/atjobs/a00001019ca2e0';
      const handler = process({ pid: 300, executable: '/usr/sbin/atd', parent: atd });
      const shell = process({ pid: 301, executable: '/bin/dash', args: ['sh'], parent: handler });
      const attribution = told('systemctl start atd', [
        ...[running(pid1), running(atd), exec(prepares), file('creation', spooled, prepares), exec(attacks)],
        ...[fork(handler), file('deletion', spooled, handler), fork(shell), exec(shell), exit(shell)],
      ]);
      const job: Schedule = {
        ...{ kind: 'at', id: 'at:1', user: 'root', when: '2026-01-01T00:00:00.000Z' },
        ...{ command: 'touch /srv/marker', file: spooled },
      };
      if (isRead) attribution.addSchedules('attack', news(job));
      const [launch] = attribution.launches;
      expect(launch?.role).toBe(isRead ? 'attack' : 'get-prereq');
    },
  );

  it('and what an inventory finds changed of it, are the attack’s', () => {
    const table = '/etc/cron.d/idle';
    const attribution = told('chmod 644 it', [
      ...[running(pid1), exec(prepares), file('creation', table, prepares), exec(attacks)],
    ]);
    const found: EcsEvent = {
      '@timestamp': '2026-01-01T00:00:09.000Z',
      event: { id: 'inventory-1', kind: 'event', category: ['configuration'], type: ['change'], action: 'x' },
      file: { path: table },
      atomclock: { sensor: 'inventory' },
    };
    expect(attribution.ownerOf(found)).toBe('get-prereq');
    const schedule: Schedule = {
      ...{ kind: 'system-crontab', id: table, user: 'root', when: '* * * * *', command: 'do it' },
      file: table,
    };
    attribution.addSchedules('attack', news(schedule));
    expect(attribution.ownerOf(found)).toBe('attack');
  });
});

describe('a job of before that executes what the text of the attack says', () => {
  const marker = ['/usr/bin/touch', '/srv/marker'];
  const provenBy = (text: string, args = marker, payload: Payload = foreign) =>
    proofOf(told(text, [...prepared(), exec(attacks), ...launch(300, args)], payload), [timer()], payload);

  it.each<[string, string, string[]]>([
    ['in a file that the job reads', "printf '/usr/bin/touch /srv/marker\\n' >> /etc/default/x", marker],
    ['in quotes', 'APT::Update::Pre-Invoke {"/usr/bin/touch /srv/marker";};', marker],
    ['as a program alone', 'E=/srv/run systemctl set-environment X=/srv/run', ['/srv/run']],
  ])('is proof %s', (_, text, args) => {
    expect(provenBy(text, args)).toMatchObject({ by: 'command', executable: args[0] });
  });

  it.each<[string, string, string[]]>([
    ['where it is part of other words', 'touch /usr/bin/touch /srv/marker.old', marker],
    ['where it is said otherwise', 'touch  /srv/marker', marker],
    ['where the prerequisites say it too', 'cp /bin/true /srv/x', ['cp', '/bin/true', '/srv/x']],
    ['where it is one word', 'date', ['date']],
  ])('is none %s', (_, text, args) => {
    expect(provenBy(text, args)).toBeNull();
  });

  it('is none where a job had executed it before', () => {
    const events = [...prepared(), ...launch(300), exec(attacks), ...launch(310)];
    expect(proofOf(told('/usr/bin/touch /srv/marker', events), [timer()])).toBeNull();
  });

  it('is none where the payload has a mark of its own', () => {
    expect(provenBy('/usr/bin/touch /srv/marker', marker, ours)).toBeNull();
  });

  it('is proof where no table explains what cron launches', () => {
    const job = shellJob('/usr/bin/touch /srv/marker #aaaa >/dev/null');
    const touch = process({ pid: 456, executable: '/usr/bin/touch', args: marker, parent: job });
    const events = [
      ...[running(pid1), running(cron), exec(prepares), exec(attacks)],
      ...[fork(cronChild), fork(job), exec(job), fork(touch), exec(touch), exit(touch), exit(job)],
    ];
    expect(proofOf(told('perl -e "write /usr/bin/touch /srv/marker"', events), [])).toMatchObject({
      by: 'command',
      scheduler: 'cron',
    });
  });
});

it('a script in the place of run-parts is known by the name that /bin has for it', () => {
  const events = [
    ...[running(pid1), running(cron), exec(prepares), exec(attacks)],
    file('creation', '/usr/bin/run-parts', attacks, { mode: '0755' }),
    fork(cronChild),
  ];
  const job = shellJob('cd / && run-parts --report /etc/cron.hourly');
  const parts = (pid: number): ProcessFields => ({
    ...cronJob(['/bin/sh', '/bin/run-parts', '--report', '/etc/cron.hourly'], '/usr/bin/dash', pid),
    parent: { entity_id: job.entity_id, pid: job.pid, executable: '/usr/bin/dash' },
  });
  const run = [fork(job), exec(job), fork(parts(456)), exec(parts(456)), exit(parts(456)), exit(job)];
  const attribution = told('mv it there', [...events, ...run]);
  const found = attribution.launches.find(({ role }) => role === 'attack');
  expect(found).toMatchObject({ by: 'file' });
  expect(found && payloadRun(attribution, found, [])).toMatchObject({ ran: true, missed: [] });
});

it('a timer that its manager passed over before the attack is awaited once it has started, however late that is said', async () => {
  const log = new EventLog();
  const attribution = told('systemctl restart nightly.timer', []);
  const said = (verb: 'skipped' | 'started', at: string): EcsEvent => ({
    '@timestamp': at,
    message: `nightly.timer was ${verb}`,
    event: {
      ...{ id: verb, kind: 'event', category: ['process'], type: ['info'], action: `unit-${verb}` },
      outcome: verb === 'skipped' ? 'failure' : 'success',
    },
    atomclock: { sensor: 'journal', job: { scheduler: 'systemd', verb, unit: 'nightly.timer' } },
  });
  for (const one of [
    ...prepared(),
    said('skipped', '2026-01-01T00:00:00.001Z'),
    exec(attacks),
    exit(attacks),
  ])
    log.push(one);
  const idle = timer({ inert: 'nightly.timer is inactive (dead) and not enabled' });
  const before = { ...emptyInventory, takenAt: '2026-01-01T00:00:00Z', schedules: [idle] };
  const due = timer({ nextRun: new Date(Date.now() + 500).toISOString(), accuracyMs: 1 });
  let isSaid = false;
  let looks = 0;
  setTimeout(() => {
    for (const one of launch(300)) log.push(one);
  }, 500);
  const inventory = await waitIn(log, attribution, {
    before,
    takeInventory: async () => ({
      ...before,
      schedules: [looks++ === 0 ? due : timer({ lastRun: elapsed })],
    }),
    barrier: async () => {
      if (!isSaid) log.push(said('started', '2026-01-01T00:00:00.500Z'));
      isSaid = true;
    },
  });
  const scheduled = { before: [idle], after: inventory.schedules };
  expect(findProof(attribution, foreign, scheduled)).toMatchObject({ scheduler: 'systemd' });
});

describe('a wait for an attack that schedules nothing itself', () => {
  const wait = async (schedule: Schedule, later: () => EcsEvent[]) => {
    const log = new EventLog();
    const attribution = told('systemctl set-environment X="/usr/bin/touch /srv/marker"', []);
    for (const one of [...prepared(), exec(attacks), exit(attacks)]) log.push(one);
    const before = { ...emptyInventory, takenAt: '2026-01-01T00:00:00Z', schedules: [schedule] };
    const ran: Schedule = { ...schedule, lastRun: elapsed };
    let looks = 0;
    const began = Date.now();
    setTimeout(() => {
      for (const one of later()) log.push(one);
    }, 300);
    const inventory = await waitIn(log, attribution, {
      before,
      takeInventory: async () => ({ ...before, schedules: [looks++ === 0 ? schedule : ran] }),
    });
    return {
      proof: findProof(attribution, foreign, { before: [schedule], after: inventory.schedules }),
      ms: Date.now() - began,
    };
  };
  const due = () => timer({ nextRun: new Date(Date.now() + 1_000).toISOString() });

  it('lets what prerequisites scheduled run once more', async () => {
    const { proof } = await wait(due(), () => launch(300));
    expect(proof).toMatchObject({ by: 'command' });
  });

  it('is over when that has run without it', async () => {
    const { proof, ms } = await wait(due(), () => launch(300, ['/bin/true', 'x']));
    expect(proof).toBeNull();
    expect(ms).toBeGreaterThanOrEqual(250);
    expect(ms).toBeLessThan(10_000);
  });

  it('does not begin for what is due in an hour, or was there anyhow', async () => {
    const far = timer({ nextRun: new Date(Date.now() + 3_600_000).toISOString() });
    expect((await wait(far, () => [])).ms).toBeLessThan(3_000);
    const stock = { ...due(), file: '/usr/lib/systemd/system/nightly.timer' };
    expect((await wait(stock, () => [])).ms).toBeLessThan(3_000);
  });
});
