// What is known of schedulers stands in harness/schedulers: no other file names a place, a unit or a program of theirs.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../harness/model/package-root.ts';
import { schedulers } from '../../../harness/schedulers/list.ts';
import { startingPoints } from '../../../harness/schedulers/look.ts';

/** Files that may, and why. */
const allowed: Readonly<Record<string, string>> = {
  'rules/sigma/taxonomy.ts': 'names of programs in logs, as Sigma’s log source for cron has them',
  'telemetry/journal/message/index.ts': 'chooses a reader by the scheduler that speaks',
  'telemetry/residue/noise.ts': 'folders that services make at run time, and the manager’s empty folders',
  'docker/host/start-engine.ts': 'whether this machine, not a target, has systemd (sd_booted(3))',
  'docker/host/engine-fault.ts': 'the unit of a rootless Docker engine of this machine',
};

const harness = join(packageRoot, 'harness');
const files = readdirSync(harness, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.startsWith('schedulers/'))
  .sort();

/** The code as it is, comments and the backslashes of expressions left out. */
const code = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !/^\s*(?:\/\/|\/\*|\*|#)/.test(line))
    .map((line) => line.replace(/\s\/\/ .*$/, ''))
    .join('\n')
    .replaceAll('\\', '');

const escaped = (text: string): string => text.replace(/[.+^${}()|[\]\\*?]/g, '\\$&');
const names = [
  ...startingPoints.map((start) => start.replace(/^~\//, '')),
  ...schedulers.flatMap(({ units }) => units),
  ...schedulers.flatMap(({ daemons }) => daemons.map(({ program }) => program)),
].map(escaped);
const known = new RegExp(
  `${names.join('|')}|/etc/cron|/etc/at\\.|/var/spool|\\b(?:atd|crond|bcron\\w*|mcron)\\b(?!-)`,
);

const found = (file: string): string | undefined =>
  known.exec(code(readFileSync(join(harness, file), 'utf8')))?.[0];

describe('knowledge of schedulers outside of harness/schedulers', () => {
  it('is what this test would find', () => {
    const samples = [
      "'/etc/cron.d'",
      '/^\\/var\\/spool\\/atd\\//',
      "'cronie.service'",
      '"/sbin/crond"',
      "'atd'",
    ];
    expect(samples.filter((sample) => !known.test(code(sample)))).toEqual([]);
    expect(known.test(code('// at and /etc/crontab\n * /var/spool/cron\nconst at = 1; // atd'))).toBe(false);
  });

  it('is nowhere', () => {
    const strays = files.filter((file) => !(file in allowed)).map((file) => [file, found(file)] as const);
    expect(strays.filter(([, what]) => what !== undefined)).toEqual([]);
  });

  it.each(Object.keys(allowed))('%s is still a place that needs it', (file) => {
    expect(found(file)).toBeDefined();
  });
});
