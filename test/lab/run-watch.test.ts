// A run of somebody's own content that goes on: what an edit touches is run, the rest is judged on what it recorded.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { runLabel } from '../../harness/docker/container/labels.ts';
import { connect } from '../../harness/docker/host/connection.ts';
import type { RunEvent } from '../../harness/model/run-event.ts';
import type { RunRecord } from '../../harness/model/run-record.ts';
import { recordOf, repository, temporaryFolder } from './cli.ts';

const dropped = (name: string, guid: string, line: string): string => `
- name: ${name}
  auto_generated_guid: ${guid}
  description: A table appears in cron.d.
  supported_platforms: [linux]
  executor:
    name: sh
    elevation_required: true
    command: echo '${line}' > /etc/cron.d/${name}
    cleanup_command: rm -f /etc/cron.d/${name}
`;
const atomics = (first: string): string =>
  [
    'attack_technique: T1053.003\ndisplay_name: Cron\natomic_tests:',
    dropped('edited', '5f3f3a39-0b4a-4f4f-9a57-2b4f4d6c1c11', first),
    dropped('left-alone', '5f3f3a39-0b4a-4f4f-9a57-2b4f4d6c1c12', '* * * * * root /usr/bin/touch /tmp/y'),
  ].join('');
const every = '* * * * * root /usr/bin/touch';

const rule = (path: string): string => `title: Table dropped
id: 5f3f3a39-0b4a-4f4f-9a57-2b4f4d6c1c13
logsource: { product: linux, category: file_event }
detection:
  drop: { TargetFilename|startswith: ${path} }
  condition: drop
`;

it('runs an edited atomic and no other, judges an edited rule, waits where one is broken, and leaves nothing', async () => {
  await using folder = await temporaryFolder({
    'own.yaml': atomics(`${every} /tmp/x`),
    'own.yml': rule('/etc/cron.d/'),
  });
  const [atomic, own, out] = ['own.yaml', 'own.yml', 'run'].map((name) => join(folder.path, name)) as [
    string,
    string,
    string,
  ];
  const words = ['run', '--atomics', atomic, '--rules', own, '--watch', '--out', out];
  const running = execa('node', ['harness/cli/main.ts', ...words], {
    ...{ cwd: repository, reject: false, env: { NO_COLOR: '1' } },
  });
  using _ended = { [Symbol.dispose]: () => running.kill('SIGINT') };
  let hasEnded = false;
  void running.finally(() => {
    hasEnded = true;
  });
  let shown = '';
  for (const stream of [running.stdout, running.stderr])
    stream.on('data', (chunk: Buffer) => {
      shown += chunk;
    });
  /** Waits for what comes after the edit; most of it takes some seconds. */
  const after = async (edit: () => Promise<void>, ...wanted: readonly RegExp[]): Promise<string> => {
    const from = shown.length;
    const end = Date.now() + 200_000;
    await edit();
    for (;;) {
      const text = shown.slice(from);
      if (wanted.every((each) => each.test(text))) return text;
      if (hasEnded || Date.now() > end) throw new RangeError(`not shown: ${wanted.join(' ')}\n${shown}`);
      await wait(20);
    }
  };
  const waits = /Waiting for edits of /;
  const record = async (): Promise<RunRecord> => JSON.parse(await readFile(join(out, 'run.json'), 'utf8'));
  const started = async (): Promise<string[]> =>
    (await readFile(join(out, 'progress.ndjson'), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line): RunEvent => JSON.parse(line))
      .flatMap((event) => (event.kind === 'case-started' ? [event.case] : []));

  await after(async () => {}, /2 passed, 0 failed/, waits);
  expect(await started()).toEqual(['idle@debian12', 'edited@debian12', 'left-alone@debian12']);

  const first = await record();
  const edited = Date.now();
  // No case is started for a rule.
  const judged = await after(
    () => writeFile(own, rule('/etc/crom.d/')),
    /own {2}fires in 0\n {2}no longer in: edited@debian12, left-alone@debian12\n[\s\S]*judged in/,
    waits,
  );
  expect(judged).not.toContain('run and judged');
  // What it waited for the edit is none of the time that the run took.
  const again = await record();
  expect(again.run.pausedMs).toBeGreaterThanOrEqual(edited - Date.parse(first.run.finishedAt));
  expect(again.run.startedAt).toBe(first.run.startedAt);
  expect(await started()).toHaveLength(3);

  await after(
    () => writeFile(atomic, atomics(`${every} /tmp/x`).replace('supported_platforms', 'suported_platforms')),
    /own\.yaml:4:3: error: .*supported_platforms/,
    waits,
  );
  expect(await started()).toHaveLength(3);

  // An edit while the case is run that an edit before it has begun: what counts is what is there in the end.
  await after(() => writeFile(atomic, atomics('* * * * x root /usr/bin/touch /tmp/x')), /-- The attack\n/);
  await after(
    () => writeFile(atomic, atomics(`${every} /tmp/z`)),
    /\/tmp\/z' > \/etc\/cron\.d\/edited/,
    /edited@debian12 {2}inert, \w+ → executed, pass\n[\s\S]*run and judged in/,
    waits,
  );
  expect(await started()).toEqual([
    ...['idle@debian12', 'edited@debian12', 'left-alone@debian12'],
    ...['edited@debian12', 'edited@debian12'],
  ]);

  await after(
    () => writeFile(atomic, atomics('* * * * x root /usr/bin/touch /tmp/x')),
    /edited@debian12 {2}executed, pass → inert, /,
    waits,
  );
  // The folder has the run of what is there now, and its evidence says the same.
  const kept = await record();
  expect(kept.cases.map(({ id, observation }) => [id, observation])).toEqual([
    ['edited@debian12', 'inert'],
    ['left-alone@debian12', 'executed'],
  ]);
  const { record: replayed } = await recordOf(['replay', out]);
  expect(replayed).toEqual(kept);

  running.kill('SIGINT');
  expect((await running).exitCode).toBe(130);
  const { docker } = await connect();
  const label = [`${runLabel}=${kept.run.id}`];
  expect(await docker.listContainers({ all: true, filters: { label } })).toEqual([]);
});
