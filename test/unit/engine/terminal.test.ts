// What a person at a terminal leaves in the evidence, and what is made of a refusal there.

import { describe, expect, it } from 'vitest';
import { judgeCase } from '../../../harness/engine/judge/judge-case.ts';
import type { RuleBook } from '../../../harness/engine/judge/rule-book.ts';
import { ruleBook } from '../../../harness/engine/judge/rule-book.ts';
import { RunJudge } from '../../../harness/engine/judge/run-judge.ts';
import { blankEvidence } from '../../../harness/engine/run/blank-evidence.ts';
import { TerminalText } from '../../../harness/engine/run/terminal-text.ts';
import type { EcsEvent } from '../../../harness/model/event.ts';
import { type ProcedureEvidence, savedCaseSchema } from '../../../harness/model/evidence.ts';
import { terminalAtomic } from '../../../harness/model/terminal.ts';
import { aMitigation, runFacts } from './content.ts';
import { exec, exit, file, fork, outside, process, resetClock, running } from './events.ts';
import { cron, cronChild, pid1 } from './story.ts';

const textOf = (...pieces: string[]): string => {
  const text = new TerminalText(20);
  for (const piece of pieces) text.push(new TextEncoder().encode(piece));
  return text.text();
};

it.each([
  ['plain lines', ['a\r\nb\r\n'], 'a\nb\n'],
  ['without colours and titles', ['\u001b]0;title\u0007\u001b[01;32malice\u001b[00m$ ls\r\n'], 'alice$ ls\n'],
  ['as they stood after corrections', ['$ lss\b \b\r\n', '10%\r20%\r\n'], '$ ls\n20%\n'],
  [
    'a line that goes on in the next row as one',
    ['$ echo 12345678901234\r45678 x\b \b\r\n'],
    '$ echo 123456789012345678\n',
  ],
  ['put together from pieces of a letter', ['\u00e4'], '\u00e4'],
  ['without bells', ['a\u0007b'], 'ab'],
])('keeps %s', (_, pieces, text) => expect(textOf(...pieces)).toBe(text));

it('keeps a bounded part of a flood, and says so', () => {
  const text = textOf('x'.repeat(600 * 1024));
  expect(text.length).toBeLessThan(520 * 1024);
  expect(text).toMatch(/\[cut: 90112 more characters\]\n$/);
});

const book: RuleBook = ruleBook([], {
  unusable: [],
  bundled: new Set(),
  fields: 'ecs',
  sensorsFor: () => ['ebpf'],
});
const argv = ['/bin/bash', '--login'];
const job = process({
  ...{ pid: 455, executable: '/bin/dash', args: ['/bin/sh', '-c', '/usr/bin/touch /tmp/y'], user: 'alice' },
  parent: cronChild,
});
const bash = process({ pid: 90, executable: '/bin/bash', args: argv, user: 'alice', parent: outside });

function session({ stdout = '', mitigated = false, schedules = false }): {
  evidence: ProcedureEvidence;
  events: EcsEvent[];
} {
  resetClock();
  const mitigations = mitigated
    ? [aMitigation({ id: 'at-allow', stops: ['at-stdin'], reason: 'do not have permission' })]
    : [];
  const id = `shell@debian12${mitigated ? '+at-allow' : ''}`;
  const evidence = blankEvidence(
    {
      ...{ id, kind: 'attack', atomic: terminalAtomic, target: 'debian12', variant: null, expectation: null },
      ...{ mitigations, user: 'alice', needsUserManager: false, skipped: null },
      ...(mitigated && { legitimateIn: id }),
      key: {
        atomic: 'shell',
        variant: {},
        target: 'debian12',
        mitigations: mitigations.map((one) => one.id),
      },
    },
    () => 'c0ffee',
  ) as ProcedureEvidence;
  const step = {
    role: 'attack' as const,
    user: 'alice',
    command: '# at a terminal',
    argv,
    exitCode: 0,
    stdout,
  };
  evidence.steps.push({ ...step, stderr: '', startedAt: '2026-01-01T00:00:00Z', ms: 1 });
  evidence.telemetry.perSensor = { ebpf: { events: 9, lost: 0 } };
  const table = '/var/spool/cron/crontabs/alice';
  const command = '/usr/bin/touch /tmp/y';
  const events = [running(pid1), running(cron), exec(bash)];
  if (schedules) {
    const schedule = {
      ...{
        kind: 'crontab' as const,
        id: 'crontab:alice',
        user: 'alice',
        when: '* * * * *',
        command,
        file: table,
      },
    };
    evidence.inventory.scheduled = {
      ...evidence.inventory.scheduled,
      takenAt: '2026-01-01T00:00:01Z',
      schedules: [schedule],
    };
    events.push(
      ...[file('creation', table, bash), exit(bash), fork(cronChild)],
      ...[exec(job), exit(job), exit(cronChild)],
    );
  } else events.push(exit(bash));
  return { evidence, events };
}

const recordOf = (options: Parameters<typeof session>[0]) => {
  const { evidence, events } = session(options);
  expect(savedCaseSchema.parse(JSON.parse(JSON.stringify(evidence)))).toEqual(evidence);
  const judge = new RunJudge(book, ['ebpf']);
  judge.add(judgeCase(evidence, events, book), 0);
  return judge.finish(runFacts);
};

describe('a session', () => {
  it('whose table cron ran is executed: all that descends from the terminal is the attack', () => {
    const [one] = recordOf({ schedules: true }).cases;
    expect(one).toMatchObject({
      observation: 'executed',
      verdict: 'pass',
      proof: { scheduler: 'cron', user: 'alice' },
    });
  });

  it('in which nothing was scheduled is performed, whatever its last command returned', () => {
    const [one] = recordOf({ stdout: 'bash: sl: command not found\n' }).cases;
    expect(one).toMatchObject({ observation: 'performed', verdict: 'pass' });
  });

  it('that a mitigation refused is refused, with its line', () => {
    const { cases, mitigations } = recordOf({
      mitigated: true,
      stdout: '$ at now\nYou do not have permission.\n',
    });
    expect(cases[0]).toMatchObject({ observation: 'refused', verdict: 'pass' });
    expect(cases[0]?.reasons).toEqual(['You do not have permission. (at-allow)']);
    expect(mitigations[0]).toMatchObject({ id: 'at-allow', verdict: 'notClaimed' });
  });

  it('that got by says both: what ran, and what was refused before', () => {
    const [one] = recordOf({
      mitigated: true,
      schedules: true,
      stdout: 'You do not have permission.\n',
    }).cases;
    expect(one).toMatchObject({ observation: 'executed', verdict: 'pass' });
    expect(one?.reasons).toContain('at-allow refused: You do not have permission.');
  });
});
