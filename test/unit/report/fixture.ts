// A RunRecord made by hand with one of everything: each observation, each verdict, each way a rule can end.

import { createHash } from 'node:crypto';
import type { EcsEvent } from '../../../harness/model/event.ts';
import { seenByOf } from '../../../harness/model/fired.ts';
import type {
  CaseRecord,
  Detection,
  MitigationRecord,
  RuleRecord,
  RunRecord,
} from '../../../harness/model/run-record.ts';
import { recordOf } from '../../../harness/model/run-summary.ts';
import type { CaseTrace, RuleReading, RunTraces } from '../../../harness/model/traces.ts';

export function sampleRecord(): RunRecord {
  const cases = sampleCases();
  const mitigations = sampleMitigations();
  const rules = sampleRules();
  return recordOf({
    run: {
      id: '2026-01-15T10-20-30Z-4f2a',
      startedAt: '2026-01-15T10:20:30.125Z',
      finishedAt: '2026-01-15T10:20:52.625Z',
      harness: '0.1.0',
      host: { kernel: '6.12.9', docker: '28.1.0', cpus: 2, memory: 25769803776 },
      sensors: ['ebpf', 'journal', 'inventory'],
      clock: 'fast',
      shard: null,
    },
    cases,
    mitigations,
    rules,
  });
}

/** What `replay FILE.ndjson` gives: rules and matches, no cases. */
export function bareRecord(): RunRecord {
  const rules = [
    rule('at-job-queued', { matches: [{ eventIds: [3] }, { eventIds: [7] }] }),
    rule('cron-chain', { language: 'eql', matches: [{ eventIds: [1, 4] }] }),
    rule('quiet', {}),
  ];
  const { run } = sampleRecord();
  const nothingKnown = {
    ...{ id: 'replay', file: 'logs/cron.log', sensors: [], clock: 'real' as const },
    host: { kernel: '', docker: '', cpus: 0, memory: 0 },
  };
  return recordOf({ run: { ...run, ...nothingKnown }, cases: [], mitigations: [], rules });
}

/** The sample's ten cases many times over; `note` stands behind what is free text in them. */
export function manyOf(copies: number, note = ''): { record: RunRecord; traces: RunTraces } {
  const sample = sampleRecord();
  const tail = note === '' ? '' : ` ${note}`;
  const traces = new Map<string, CaseTrace>();
  const cases = Array.from({ length: copies }, (_, at) =>
    sample.cases.map((each): CaseRecord => {
      const slug = `${each.atomic.slug}-${at}`;
      const id = `${slug}@${each.target}${each.mitigation ? `+${each.mitigation}` : ''}`;
      const trace = sampleTraces().cases.get(each.id);
      if (trace) traces.set(id, trace);
      const atomic = {
        ...each.atomic,
        slug,
        guid: `${each.atomic.guid}-${at}`,
        name: `${each.atomic.name}${tail}`,
      };
      return { ...each, id, atomic, reasons: each.reasons.map((reason) => `${reason}${tail}`) };
    }),
  ).flat();
  return {
    record: recordOf({ ...sample, cases, mitigations: [] }),
    traces: { rules: sampleTraces().rules, cases: traces },
  };
}

/** The sample with three variants of one attack, of which one was refused and one got past a rule, and with many mitigations. */
export function variedRecord(): RunRecord {
  const sample = sampleRecord();
  const [base] = sample.cases.filter(({ id }) => id === 'at-stdin@debian12');
  if (!base) throw new TypeError('the sample has no at-stdin');
  const variants = (['tee', 'cp', 'dd'] as const).map(
    (writer): CaseRecord => ({
      ...base,
      id: `at-stdin~writer=${writer}@debian12`,
      variant: { axes: { writer } },
      ...(writer === 'dd' && { observation: 'refused', proof: null }),
      ...(writer === 'cp' && { detections: [], seenBy: [] }),
    }),
  );
  const [mitigation] = sample.mitigations;
  return recordOf({
    ...sample,
    cases: [...sample.cases, ...variants],
    mitigations: [
      ...sample.mitigations,
      ...Array.from({ length: 6 }, (_, at) => ({ ...(mitigation as MitigationRecord), id: `further-${at}` })),
    ],
    robustness: [
      {
        rule: 'at-client-exec',
        bases: [base.id],
        executed: 2,
        survived: 1,
        axes: { writer: { executed: 2, survived: 1 } },
        cheapest: {
          case: 'at-stdin~writer=cp@debian12',
          axis: 'writer',
          value: 'cp',
          why: 'process.name is "at"; saw process.name "cp"',
        },
        level: { claimed: '2K', measured: '1' },
      },
    ],
  });
}

