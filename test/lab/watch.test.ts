// A run that is watched, stepped and sat in, in a terminal of its own: what is shown, and that nothing is left behind.

import { readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { runLabel } from '../../harness/docker/container/labels.ts';
import { connect } from '../../harness/docker/host/connection.ts';
import type { RunEvent } from '../../harness/model/run-event.ts';
import { account } from './cases.ts';
import { recordOf, repository, temporaryFolder } from './cli.ts';

/** What is waited for on the terminal, and what is typed then. */
type Action = readonly [shown: string, typed: string];

interface Session {
  exitCode: number;
  shown: string;
  /** What never came. */
  left: string[];
  isRestored: boolean;
}

const ctrlC = '\u0003';

async function inTerminal(words: readonly string[], actions: readonly Action[]): Promise<Session> {
  const program = [process.execPath, 'harness/cli/main.ts', ...words];
  const { stdout } = await execa(
    'python3',
    ['test/lab/in-terminal.py', '80', JSON.stringify(actions), ...program],
    {
      cwd: repository,
      env: { NO_COLOR: '1', TERM: 'xterm' },
    },
  );
  return JSON.parse(stdout);
}

/** Containers of the run that was kept in a folder. */
async function leftOf(folder: string): Promise<number> {
  const { id } = JSON.parse(await readFile(`${folder}/request.json`, 'utf8'));
  const { docker } = await connect();
  const ours = await docker.listContainers({ all: true, filters: { label: [`${runLabel}=${id}`] } });
  return ours.length;
}

const one = ['run', 'cron-d-drop', '--mitigation', 'none'];

describe('--watch', () => {
  it('says live what the record has: each match, and the events of the attack', async () => {
    await using folder = await temporaryFolder();
    const { record, stderr } = await recordOf([...one, '--watch', '--out', folder.path]);
    const [found] = record.cases;
    expect(stderr).toMatch(/root# (?:.*\n)*?.*\* \S+ \(root\) creates \/etc\/cron\.d\//);
    expect(stderr).toMatch(/>> The payload was launched by cron as root/);
    expect(stderr).toContain('== pass: cron-d-drop@debian12');
    expect(stderr.split('\n').filter((line) => line.includes('\u001b'))).toEqual([]);
    const said = (await readFile(`${folder.path}/progress.ndjson`, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line): RunEvent => JSON.parse(line));
    const matched = Map.groupBy(
      said.flatMap((event) => (event.kind === 'matched' ? [event] : [])),
      ({ rule }) => rule,
    );
    const ids = (rule: string) => (matched.get(rule) ?? []).flatMap(({ eventIds }) => eventIds);
    expect(said.filter(({ kind }) => kind === 'withdrawn')).toEqual([]);
    expect([...matched.keys()].sort()).toEqual(found?.seenBy.toSorted());
    for (const { rule, eventIds, attributed } of found?.detections ?? [])
      if (attributed) expect([...new Set(ids(rule))].sort()).toEqual(eventIds.toSorted());
    // At its moment, and not when all was over.
    const at = (kind: RunEvent['kind']) =>
      said.findIndex((event) => event.kind === kind && 'case' in event && event.case === found?.id);
    expect(at('matched')).toBeLessThan(at('case-finished'));
    expect(matched.get('cron-table-dropped')?.[0]?.because?.length).toBeGreaterThan(0);
  });
});

describe('--step', () => {
  it.each(['A new target', 'The attack', 'Cleaning up'])(
    'waits for Enter before each stage, and leaves nothing when it is interrupted before: %s',
    async (stage) => {
      await using folder = await temporaryFolder();
      const stages = [
        'A new target',
        'Before the attack',
        'The attack',
        "The scheduler's turn",
        'Cleaning up',
      ];
      const before = stages.slice(0, stages.indexOf(stage));
      const { exitCode, shown, left, isRestored } = await inTerminal(
        [...one, '--step', '--out', folder.path],
        [
          ...before.map((each): Action => [`-- ${each}(?s:.*?)Enter: go on `, '\r']),
          [`-- ${stage}(?s:.*?)Enter: go on `, ctrlC],
        ],
      );
      expect({ exitCode, left, isRestored }, shown).toEqual({ exitCode: 130, left: [], isRestored: true });
      expect(await leftOf(folder.path)).toBe(0);
    },
  );
});

describe('shell', () => {
  const prompt = String.raw`alice@[^\n]*\$ `;

  it('judges what is typed: what a mitigation refuses, what cron runs all the same, and what is left', async () => {
    await using folder = await temporaryFolder();
    const { exitCode, shown, left, isRestored } = await inTerminal(
      ['shell', '--mitigation', 'at-allow', '--out', folder.path],
      [
        [prompt, 'stty size; echo touch /tmp/x | at now\r'],
        ['permission to use at', "echo '* * * * * /usr/bin/touch /tmp/y' | crontab -\r"],
        [prompt, 'exit\r'],
      ],
    );
    expect({ exitCode, left, isRestored }, shown).toEqual({ exitCode: 0, left: [], isRestored: true });
    expect(shown).toContain('30 80');
    expect(shown).toMatch(/Launched by cron: .*touch \/tmp\/y/);
    const { record } = await recordOf(['replay', folder.path]);
    expect(record.cases, record.cases.map(account).join('\n')).toMatchObject([
      {
        ...{ id: 'shell@debian12+at-allow', user: 'alice', observation: 'executed', verdict: 'pass' },
        proof: { scheduler: 'cron', user: 'alice' },
        seenBy: expect.arrayContaining(['at-submitted']),
        residue: expect.arrayContaining([expect.stringContaining('/var/spool/cron/crontabs/alice')]),
        reasons: expect.arrayContaining([
          expect.stringContaining('at-allow refused: You do not have permission'),
        ]),
      },
    ]);
    expect(record.cases[0]?.steps.find(({ role }) => role === 'attack')?.stdout).toContain('crontab -');
    expect(await leftOf(folder.path)).toBe(0);
  });

  it('leaves no container and the terminal as it was when it is ended from outside', async () => {
    await using folder = await temporaryFolder();
    const words = ['shell', '--out', folder.path];
    const { exitCode, shown, isRestored } = await inTerminal(words, [[prompt, 'SIGTERM']]);
    expect({ exitCode, isRestored }, shown).toEqual({ exitCode: 130, isRestored: true });
    expect(await leftOf(folder.path)).toBe(0);
  });

  it('waits for what is due in two minutes only until Ctrl-C', async () => {
    await using folder = await temporaryFolder();
    const { exitCode, shown, left } = await inTerminal(
      ['shell', '--user', 'root', '--clock', 'real', '--out', folder.path],
      [
        [String.raw`root@[^\n]*# `, 'echo /bin/true | at now + 2 minutes\r'],
        ['job 1 at', 'exit\r'],
        ['Ctrl-C ends the waiting', ctrlC],
      ],
    );
    expect({ exitCode, left }, shown).toEqual({ exitCode: 1, left: [] });
    expect(shown).toContain('No longer waited for.');
    expect(shown).toMatch(/^ {2}at: \/bin\/true as root, /m);
    expect(await leftOf(folder.path)).toBe(0);
  });
});
