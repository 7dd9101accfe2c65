// Mitigations of a user's own that are applied as they should be, one by one and several at once: each is judged by what it
// does, and whatever it only seems to do is told.

import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { MitigationRecord, RunRecord } from '../../harness/model/run-record.ts';
import { recordOf, temporaryFolder } from './cli.ts';

interface Own {
  readonly apply?: string;
  readonly check?: { readonly command: string; readonly exitCode?: number; readonly output?: string };
  readonly profile?: Readonly<Record<string, unknown>>;
  readonly audit?: readonly string[];
  readonly stops?: readonly { readonly stage: 'submission' | 'execution'; readonly reason: string }[];
  readonly records?: readonly { readonly key: string }[];
  readonly legitimate: readonly {
    readonly user?: string;
    readonly command: string;
    readonly broken?: string;
  }[];
  readonly bypasses?: readonly { readonly user?: string; readonly command?: string }[];
}

const atNow = "echo '#{command}' | at now";
const dropIn = (setting: string): string => `mkdir -p /etc/systemd/system/cron.service.d
printf '[Service]\\n${setting}\\n' > /etc/systemd/system/cron.service.d/50-ours.conf
systemctl daemon-reload
systemctl restart cron.service`;

const ofAt: Record<string, Own> = {
  'at-spool-immutable': {
    apply: 'chattr +i /var/spool/cron/atjobs',
    check: { command: 'lsattr -d /var/spool/cron/atjobs', output: '----i' },
    profile: { capabilities: ['LINUX_IMMUTABLE'] },
    stops: [{ stage: 'submission', reason: 'Operation not permitted' }],
    legitimate: [{ user: 'bob', command: atNow, broken: 'Nobody gets a job into the spool.' }],
    bypasses: [{ command: `chattr -i /var/spool/cron/atjobs; ${atNow}` }],
  },
  // What it takes away, no job of at's needs.
  'tmp-noatime': {
    profile: { tmpfs: { '/tmp': 'exec,noatime' } },
    check: { command: "grep ' /tmp tmpfs ' /proc/mounts", output: 'noatime' },
    legitimate: [{ user: 'bob', command: atNow }],
    bypasses: [{}],
  },
  'at-on-record': {
    audit: ['-w /usr/bin/at -p x -k at-client', '-w /var/spool/cron/atjobs -p wa -k at-spool'],
    records: [{ key: 'at-client' }],
    legitimate: [{ user: 'bob', command: atNow }],
    bypasses: [
      { command: 'systemd-run --quiet --on-active=1s --timer-property=AccuracySec=50ms #{command}' },
    ],
  },
  // Another client of the same spool.
  'at-on-record-and-said-not-to-be': {
    audit: ['-w /usr/bin/at -p x -k at-client', '-w /var/spool/cron/atjobs -p wa -k at-spool'],
    records: [{ key: 'at-client' }],
    legitimate: [{ user: 'bob', command: atNow }],
    bypasses: [{ command: `cp -p /usr/bin/at /usr/bin/@; echo '#{command}' | /usr/bin/@ now` }],
  },
};

const ofCrontab: Record<string, Own> = {
  'cron-without-tables': {
    apply: dropIn('InaccessiblePaths=/var/spool/cron/crontabs'),
    profile: { capabilities: ['SYS_ADMIN'] },
    check: {
      command: `pid=$(systemctl show -P MainPID cron.service)
test "$(readlink /proc/$pid/ns/mnt)" != "$(readlink /proc/1/ns/mnt)" && echo its own`,
      output: 'its own',
    },
    stops: [{ stage: 'execution', reason: 'nothing launched it' }],
    legitimate: [
      { command: "echo '* * * * * root #{command}' > /etc/cron.d/upkeep" },
      {
        user: 'bob',
        command: "echo '* * * * * #{command}' | crontab -",
        broken: 'The client takes it, the daemon does not see it.',
      },
    ],
  },
  // Whatever a job does but this.
  'cron-without-new-setuid': {
    apply: dropIn('RestrictSUIDSGID=yes'),
    check: { command: 'systemctl show -P RestrictSUIDSGID cron.service', output: 'yes' },
    legitimate: [{ user: 'bob', command: "echo '* * * * * #{command}' | crontab -" }],
    bypasses: [{}],
  },
};