/** What the evidence of the sample record would show of two of its cases. */
export function sampleTraces(): RunTraces {
  const missed: RuleReading = {
    rule: 'cron-d-created',
    matched: false,
    stages: [
      {
        eventId: 'ebpf-14',
        matched: false,
        tests: [
          {
            text: 'event.action is "creation"',
            excluded: false,
            holds: true,
            seen: [{ field: 'event.action', value: 'creation' }],
            place: { line: 5, column: 3 },
          },
          {
            text: 'file.path starts with "/etc/crom.d/"',
            excluded: false,
            holds: false,
            seen: [{ field: 'file.path', value: '/etc/cron.d/x' }],
            place: { line: 10, column: 32 },
          },
        ],
      },
    ],
  };
  return {
    rules: [
      {
        slug: 'cron-d-created',
        text: sampleRule,
        branches: [
          {
            kind: 'alternative',
            text: 'file.path starts with "/etc/crom.d/"',
            line: 10,
            column: 32,
            proven: false,
          },
        ],
        sensors: ['ebpf', 'inventory'],
        fields: [{ name: 'file.path', sensors: ['ebpf', 'inventory'] }],
      },
    ],
    cases: new Map([
      [
        'at-stdin@debian12',
        { events: [event('ebpf-9'), event('ebpf-22')], processes: [], schedules: [], readings: [] },
      ],
      [
        'cron-d-drop@debian12',
        {
          events: [event('ebpf-9'), event('ebpf-14'), event('ebpf-22')],
          processes: [
            {
              depth: 0,
              pid: 1,
              commandLine: '/sbin/init',
              user: 'root',
              startedAt: null,
              endedAt: null,
              exitCode: null,
            },
            {
              depth: 1,
              pid: 38,
              commandLine: '/bin/sh /run/step-1',
              user: 'root',
              startedAt: '2026-01-15T10:20:31.540Z',
              endedAt: null,
              exitCode: 0,
              part: 'step',
            },
            {
              depth: 1,
              pid: 40,
              commandLine: '/usr/sbin/cron -f',
              user: 'root',
              startedAt: null,
              endedAt: null,
              exitCode: null,
              part: 'scheduler',
            },
            {
              depth: 2,
              pid: 77,
              commandLine: '/usr/bin/touch /tmp/x',
              user: 'root',
              startedAt: '2026-01-15T10:20:32.000Z',
              endedAt: null,
              exitCode: 0,
              part: 'payload',
            },
          ],
          schedules: [
            {
              kind: 'system-crontab',
              user: 'root',
              when: '* * * * *',
              command: '/usr/bin/touch /tmp/x',
              file: '/etc/cron.d/x',
              written: { owner: 'root', mode: '0644' },
              before: false,
              during: true,
              after: false,
            },
            {
              kind: 'run-parts',
              user: 'root',
              when: 'daily',
              command: '/etc/cron.daily/dpkg',
              file: '/etc/cron.daily/dpkg',
              written: null,
              before: true,
              during: true,
              after: true,
            },
          ],
          readings: [missed],
        },
      ],
    ]),
  };
}

const sampleRule = [
  'title: Sample rule cron-d-created',
  'id: 0d1f',
  'logsource:',
  '  product: linux',
  '  category: file_event',
  'tags:',
  '  - attack.t1053.003',
  'detection:',
  '  selection:',
  '    TargetFilename|startswith: /etc/crom.d/',
  '  condition: selection',
  '',
].join('\n');

const event = (id: string): EcsEvent => ({
  '@timestamp': '2026-01-15T10:20:31.600Z',
  event: { id, kind: 'event', category: ['file'], type: ['creation'], action: 'creation' },
  file: { path: '/etc/cron.d/x', owner: 'root', mode: '0644' },
  process: {
    entity_id: '7-1',
    pid: 7,
    command_line: 'tee /etc/cron.d/x',
    user: { id: '0', name: 'root' },
    parent: { entity_id: '6-1', pid: 6, command_line: 'sh -c id' },
  },
  atomclock: { sensor: 'ebpf' },
});

const nearMiss = [
  'cron-d-created does not match ebpf-14',
  '  - file.path starts with "/etc/crom.d/"; saw file.path "/etc/cron.d/x" (rules/cron-d-created.yml:10:32)',
].join('\n');

