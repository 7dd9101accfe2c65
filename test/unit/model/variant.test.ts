// A variant is the atomic with other defaults: in its commands, its plan, its evidence and its record.

import { describe, expect, it } from 'vitest';
import { judgeCase } from '../../../harness/engine/judge/judge-case.ts';
import { ruleBook } from '../../../harness/engine/judge/rule-book.ts';
import { blankEvidence } from '../../../harness/engine/run/blank-evidence.ts';
import { planCases } from '../../../harness/engine/run/plan.ts';
import { defaultInputs, renderCommand } from '../../../harness/model/atomic.ts';
import { caseKeyOf, formatCaseKey, parseCaseKey } from '../../../harness/model/case-key.ts';
import { savedCaseSchema } from '../../../harness/model/evidence.ts';
import { type Variant, variantSchema, withVariant } from '../../../harness/model/variant.ts';
import { aMitigation, anAtomic } from '../engine/content.ts';

const input = (value: string) => ({ description: '', type: 'string', default: value });
const base = anAtomic({
  slug: 'drop',
  command: "#{writer} '#{line}' #{place}/#{file}",
  inputs: {
    writer: input('echo'),
    file: input('job'),
    place: input('/etc/cron.d'),
    line: input('#{file} runs'),
  },
});
const variant: Variant = {
  axes: { writer: 'tee', place: 'spool' },
  inputs: { writer: 'tee', place: '/var/spool/cron' },
};
const rendered = ({ executor, inputs }: typeof base) =>
  renderCommand(executor.command, defaultInputs(inputs));

describe('withVariant', () => {
  it.each<[string, Variant['inputs'], string]>([
    ['none', {}, "echo 'job runs' /etc/cron.d/job"],
    ['one value', { writer: 'tee' }, "tee 'job runs' /etc/cron.d/job"],
    ['a value that others mention', { file: 'other' }, "echo 'other runs' /etc/cron.d/other"],
    ['a value that mentions another', { place: '/srv/#{file}' }, "echo 'job runs' /srv/job/job"],
    ['an empty value', { line: '' }, "echo '' /etc/cron.d/job"],
  ])('renders the command with %s', (_, inputs, command) => {
    expect(rendered(withVariant(base, { axes: { any: 'other' }, inputs }))).toBe(command);
    expect(rendered(base)).toBe("echo 'job runs' /etc/cron.d/job");
  });

  it.each(['user', 'toString', '__proto__'])('refuses %s, which is no argument of the atomic', (argument) => {
    const odd = { axes: { a: 'b' }, inputs: Object.fromEntries([[argument, 'x']]) };
    expect(() => withVariant(base, odd)).toThrow(
      expect.objectContaining({
        code: 'variant/unknown-argument',
        message: `drop has no input argument ${argument}, which its variant a=b sets`,
      }),
    );
  });
});

it.each([[{}], [{ 'a~b': 'c' }], [{ a: 'b=c' }], [{ a: 'b/c' }], [{ a: '' }]])(
  'the axes %j make no id',
  (axes) => expect(variantSchema.safeParse({ axes }).success).toBe(false),
);

describe('a variant', () => {
  const planned = planCases({
    atomics: [base],
    expectations: new Map(),
    families: new Map(),
    targets: ['debian12'],
    variantsOf: () => [variant],
    mitigations: [
      [aMitigation({ id: 'one', stops: ['drop'] }), aMitigation({ id: 'two', stops: ['other'] })],
    ],
    mitigationMode: 'declared',
    shard: null,
  }).filter((one) => one.kind !== 'idle');

  it('is planned beside its base, with a control and a treated case of its own', () => {
    expect(planned.map(({ id }) => id)).toEqual([
      'drop@debian12',
      'drop@debian12+one+two',
      'drop~writer=tee~place=spool@debian12',
      'drop~writer=tee~place=spool@debian12+one+two',
    ]);
    for (const { id, key } of planned) expect(parseCaseKey(id)).toEqual(key);
  });

  it('comes through evidence to the record under its id', () => {
    const book = ruleBook([], { unusable: [], bundled: new Set(), fields: 'ecs', sensorsFor: () => [] });
    for (const one of planned) {
      const evidence = blankEvidence(one, () => 'c0ffee');
      const saved = savedCaseSchema.parse(JSON.parse(JSON.stringify(evidence)));
      expect(saved).toEqual(evidence);
      const { record } = judgeCase(saved, [], book);
      if (record === null || evidence.kind === 'idle') throw new RangeError('it is no idle control');
      expect(record).toMatchObject({
        id: one.id,
        variant: one.variant,
        mitigation: one.mitigations.length > 0 ? 'one+two' : null,
      });
      expect(formatCaseKey(caseKeyOf(record))).toBe(one.id);
      expect(rendered(evidence.atomic)).toBe(
        one.variant ? "tee 'job runs' /var/spool/cron/job" : "echo 'job runs' /etc/cron.d/job",
      );
    }
  });
});
