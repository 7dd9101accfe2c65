// Mitigations as they are applied wrongly: each leaves the machine as it was or breaks more than it closes, and none counts.

import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { hardeningOf } from '../../harness/model/hardening.ts';
import type { MitigationRecord, RunRecord } from '../../harness/model/run-record.ts';
import { account } from './cases.ts';
import { recordOf, temporaryFolder } from './cli.ts';

interface Mistake {
  /** What somebody types. */
  apply: string;
  /** What the guide tells to look at; none where it tells of nothing. */
  check?: { command: string; exitCode?: number; output: string };
  stage?: 'submission' | 'execution';
  /** What shows that it was stopped, as the guide says. */
  reason: string;
  atomic: 'at-stdin' | 'crontab-stdin';
  verdict: MitigationRecord['verdict'];
  /** Of what the verdict says. */
  says: RegExp;
}

const mistakes: Record<string, Mistake> = {
  'at-allow-misspelt': {
    apply: "printf '%s\\n' root bob > /etc/at.alow",
    check: { command: 'runuser -u alice -- atq', exitCode: 1, output: 'You do not have permission' },
    reason: 'You do not have permission',
    atomic: 'at-stdin',
    verdict: 'invalid',
    says: /did not take effect: its check expects exit 1 .* ended with exit 0/,
  },
  // The same, and nobody looks.
  'at-allow-misspelt-unchecked': {
    apply: "printf '%s\\n' root bob > /etc/at.alow",
    reason: 'You do not have permission',
    atomic: 'at-stdin',
    verdict: 'bypassed',
    says: /the payload ran all the same/,
  },
  'at-mode-wrong': {
    apply: 'chmod 4755 /usr/bin/at',
    check: { command: "stat -c '%a %U' /usr/bin/at", output: '755 root' },
    reason: 'You do not have permission',
    atomic: 'at-stdin',
    verdict: 'invalid',
    says: /did not take effect: its check expects/,
  },
  'crontab-override-not-forced': {
    apply: 'dpkg-statoverride --update --add root root 0755 /usr/bin/crontab',
    check: { command: "stat -c '%a %G' /usr/bin/crontab", output: '755 root' },
    reason: 'Permission denied',
    atomic: 'crontab-stdin',
    verdict: 'invalid',
    says: /did not take effect: applying it ended with exit 2: .*already exists/,
  },
  // PAM takes what it cannot read for a module that says no: at no longer runs anybody's job, and not for the reason told.
  'pam-line-unreadable': {
    apply:
      "sed -i '1i acount required pam_access.so accessfile=/etc/security/access-atd.conf' /etc/pam.d/atd",
    check: { command: 'grep -c pam_access /etc/pam.d/atd', output: '1' },
    stage: 'execution',
    reason: "access denied for user `alice'",
    atomic: 'at-stdin',
    verdict: 'invalid',
    says: /the atomic did not run, but nothing says 'access denied for user `alice'': something else/,
  },
};

const yamlOf = (id: string, { apply, check, stage = 'submission', reason, atomic }: Mistake): string =>
  stringify({
    id,
    name: id,
    description: 'A mistake.',
    attack: 'M1018',
    apply: { command: apply },
    ...(check && { check }),
    stops: [{ atomic, stage, reason }],
    legitimate: [
      { name: 'root is still let in', proof: 'succeeds', command: atomic === 'at-stdin' ? 'atq' : 'true' },
    ],
  });

describe('a mitigation that is applied wrongly', () => {
  const records: RunRecord[] = [];
  const exits: (number | undefined)[] = [];
  beforeAll(async () => {
    for (const [atomic, own] of Map.groupBy(Object.entries(mistakes), ([, mistake]) => mistake.atomic)) {
      const files = own.map(([id, mistake]) => [`${id}.yaml`, yamlOf(id, mistake)] as const);
      await using folder = await temporaryFolder(Object.fromEntries(files));
      const named = files.flatMap(([name]) => ['--mitigation', join(folder.path, name)]);
      const outcome = await recordOf(['run', atomic, ...named, '--out', join(folder.path, 'run')]);
      records.push(outcome.record);
      exits.push(outcome.exitCode);
    }
  });

  it.each(Object.entries(mistakes))('%s', (id, { verdict, says }) => {
    const found = records.flatMap(({ mitigations }) => mitigations).find((one) => one.id === id);
    const cases = records.flatMap((record) => record.cases);
    const judged = cases.find(({ mitigation }) => mitigation === id);
    const control = cases.find((one) => one.mitigation === null && one.atomic.slug === found?.atomic);
    const why = [found?.reason, ...[control, judged].map((one) => one && account(one))].join('\n');
    expect(found, why).toMatchObject({ control: 'executed', verdict, stage: null });
    expect(found?.reason, why).toMatch(says);
    expect(judged?.verdict, why).toBe('fail');
  });

  it('fails the run, and stops nothing', () => {
    expect(exits).toEqual([1, 1]);
    const judged = records.flatMap(({ mitigations }) => mitigations);
    expect(judged).toHaveLength(Object.keys(mistakes).length);
    expect(
      hardeningOf(judged).flatMap(({ mitigations }) => mitigations.map(({ declared }) => declared.stopped)),
    ).toEqual(judged.map(() => 0));
  });
});
