// What is said of a person's time at a terminal: golden, for what was listed and for what had gone before.

import { expect, it } from 'vitest';
import type { CaseRecord } from '../../../harness/model/run-record.ts';
import type { CaseTrace } from '../../../harness/model/traces.ts';
import { sessionText } from '../../../harness/report/session.ts';

const record: CaseRecord = {
  ...{
    id: 'shell@debian12+at-allow',
    kind: 'attack',
    variant: null,
    target: 'debian12',
    mitigation: 'at-allow',
  },
  atomic: { guid: 'g', slug: 'shell', name: 'A person', technique: 'T1053', source: 'terminal' },
  ...{ user: 'alice', observation: 'executed', verdict: 'pass', steps: [], seenBy: ['spool'], timings: {} },
  proof: {
    ...{
      eventId: 'ebpf-9',
      executable: '/bin/dash',
      commandLine: 'sh',
      user: 'alice',
      lineage: ['/bin/dash', '/usr/sbin/atd'],
    },
    ...{ scheduler: 'atd', by: 'file', latencyMs: 1500, exitCode: 0 },
  },
  artifacts: [{ path: '/var/spool/cron/atjobs/a1', action: 'creation', eventId: 'ebpf-5' }],
  residue: ['file added: /tmp/z\u001b[2J (0644 alice, 0 bytes)'],
  detections: [
    {
      rule: 'spool',
      outcome: 'detected',
      expected: false,
      attributed: true,
      eventIds: ['ebpf-5'],
      timeToDetectMs: 3,
    },
    {
      rule: 'other',
      outcome: 'evaded',
      expected: false,
      attributed: false,
      eventIds: [],
      timeToDetectMs: null,
    },
  ],
  telemetry: { events: 9, lost: 0, perSensor: {} },
  reasons: ['at-allow refused: You do not have permission to use at.'],
};
const schedule: CaseTrace['schedules'][number] = {
  ...{
    kind: 'crontab',
    user: 'alice',
    when: '* * * * *',
    command: 'touch /tmp/z',
    file: '/var/spool/cron/crontabs/alice',
  },
  ...{ written: null, before: false, during: true, after: true },
};
const trace = (schedules: CaseTrace['schedules']): CaseTrace => ({
  ...{ events: [], processes: [], schedules },
  readings: [
    {
      ...{ rule: 'spool', matched: true },
      stages: [
        {
          ...{ eventId: 'ebpf-5', matched: true },
          tests: [
            {
              text: 't',
              excluded: false,
              holds: true,
              seen: [{ field: 'file.path', value: '/var/spool/cron/atjobs/a1' }],
            },
          ],
        },
      ],
    },
  ],
});
const text = (schedules: CaseTrace['schedules']) =>
  sessionText(record, trace(schedules), { color: false, columns: 60 });

it('says what was scheduled, what ran, who saw it, what was refused and what is left', () => {
  expect(text([schedule])).toBe(`pass: shell@debian12+at-allow as alice, executed

Scheduled
  crontab: touch /tmp/z as alice, * * * * *
    (/var/spool/cron/crontabs/alice)

Ran
  atd launched sh as alice, 1.5 s after the terminal was
    opened; exit 0
  proven by ebpf-9: /bin/dash < /usr/sbin/atd

Seen by
  spool (ebpf-5): file.path /var/spool/cron/atjobs/a1

Notes
  at-allow refused: You do not have permission to use at.

Left
  file added: /tmp/z\\x1b[2J (0644 alice, 0 bytes)
`);
});

it('tells of a job that ran at once by what was written for it, and of a schedule from before nothing', () => {
  expect(text([])).toContain(
    '\nScheduled\n  /var/spool/cron/atjobs/a1, gone before it could be\n    listed\n',
  );
  expect(text([{ ...schedule, before: true }])).not.toContain('crontab:');
});