function sampleCases(): CaseRecord[] {
  return [
    attack('at-stdin', {
      detections: [
        detected('at-job-queued', 41),
        detected('at-client-exec', 2),
        { ...detected('crontab-renamed', 90), outcome: 'unexpected', expected: false },
      ],
    }),
    attack('cron-d-drop', {
      technique: 'T1053.003',
      user: 'root',
      proof: proof('cron', 812),
      detections: [
        {
          ...missed('cron-d-created'),
          nearest: nearMiss,
        },
        evaded('crontab-renamed'),
      ],
      verdict: 'fail',
      reasons: [`cron-d-created did not fire: ${nearMiss}`],
      source: 'mine/T1053.003/T1053.003.yaml',
    }),
    attack('crontab-missing-script', {
      technique: 'T1053.003',
      proof: { ...proof('cron', 640), exitCode: 127 },
      reasons: ['the job was launched and exited 127, as documented'],
      residue: ['crontab still scheduled: * * * * * /tmp/evil.sh (/var/spool/cron/crontabs/alice)'],
    }),
    attack('cron-subfolders', {
      technique: 'T1053.003',
      observation: 'inert',
      proof: null,
      reasons: ['/etc/cron.daily/persistevil: not executable, run-parts skips it'],
    }),
    attack('at-allow-edit', { observation: 'performed', proof: null }),
    attack('timer-user', {
      technique: 'T1053.006',
      observation: 'errored',
      proof: null,
      verdict: 'error',
      reasons: ['the ebpf sensor lost 12 events: what this case shows is incomplete [sensor/lost-events]'],
    }),
    attack('at-powershell', {
      observation: null,
      proof: null,
      steps: [],
      artifacts: [],
      verdict: 'skip',
      reasons: ['executor powershell'],
      timings: {},
    }),
    {
      ...attack('crontab-list', {
        technique: 'T1053.003',
        observation: 'performed',
        proof: null,
        artifacts: [],
        detections: [{ ...detected('own-crontab-any', 3), outcome: 'unexpected', expected: false }],
        verdict: 'fail',
        reasons: ['own-crontab-any fired on a benign twin'],
      }),
      kind: 'benign',
    },
    attack('at-stdin', {
      mitigation: 'at-allow',
      observation: 'refused',
      proof: null,
      artifacts: [],
      reasons: ['exit 1: You do not have permission to use at.'],
    }),
    attack('cron-d-drop', {
      technique: 'T1053.003',
      mitigation: 'cron-allow',
      proof: proof('cron', 790),
      verdict: 'fail',
      reasons: ['cron-allow bypassed: the payload ran all the same: /usr/bin/touch /tmp/atomclock-0c1d'],
    }),
  ];
}

function sampleMitigations(): MitigationRecord[] {
  return [
    {
      id: 'at-allow',
      case: 'at-stdin@debian12+at-allow',
      attack: 'M1018',
      target: 'debian12',
      atomic: 'at-stdin',
      control: 'executed',
      treated: 'refused',
      legitimate: [{ name: 'root still uses at', works: true, detail: 'atd ran /usr/bin/touch /tmp/ok' }],
      verdict: 'blocks',
      stage: 'submission',
      reason: 'You do not have permission to use at.',
    },
    {
      id: 'cron-allow',
      case: 'cron-d-drop@debian12+cron-allow',
      attack: 'M1018',
      target: 'debian12',
      atomic: 'cron-d-drop',
      control: 'executed',
      treated: 'executed',
      legitimate: [{ name: 'bob still lists his crontab', works: false, detail: 'exit 1: not allowed' }],
      verdict: 'bypassed',
      stage: null,
      reason: 'the payload ran all the same: /usr/bin/touch /tmp/atomclock-0c1d',
    },
  ];
}

function sampleRules(): RuleRecord[] {
  return [
    rule('at-job-queued', {
      firedIn: ['at-stdin@debian12'],
      matches: [{ case: 'at-stdin@debian12', eventIds: ['ebpf-9'] }],
      sensors: { ebpf: true, journal: false, inventory: false },
      branches: {
        total: 3,
        proven: 2,
        unproven: [
          {
            branch: "file.path startswith '/var/spool/at/'",
            kind: 'alternative',
            place: 'detections/sigma/at-job-queued.yml:19:9',
          },
        ],
      },
    }),
    rule('at-client-exec', {
      language: 'eql',
      firedIn: ['at-stdin@debian12'],
      matches: [{ case: 'at-stdin@debian12', eventIds: ['ebpf-3'] }],
      crossTalk: [{ case: 'idle@debian12', eventIds: ['ebpf-77', 'ebpf-78'] }],
    }),
    rule('cron-d-created', {
      technique: ['T1053.003'],
      file: 'rules/cron-d-created.yml',
      bundled: false,
      silent: [
        {
          technique: 'T1053.003',
          attacks: ['cron-d-drop@debian12', 'crontab-missing-script@debian12'],
          nearest: { case: 'cron-d-drop@debian12', text: nearMiss, distance: 0.75 },
        },
      ],
    }),
    rule('own-crontab-any', {
      technique: [],
      file: 'rules/own-crontab-any.yml',
      bundled: false,
      falsePositives: [{ case: 'crontab-list@debian12', eventIds: ['ebpf-5'] }],
      crossTalk: [{ case: 'timer-user@debian12', eventIds: ['ebpf-30'] }],
      matches: [
        { case: 'timer-user@debian12', eventIds: ['ebpf-30'] },
        { case: 'crontab-list@debian12', eventIds: ['ebpf-5'] },
      ],
    }),
    rule('crontab-renamed', { technique: ['T1053.003'], language: 'eql' }),
    rule('broken', {
      error: [
        'detections/sigma/broken.yml:7:5: error: unknown modifier `startwith` [sigma/unknown-modifier]',
        '    path|startwith: /etc',
        '    ^',
        '  Did you mean `startswith`?',
      ].join('\n'),
    }),
    rule('web-log', { unavailable: 'no active sensor provides the log source webserver' }),
  ];
}

