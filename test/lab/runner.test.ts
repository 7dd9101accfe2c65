// The harness's own shell is no evidence: a step's script stands on no command line, and what matches that shell alone
// counts for nobody.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { EcsEvent } from '../../harness/model/event.ts';
import type { RunRecord } from '../../harness/model/run-record.ts';
import { scriptFolder } from '../../harness/model/target.ts';
import { account, caseOf } from './cases.ts';
import { recordOf, temporaryFolder } from './cli.ts';

const atomics = `
attack_technique: T1053.003
display_name: A script with words of its own
atomic_tests:
- name: Words of a script
  auto_generated_guid: 0d0c58a4-6a55-4f0c-9d43-5b1a4f6f7e21
  description: Writes a table, and starts one program with a word of the script.
  supported_platforms: [linux]
  executor:
    name: sh
    elevation_required: true
    command: |
      # written-in-the-script-alone
      /bin/echo started-by-the-script
      echo '* * * * * root touch /tmp/words' > /etc/cron.d/words
    cleanup_command: |
      rm -f /etc/cron.d/words # written-in-the-clean-up-alone
`;

const rule = (name: string, text: string) =>
  `title: ${name}\nlogsource: {product: linux, category: process_creation}\ndetection: {s: {CommandLine|contains: '${text}'}, condition: s}\n`;

let record: RunRecord;
let events: EcsEvent[];
beforeAll(async () => {
  await using folder = await temporaryFolder({
    'T1053.003.yaml': atomics,
    'comment.yml': rule('comment', 'written-in-the'),
    'runner.yml': rule('runner', `${scriptFolder}/step-`),
    'program.yml': rule('program', 'started-by-the-script'),
  });
  const rules = ['comment', 'runner', 'program'].flatMap((name) => [
    '--rules',
    join(folder.path, `${name}.yml`),
  ]);
  const out = join(folder.path, 'run');
  const words = ['run', '--atomics', join(folder.path, 'T1053.003.yaml'), '--mitigation', 'none'];
  ({ record } = await recordOf([...words, ...rules, '--out', out]));
  const lines = await readFile(join(out, 'cases', 'words-of-a-script@debian12', 'events.ndjson'), 'utf8');
  events = lines
    .trim()
    .split('\n')
    .map((line): EcsEvent => JSON.parse(line));
});

const commandLines = () =>
  events.flatMap(({ process }) =>
    [process, process?.parent].flatMap((each) => [
      ...(each?.args ?? []),
      ...(each?.command_line === undefined ? [] : [each.command_line]),
      ...(each?.title === undefined ? [] : [each.title]),
    ]),
  );
const ruleOf = (slug: string) => record.rules.find((each) => each.slug === slug);

it('puts no script on a command line', () => {
  const all = commandLines().join('\n');
  expect(all).toContain('started-by-the-script');
  for (const word of [
    'written-in-the-script-alone',
    'written-in-the-clean-up-alone',
    '/etc/cron.d/words\n* * ',
  ])
    expect(all).not.toContain(word);
});

it('credits nobody with what matches the harness’s own shell alone', () => {
  for (const slug of ['runner', 'comment'])
    expect(ruleOf(slug)).toMatchObject({ firedIn: [], falsePositives: [], crossTalk: [], matches: [] });
});

it('tells of the rule that matches nothing else', () => {
  const found = caseOf(record, 'words-of-a-script');
  expect(found.reasons.join('\n'), account(found)).toContain("runner matches only the harness's own shell");
  expect(found.reasons.join('\n')).not.toContain('program matches only');
});

it('credits the attack with what its script starts', () => {
  const found = caseOf(record, 'words-of-a-script');
  expect(ruleOf('program'), account(found)).toMatchObject({ firedIn: [found.id] });
});
