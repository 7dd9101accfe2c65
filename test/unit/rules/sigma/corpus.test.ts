// The rules that SigmaHQ publishes for Linux: all of them compile, and a few are held against what they describe.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatProblem } from '../../../../harness/model/errors.ts';
import { readSigmaFile, resolveSigma } from '../../../../harness/rules/sigma/index.ts';
import { fires } from './try-rule.ts';

const folder = join(process.env.CORPORA ?? '../shared/corpora', 'sigma-linux');
const here = existsSync(folder);

const files = here
  ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.yml'))
      .sort()
      .map((file) => readSigmaFile(file, readFileSync(join(folder, file), 'utf8')))
  : [];

describe.skipIf(!here)(`SigmaHQ's Linux rules (skipped without ${folder})`, () => {
  for (const fields of ['ecs', 'sigma'] as const) {
    test(`all compile, in ${fields} names, without a complaint`, () => {
      const { rules, problems, unusable } = resolveSigma(files, { fields });
      expect(problems.map(formatProblem)).toEqual([]);
      expect(unusable).toEqual([]);
      expect(rules).toHaveLength(files.length);
      expect(new Set(rules.map(({ slug }) => slug)).size).toBe(rules.length);
    });
  }

  const rulesBySlug = new Map(
    resolveSigma(files, { fields: 'sigma' }).rules.map((rule) => [rule.slug, rule]),
  );

  test.each<[string, object, boolean]>([
    ['proc_creation_lnx_at_command', { Image: '/usr/bin/at' }, true],
    ['proc_creation_lnx_at_command', { Image: '/usr/bin/cat' }, false],
    [
      'proc_creation_lnx_schedule_task_job_cron',
      { Image: '/usr/bin/crontab', CommandLine: 'crontab /tmp/x' },
      true,
    ],
    [
      'proc_creation_lnx_schedule_task_job_cron',
      { Image: '/usr/bin/crontab', CommandLine: 'crontab -l' },
      false,
    ],
    ['file_event_lnx_susp_cron_file_created', { TargetFilename: '/etc/cron.d/x' }, true],
    ['file_event_lnx_susp_cron_file_created', { TargetFilename: '/etc/cron.daily/apt' }, false],
    ['lnx_cron_crontab_file_modification', { message: 'crontab[7]: (root) REPLACE (root)' }, true],
    ['lnx_cron_crontab_file_modification', { message: 'crontab[7]: (root) LIST (root)' }, false],
  ])('%s on %j: %s', (slug, event, expected) => {
    const rule = rulesBySlug.get(slug);
    if (rule === undefined) expect.fail(`no rule ${slug}`);
    expect(fires(rule, event)).toBe(expected);
  });
});