const yamlOf = (id: string, atomic: string, own: Own): string =>
  stringify({
    id,
    name: id,
    description: 'Ours.',
    attack: 'M1022',
    ...(own.apply !== undefined && { apply: { command: own.apply } }),
    ...(own.profile && { profile: own.profile }),
    ...(own.audit && { audit: own.audit }),
    ...(own.check && { check: own.check }),
    stops: (own.stops ?? []).map((stop) => ({ atomic, ...stop })),
    ...(own.records && { records: own.records.map((one) => ({ atomic, ...one })) }),
    legitimate: own.legitimate.map((use, index) => ({ name: `use ${index + 1}`, ...use })),
    bypasses: (own.bypasses ?? []).map((way) =>
      way.command === undefined ? { how: 'it does not concern it', atomic } : { how: 'another way', ...way },
    ),
  });

type Row = Pick<MitigationRecord, 'verdict' | 'reason'> & { readonly outcome: string | undefined };

async function runUnder(
  atomics: readonly string[],
  own: Readonly<Record<string, Own>>,
  named: (file: (id: string) => string) => readonly string[],
): Promise<{ record: RunRecord; row: (id: string, atomic?: string) => Row }> {
  const [atomic = ''] = atomics;
  const files = Object.entries(own).map(([id, one]) => [`${id}.yaml`, yamlOf(id, atomic, one)] as const);
  await using folder = await temporaryFolder(Object.fromEntries(files));
  const names = named((id) => join(folder.path, `${id}.yaml`)).flatMap((name) => ['--mitigation', name]);
  const { record } = await recordOf(['run', ...atomics, ...names, '--out', join(folder.path, 'run')]);
  return {
    record,
    row: (id, of = atomic) => {
      const found = record.mitigations.find((one) => one.id === id && one.atomic === of);
      if (!found) throw new RangeError(`${id} was not held against ${of}`);
      const outcome = record.cases.find((one) => one.id === found.case)?.verdict;
      return { verdict: found.verdict, reason: found.reason, outcome };
    },
  };
}

describe('one of at, applied as it should be', () => {
  let under: Awaited<ReturnType<typeof runUnder>>;
  beforeAll(async () => {
    under = await runUnder(['at-stdin'], ofAt, (file) => Object.keys(ofAt).map(file));
  });

  it.each([
    ['at-spool-immutable', 'overblocks', /Operation not permitted, as documented: Nobody gets a job/],
    ['tmp-noatime', 'notClaimed', /a declared bypass, and its payload ran: it does not concern it/],
  ])('%s', (id, verdict, reason) => {
    expect(under.row(id)).toEqual({ verdict, reason: expect.stringMatching(reason), outcome: 'pass' });
  });

  it('has every declared way around executed', () => {
    const told = under.record.mitigations.filter(({ verdict }) => verdict !== 'errored');
    const tried = told.flatMap(({ id, bypasses = [] }) => bypasses.map(({ executed }) => ({ id, executed })));
    expect(tried.filter(({ executed }) => !executed)).toEqual([]);
    expect(tried.map(({ id }) => id)).toContain('at-spool-immutable');
  });

  it('puts use of at on record, and not what goes another way', (context) => {
    const { verdict, reason, outcome } = under.row('at-on-record');
    // Audit has one reader per kernel: where it is not to be had, the case says so itself.
    context.skip(outcome === 'skip', reason);
    expect({ verdict, outcome }).toEqual({ verdict: 'records', outcome: 'pass' });
    expect(reason).toMatch(/^at-client: alice executed \/usr\/bin\/at: at now/);
  });

  it('is wrong of a way around that is on record by another key', (context) => {
    const { verdict, reason, outcome } = under.row('at-on-record-and-said-not-to-be');
    context.skip(outcome === 'skip', reason);
    expect({ verdict, outcome }).toEqual({ verdict: 'invalid', outcome: 'fail' });
    expect(reason).toMatch(/^declared to get by \(another way\), and it is on record: at-spool: root /);
  });
});

describe('one of cron, applied as it should be', () => {
  let under: Awaited<ReturnType<typeof runUnder>>;
  beforeAll(async () => {
    under = await runUnder(['crontab-stdin'], ofCrontab, (file) => Object.keys(ofCrontab).map(file));
  });

  it.each([
    ['cron-without-tables', 'overblocks', /never ran, as documented: The client takes it/],
    ['cron-without-new-setuid', 'notClaimed', /a declared bypass, and its payload ran/],
  ])('%s', (id, verdict, reason) => {
    expect(under.row(id)).toEqual({ verdict, reason: expect.stringMatching(reason), outcome: 'pass' });
  });
});

