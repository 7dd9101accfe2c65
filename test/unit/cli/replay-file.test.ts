// Files of many formats through the command: what of them matched, what was complained of, the exit code.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runProgram } from '../../../harness/cli/program.ts';
import type { RunRecord } from '../../../harness/model/run-record.ts';
import { memoryIo } from './memory-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'atomclock-replay-'));
const file = join(folder, 'log');
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(() => {
  const rule = (service: string, detection: string) =>
    `title: ${service}\nlogsource: {product: linux, service: ${service}}\ndetection: {${detection}, condition: s}\n`;
  writeFileSync(join(folder, 'cron.yml'), rule('cron', "s: [') REPLACE (']"));
  writeFileSync(join(folder, 'auditd.yml'), rule('auditd', 's: {type: EXECVE, a0: crontab}'));
  writeFileSync(join(folder, 'exec.eql'), 'process where process.name == "crontab"');
});

async function replay(content: string | Buffer) {
  writeFileSync(file, content);
  const io = memoryIo();
  const exitCode = await runProgram(['replay', file, '--rules', folder, '--json'], io, '9.9.9');
  const rules =
    exitCode === 2 && io.stdout.text === '' ? [] : (JSON.parse(io.stdout.text) as RunRecord).rules;
  const matched = rules.flatMap(({ slug, matches }) => matches.map(({ eventIds }) => `${slug} ${eventIds}`));
  // Three rules of three log sources: each file feeds one or two of them.
  const [warnings, others] = [true, false].map((is) =>
    io.stderr.text.split('\n').filter((line) => line.startsWith('warning: no event belongs') === is),
  );
  return { exitCode, matched, stderr: others?.join('\n') ?? '', warnings: warnings?.join('\n') ?? '' };
}

it('says the file, and of each match its line, and nothing that only a run has', async () => {
  const lines = ['Nov 22 03:17:00 web1 cron[1]: (CRON) INFO (x)', syslog, syslog.replace('01', '02')];
  writeFileSync(file, `${lines.join('\n')}\n`);
  const text = async (...words: string[]) => {
    const io = memoryIo();
    await runProgram(['replay', file, ...words], io, '9.9.9');
    return io.stdout.text;
  };
  const own = await text('--rules', folder);
  expect(own).toContain(`events of ${file}\n`);
  expect(own).not.toMatch(/real clock|sensors/);
  // A rule of one's own is told of though it matched nothing.
  expect(own).toMatch(new RegExp(`  cron +sigma +2 .*\\n +${file}:2\\n +${file}:3\\n  exec +eql +0 `));
  const markdown = await text('--rules', folder, '--report', 'markdown');
  expect(markdown).toContain(`| \`cron\` | \`${file}:3\` |`);
  const bundled = await text();
  expect(bundled).toMatch(/crontab-replaced-in-log +sigma +2 /);
  expect(bundled).toMatch(/no match of \d+ bundled rules/);
  expect(bundled).not.toContain('at-job-spooled');
});

const event = '{"event":{"category":["process"]},"process.name":"crontab"}';
const syslog = 'Nov 22 03:17:01 web1 crontab[7]: (alice) REPLACE (alice)';
const record = 'type=EXECVE msg=audit(1700000000.123:42): argc=2 a0="crontab" a1="-"';
const clean = { exitCode: 0, stderr: '' };

it.each<[string, string | Buffer, string[]]>([
  ['events', `${event}\n\n${event}\n`, ['exec 1', 'exec 3']],
  ['packed events', gzipSync(`${event}\n`), ['exec 1']],
  ['Kibana’s export', `{"_index":"x","_source":${event}}\n`, ['exec 1']],
  ['syslog', `${syslog}\n`, ['cron 1']],
  [
    'the journal',
    `{"__REALTIME_TIMESTAMP":"1","SYSLOG_IDENTIFIER":"crontab","MESSAGE":"(a) REPLACE (a)"}`,
    ['cron 1'],
  ],
  [
    'an audit log as Laurel writes it',
    `${JSON.stringify({ ID: '1700000000.123:42', EXECVE: { argc: 2, ARGV: ['crontab', '-'] } })}\n`,
    ['auditd 1'],
  ],
  [
    'the log of a container runtime',
    [syslog, record, event].map((line) => `2026-01-01T00:00:00.5Z stdout F ${line}\n`).join(''),
    ['auditd 2', 'cron 1', 'exec 3'],
  ],
  ['an audit log of several machines', `node=a ${record}\r\nnode=b ${record}\r\n`, ['auditd 1', 'auditd 2']],
  [
    'syslog with audit records',
    `${syslog}\nNov 22 03:17:01 web1 audispd: ${record}\n`,
    ['auditd 2', 'cron 1'],
  ],
])('%s', async (_, content, matched) => {
  const result = await replay(content);
  const { exitCode, stderr } = result;
  expect({ exitCode, stderr, matched: result.matched.sort() }).toEqual({ ...clean, matched });
});

it('says of which log source no event is', async () => {
  const { warnings } = await replay(`${syslog}\n`);
  expect(warnings).toMatch(/log source linux\/auditd: the rule auditd for it cannot match here/);
  expect(warnings).not.toContain('linux/cron');
});

it('judges what can be read, complains of the rest by line, and exits with 2', async () => {
  const { exitCode, matched, stderr } = await replay(`${event}\n{"torn":\n${event}\n`);
  expect({ exitCode, matched }).toEqual({ exitCode: 2, matched: ['exec 1', 'exec 3'] });
  expect(stderr).toContain(`${file}:2:1: it is not JSON`);
});

it('does not complain of each of a thousand', async () => {
  const { stderr } = await replay(`${event}\n${'{"torn":\n'.repeat(1000)}`);
  expect(stderr.trim().split('\n')).toHaveLength(11);
  expect(stderr).toContain('1000 places in all could not be read');
});

it('notes a log that ends in the middle of a line', async () => {
  const { exitCode, matched, stderr } = await replay(`${record}\n${record.slice(0, 20)}`);
  expect({ exitCode, matched }).toEqual({ exitCode: 0, matched: ['auditd 1'] });
  expect(stderr).toContain(`${file}:2:1: neither an audit record nor a syslog line`);
});

it('refuses what it cannot read', async () => {
  const { exitCode, stderr } = await replay('event');
  expect(exitCode).toBe(2);
  expect(stderr).toContain(`${file}:1:1: expected JSON objects`);
});
