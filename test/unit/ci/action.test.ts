// The action for other repositories, as their runner meets it: its steps in a shell, with the runner's own variables.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { recordRun } from '../main/recorded-run.ts';

interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string; readonly value: string }>>;
  readonly runs: {
    readonly using: string;
    readonly steps: readonly {
      readonly id?: string;
      readonly uses?: string;
      readonly shell?: string;
      readonly run?: string;
      readonly env?: Readonly<Record<string, string>>;
    }[];
  };
}

const folderOfAction = join(import.meta.dirname, '../../../.github/actions/run');
const action = parse(readFileSync(join(folderOfAction, 'action.yml'), 'utf8')) as Action;

const project = mkdtempSync(join(tmpdir(), 'atomclock-action-'));
const rule = `title: Own cron drop
id: 5f3f3a39-0b4a-4f4f-9a57-2b4f4d6c1c11
status: test
logsource: { product: linux, category: file_event }
detection:
  drop: { TargetFilename|startswith: /etc/cron.d/ }
  condition: drop
tags: [attack.t1053.003]
`;
beforeAll(async () => {
  await recordRun(join(project, 'recorded run'), {
    tables: { 'cron-d-drop@debian12': '/etc/cron.d/job' },
    rules: [{ file: 'rules/own.yml', text: rule }],
    expectation: { detects: [] },
  });
  mkdirSync(join(project, 'my rules'));
  writeFileSync(join(project, 'my rules/own.yml'), rule);
  writeFileSync(
    join(project, 'my rules/deaf.yml'),
    rule.replace('/etc/cron.d/', '/etc/crom.d/').replace('5f3f', '5f3e'),
  );
});
afterAll(() => rmSync(project, { recursive: true }));

interface Ended {
  readonly exitCode: number | undefined;
  readonly outputs: Readonly<Record<string, string>>;
  readonly stdout: string;
  readonly stderr: string;
  readonly summary: string;
}

/** Evaluates what a runner evaluates, and runs the shell steps one after the other until one fails. */
async function runAction(given: Readonly<Record<string, string>>): Promise<Ended> {
  for (const name of Object.keys(given)) expect(Object.keys(action.inputs)).toContain(name);
  const temporary = mkdtempSync(join(project, 'runner-'));
  const files = { GITHUB_OUTPUT: join(temporary, 'output'), GITHUB_STEP_SUMMARY: join(temporary, 'summary') };
  const outputs: Record<string, Record<string, string>> = {};
  const evaluated = (text: string): string =>
    text.replaceAll(
      /\$\{\{ (inputs|steps\.(\w+)\.outputs)\.([\w-]+) \}\}/g,
      (_, scope: string, step: string, name: string) =>
        scope === 'inputs'
          ? (given[name] ?? action.inputs[name]?.default ?? '')
          : (outputs[step]?.[name] ?? ''),
    );
  let last = { exitCode: undefined as number | undefined, stdout: '', stderr: '' };
  writeFileSync(files.GITHUB_STEP_SUMMARY, '');
  for (const { id = '', run, env = {} } of action.runs.steps) {
    if (run === undefined) continue;
    writeFileSync(files.GITHUB_OUTPUT, '');
    const variables = Object.fromEntries(Object.entries(env).map(([name, text]) => [name, evaluated(text)]));
    // As the runner starts it: bash --noprofile --norc -eo pipefail FILE.
    const script = join(temporary, `${id}.sh`);
    writeFileSync(script, run);
    const { exitCode, stdout, stderr } = await execa(
      'bash',
      ['--noprofile', '--norc', '-eo', 'pipefail', script],
      {
        cwd: project,
        reject: false,
        env: { ...variables, ...files, RUNNER_TEMP: temporary, GITHUB_ACTION_PATH: folderOfAction },
      },
    );
    last = { exitCode, stdout, stderr };
    outputs[id] = Object.fromEntries(
      readFileSync(files.GITHUB_OUTPUT, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
    if (exitCode !== 0) break;
  }
  return {
    ...last,
    outputs: Object.fromEntries(
      Object.entries(action.outputs).map(([name, { value }]) => [name, evaluated(value)]),
    ),
    summary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8'),
  };
}

it('says of every input and output what it is, and has a shell for every script', () => {
  expect(action.runs.using).toBe('composite');
  for (const { description } of [...Object.values(action.inputs), ...Object.values(action.outputs)]) {
    expect(description).toMatch(/\.$/);
  }
  for (const { run, shell, uses } of action.runs.steps) {
    expect(run === undefined ? uses : shell).toMatch(/./);
    // An expression in a script would be part of the command.
    expect(run ?? '').not.toContain('${{');
  }
});

describe('a replay, as another repository asks for it', () => {
  it('passes, with a folder, counts, a SARIF file and the summary of the job', async () => {
    const ended = await runAction({
      replay: 'recorded run',
      rules: 'my rules/own.yml\n',
      require: 'attacks-seen',
    });
    expect(ended, ended.stderr).toMatchObject({
      exitCode: 0,
      outputs: { passed: '1', failed: '0', unseen: '0', 'exit-code': '0' },
    });
    const { run = '', sarif = '' } = ended.outputs;
    expect(JSON.parse(readFileSync(join(run, 'run.json'), 'utf8')).cases).toHaveLength(1);
    expect(JSON.parse(readFileSync(sarif, 'utf8')).version).toBe('2.1.0');
    expect(ended.summary).toMatch(/^# Atomclock run /);
    expect(ended.stdout).toMatch(/^::notice title=Atomclock::1 passed/m);
  });

  it('fails with its exit code where a rule stays silent, annotated at the rule', async () => {
    const ended = await runAction({
      replay: 'recorded run',
      rules: '  my rules/deaf.yml  ',
      report: 'junit=junit file.xml',
      args: '--require\nrules-fire',
    });
    expect(ended, ended.stderr).toMatchObject({
      exitCode: 1,
      outputs: { unseen: '1', 'exit-code': '1' },
    });
    expect(ended.stdout).toMatch(/^::error title=fail%3A rule deaf,file=my rules\/deaf\.yml,line=/m);
    expect(readFileSync(join(project, 'junit file.xml'), 'utf8')).toContain('<testsuites>');
  });

  it('takes no input for a command, and says what is wrong with it', async () => {
    const ended = await runAction({ replay: '$(touch pwned); `touch pwned`', rules: '"; touch pwned; "' });
    expect(ended.outputs).toMatchObject({ run: '', 'exit-code': '2' });
    expect(ended.stderr).toContain('$(touch pwned)');
    await expect(execa('ls', [join(project, 'pwned')])).rejects.toThrow();
  });
});

it('a run is asked for what the inputs say, word by word', async () => {
  const ended = await runAction({
    selectors: 'at-stdni  T1053.003',
    target: 'debian12',
    mitigation: 'none',
  });
  // Where nothing is selected, no engine is asked.
  expect(ended, ended.stderr).toMatchObject({ exitCode: 4, outputs: { 'exit-code': '4', run: '' } });
  expect(ended.stderr).toContain('at-stdin');
});