describe('several that are applied together', () => {
  const compositions = [
    // Three that claim the same, and one message for two of them.
    'at-allow+at-deny+at-no-setuid',
    // What was applied before leaves the next one nothing to be applied to.
    'read-only-root+at-allow',
    'at-allow+cron-d-read-only+audit-rules',
    'at-allow+cron-allow+cron-d-read-only',
  ];
  let under: Awaited<ReturnType<typeof runUnder>>;
  beforeAll(async () => {
    under = await runUnder(['at-stdin', 'timer-user', 'etc-crontab-append'], {}, () => compositions);
  });
  const members = (id: string) =>
    under.record.mitigations.find((one) => one.id === id && one.atomic === 'at-stdin')?.members;

  it('are all credited where a text is that of several', () => {
    const id = 'at-allow+at-deny+at-no-setuid';
    expect(members(id)).toMatchObject([
      { id: 'at-allow', claims: true, seen: expect.stringContaining('You do not have permission') },
      { id: 'at-deny', claims: true, seen: expect.stringContaining('You do not have permission') },
      { id: 'at-no-setuid', claims: true, seen: expect.stringContaining('You do not have permission') },
    ]);
    // The price of one is none of the others': without the bit bob is not let in either.
    expect(under.row(id)).toMatchObject({ verdict: 'overblocks', outcome: 'fail' });
  });

  it('are none where one of them could not be applied any more', () => {
    expect(under.row('read-only-root+at-allow')).toMatchObject({
      verdict: 'invalid',
      reason: expect.stringMatching(/^at-allow did not take effect: applying it ended with .*Read-only file/),
      outcome: 'fail',
    });
  });

  // What is mounted over a folder takes it out of the sight of rules that are loaded after that.
  it('are none where the rules of one of them cannot be loaded any more', (context) => {
    const { verdict, outcome, reason } = under.row('at-allow+cron-d-read-only+audit-rules');
    context.skip(outcome === 'skip', reason);
    expect({ verdict, outcome }).toEqual({ verdict: 'invalid', outcome: 'fail' });
  });

  it('are told of an attack that gets by one of them and that none claims to stop', () => {
    for (const id of ['at-allow+cron-allow+cron-d-read-only', 'at-allow+at-deny+at-no-setuid'])
      expect(under.row(id, 'timer-user')).toMatchObject({ verdict: 'notClaimed', outcome: 'pass' });
    expect(under.row('at-allow+cron-allow+cron-d-read-only', 'etc-crontab-append')).toMatchObject({
      verdict: 'notClaimed',
      outcome: 'pass',
    });
  });
});

describe('several of which a later one undoes an earlier one', () => {
  const bobStill = [{ user: 'bob', command: atNow }];
  const own: Record<string, Own> = {
    'alice-denied': {
      apply: 'echo alice >> /etc/at.deny',
      check: { command: 'runuser -u alice -- atq', exitCode: 1, output: 'You do not have permission' },
      stops: [{ stage: 'submission', reason: 'You do not have permission to use at.' }],
      legitimate: bobStill,
    },
    // Somebody else's idea of a list of who is denied.
    'deny-list-renewed': {
      apply: "printf 'games\\nnobody\\n' > /etc/at.deny",
      check: { command: 'grep -x nobody /etc/at.deny', output: 'nobody' },
      legitimate: bobStill,
      bypasses: [{}],
    },
  };
  const undone = 'alice-denied+deny-list-renewed';
  const kept = 'deny-list-renewed+alice-denied';
  let under: Awaited<ReturnType<typeof runUnder>>;
  beforeAll(async () => {
    under = await runUnder(['at-stdin'], own, (file) =>
      [undone, kept].map((composition) => composition.split('+').map(file).join('+')),
    );
  });

  it('name that one, and by which it was undone', () => {
    expect(under.row(undone)).toMatchObject({
      verdict: 'invalid',
      reason: expect.stringMatching(
        /^alice-denied took effect, and no longer does once deny-list-renewed is applied after it: its check expects exit 1 /,
      ),
      outcome: 'fail',
    });
    expect(under.record.mitigations.find(({ id }) => id === undone)?.checks).toMatchObject([
      { id: 'alice-denied', holds: false, undoneBy: ['deny-list-renewed'] },
      { id: 'deny-list-renewed', holds: true },
    ]);
  });

  it('block in the other order, and are looked at again when the attack is over', () => {
    expect(under.row(kept)).toMatchObject({ verdict: 'blocks', outcome: 'pass' });
    const treated = under.record.cases.find(({ mitigation }) => mitigation === kept);
    expect(treated?.steps.map(({ role }) => role)).toEqual([
      ...['mitigation', 'check', 'mitigation', 'check', 'check', 'prereq', 'attack', 'check', 'check'],
      ...['cleanup', 'legitimate', 'legitimate'],
    ]);
  });
});
