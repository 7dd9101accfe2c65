// A handful of variants for real, one for each kind of axis: what ran, what did not and why, and who saw what is left.

import { expect, it } from 'vitest';
import { account, accounts, caseOf } from './cases.ts';
import { atomclock, recordOf, temporaryFolder } from './cli.ts';

/** Of one attack: what each comes to, a text of why it did not execute, and whether the client's own rules see it. */
const variants = [
  ['at-file~arguments=end-of-options', 'refused', 'Garbled time', []],
  ['at-file~client=hard-linked', 'executed', null, ['at-client-run']],
  ['at-file~lineage=session', 'executed', null, ['at-client-run', 'at-submitted']],
  ['at-file~shell-text=quotes', 'executed', null, ['at-client-run', 'at-submitted']],
] as const;

it('variants run beside their base, in one order, and survival is what they come to', async () => {
  await using folder = await temporaryFolder();
  const { record, exitCode } = await recordOf([
    ...['run', ...variants.map(([id]) => id), '--mitigation', 'none', '--sensor', 'ebpf,inventory'],
    ...['--out', folder.path],
  ]);
  // A variant fails no run, whatever it comes to.
  expect(exitCode, accounts(record)).toBe(0);
  // No order and no name depends on chance.
  expect(record.cases.map(({ id }) => id)).toEqual([
    'at-file@debian12',
    ...variants.map(([id]) => `${id}@debian12`),
  ]);
  for (const [id, observation, why, seenBy] of variants) {
    const one = caseOf(record, `${id}@debian12`);
    expect(one, account(one)).toMatchObject({ observation, verdict: 'pass' });
    if (why !== null) expect(one.reasons.join('\n')).toContain(why);
    for (const rule of ['at-client-run', 'at-submitted'] as const) {
      if (observation === 'executed')
        expect([id, rule, one.seenBy.includes(rule)], account(one)).toEqual([
          ...[id, rule, (seenBy as readonly string[]).includes(rule)],
        ]);
    }
  }
  expect(record.summary.variants).toMatchObject({ executed: 3, seen: 3, inert: 0, refused: 1, errored: 0 });
  const survivalOf = (slug: string) => record.robustness.find(({ rule }) => rule === slug);
  expect(survivalOf('at-client-run')).toMatchObject({ executed: 3, survived: 3, cheapest: null });
  // Its one miss is documented, and so neither a surprise nor out of date.
  const submitted = survivalOf('at-submitted');
  expect(submitted).toMatchObject({
    ...{ executed: 3, survived: 2 },
    axes: { client: { executed: 1, survived: 0 } },
    cheapest: { case: 'at-file~client=hard-linked@debian12', value: 'hard-linked' },
    evades: [{ axis: 'client' }],
  });
  expect(submitted).not.toHaveProperty('undocumented');
  expect(submitted).not.toHaveProperty('outdated');

  const replayed = await atomclock(['replay', folder.path, '--json']);
  expect([replayed.exitCode, JSON.parse(replayed.stdout)]).toEqual([0, record]);
});