/** Any GUID, the same for the same atomic. */
const guidOf = (slug: string): string =>
  createHash('sha256')
    .update(slug)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');

type CaseChanges = Partial<Omit<CaseRecord, 'atomic'>> & { technique?: string; source?: string };

/** @param changes with a `source`, it is an atomic of the user's */
function attack(slug: string, { technique = 'T1053.002', source, ...changes }: CaseChanges): CaseRecord {
  const target = changes.target ?? 'debian12';
  const id = `${slug}@${target}${changes.mitigation ? `+${changes.mitigation}` : ''}`;
  return {
    id,
    kind: 'attack',
    atomic: {
      guid: guidOf(slug),
      slug,
      name: `Sample atomic ${slug}`,
      technique,
      source: source ?? `atomics/${technique}/${technique}.yaml`,
      bundled: source === undefined,
    },
    variant: null,
    target,
    mitigation: null,
    user: 'alice',
    observation: 'executed',
    proof: proof('atd', 38.4),
    steps: [
      {
        role: 'attack',
        user: 'alice',
        command: "echo '/usr/bin/touch /tmp/atomclock-0c1d' | at now",
        exitCode: 0,
        stdout: '',
        stderr: 'job 1 at Thu Jan 15 10:20:31 2026\n',
        startedAt: '2026-01-15T10:20:31.500Z',
        ms: 12.5,
      },
    ],
    artifacts: [{ path: '/var/spool/cron/atjobs/a00001', action: 'creation', eventId: 'ebpf-9' }],
    residue: [],
    detections: [],
    seenBy: seenByOf({ detections: [], ...changes }),
    telemetry: {
      events: 120,
      lost: 0,
      perSensor: { ebpf: { events: 110, lost: 0 }, journal: { events: 10, lost: 0 } },
    },
    verdict: 'pass',
    reasons: [],
    timings: { bootMs: 1200, attackMs: 40, waitMs: 60 },
    ...changes,
  };
}

function proof(scheduler: string, latencyMs: number): NonNullable<CaseRecord['proof']> {
  return {
    eventId: 'ebpf-22',
    executable: '/usr/bin/touch',
    commandLine: '/usr/bin/touch /tmp/atomclock-0c1d',
    user: 'alice',
    lineage: ['touch', 'sh', scheduler, 'systemd'],
    scheduler,
    by: 'nonce',
    latencyMs,
    exitCode: 0,
  };
}

function detected(slug: string, timeToDetectMs: number): Detection {
  return {
    rule: slug,
    outcome: 'detected',
    expected: true,
    attributed: true,
    eventIds: ['ebpf-9'],
    timeToDetectMs,
  };
}

function missed(slug: string): Detection {
  return {
    rule: slug,
    outcome: 'missed',
    expected: true,
    attributed: false,
    eventIds: [],
    timeToDetectMs: null,
  };
}

function evaded(slug: string): Detection {
  return {
    rule: slug,
    outcome: 'evaded',
    expected: false,
    attributed: false,
    eventIds: [],
    timeToDetectMs: null,
  };
}

function rule(slug: string, changes: Partial<RuleRecord>): RuleRecord {
  const ending = changes.language === 'eql' ? 'eql' : 'sigma';
  return {
    id: `id-${slug}`,
    slug,
    title: `Sample rule ${slug}`,
    language: ending,
    file: `detections/${ending}/${slug}.${ending === 'eql' ? 'toml' : 'yml'}`,
    bundled: true,
    technique: ['T1053.002'],
    analytics: [],
    firedIn: [],
    falsePositives: [],
    crossTalk: [],
    matches: [],
    error: null,
    branches: { total: 1, proven: 1, unproven: [] },
    ...changes,
  };
}
