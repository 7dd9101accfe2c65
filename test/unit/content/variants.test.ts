// Axes of variants: what is written in their files, what they make of atomics, and that the bundled ones are sound.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadAtomics } from '../../../harness/content/atomics.ts';
import { checkAxis } from '../../../harness/content/lint/references.ts';
import { loadAxes } from '../../../harness/content/variants.ts';
import { chooseVariants } from '../../../harness/engine/run/choose-variants.ts';
import { defaultInputs, renderCommand } from '../../../harness/model/atomic.ts';
import { axisSchema, variantsOn } from '../../../harness/model/axis.ts';
import { formatCaseKey, parseCaseKey } from '../../../harness/model/case-key.ts';
import { variantName, withVariant } from '../../../harness/model/variant.ts';
import { anAtomic } from '../engine/content.ts';
import { folderOf } from './folder-of.ts';

const input = (value: string) => ({ description: '', type: 'string', default: value });
const drop = anAtomic({
  slug: 'drop',
  tags: ['cron'],
  command: "echo '#{command}' | #{put} #{path}",
  inputs: { command: input('true'), put: input('cat >'), path: input('/etc/cron.d/job') },
});
const axis = (...settings: object[]) =>
  axisSchema.parse({ axis: 'way', title: 'Way', description: 'Some way.', settings });
const setting = (over: object) => ({
  arguments: ['put'],
  values: { tee: { set: 'tee', changes: ['program'] } },
  ...over,
});
const path = (set: string) =>
  setting({ arguments: ['path'], values: { other: { set, changes: ['path-text'] } } });

it('documented misses name rules and values that there are', () => {
  const folder = folderOf({
    'way.yaml': `axis: way
title: Way
description: Some way.
evades:
- {rule: known, values: [tee, teee], why: It looks for cat.}
- {rule: knwon, values: [tee], why: It looks for cat.}
settings:
- arguments: [put]
  values:
    tee: {set: tee, changes: [program]}
`,
  });
  const { written } = loadAxes(folder);
  const problems = written.flatMap((one) => checkAxis(one, { rules: new Set(['known']) }));
  expect(problems.map(({ code, place, hint }) => [code, place.line, hint])).toEqual([
    ['reference/unknown-value', 5, 'Did you mean tee?'],
    ['reference/unknown-rule', 6, 'Did you mean known?'],
  ]);
});

describe('variantsOn', () => {
  it.each<[string, object, Record<string, string>[]]>([
    ['sets an argument', setting({}), [{ put: 'tee' }]],
    ['puts text before', setting({ before: '| ' }), [{ put: '| tee' }]],
    ['knows whole defaults', setting({ defaults: ['cat'] }), []],
    ['knows one of several defaults', setting({ defaults: ['tee', 'cat >'] }), [{ put: 'tee' }]],
    ['knows patterns of defaults', setting({ defaults: ['c*>'] }), [{ put: 'tee' }]],
    ['takes nothing but * for a pattern', setting({ defaults: ['ca. >', 'c?t >', '[c]at >'] }), []],
    ['knows tags', setting({ tags: ['at', 'cron'] }), [{ put: 'tee' }]],
    ['knows tags that the atomic does not have', setting({ tags: ['at'] }), []],
    ['knows tags that it must not have', setting({ notTags: ['cron'] }), []],
    ['leaves out what the atomic does not have', setting({ arguments: ['client', 'toString'] }), []],
    [
      'leaves out what changes nothing',
      setting({ values: { cat: { set: 'cat >', changes: ['program'] } } }),
      [],
    ],
    ['refers to the default', path('/proc/self/root{default}'), [{ path: '/proc/self/root/etc/cron.d/job' }]],
    ['refers to its parts', path('{dir}/./{name}'), [{ path: '/etc/cron.d/./job' }]],
    ['leaves other braces alone', path('{ echo; } ${x}{default'), [{ path: '{ echo; } ${x}{default' }]],
  ])('%s', (_, written, inputs) => {
    expect(variantsOn(axis(written), drop).map((variant) => variant.inputs)).toEqual(inputs);
  });

  it('puts values of one name together, and what they change', () => {
    const both = axis(
      setting({
        values: { tee: { set: 'tee', changes: ['program'] }, dd: { set: 'dd', changes: ['program'] } },
      }),
      setting({ arguments: ['path'], values: { tee: { set: '/x', changes: ['place', 'program'] } } }),
    );
    expect(variantsOn(both, drop)).toEqual([
      { axes: { way: 'tee' }, inputs: { put: 'tee', path: '/x' }, changes: ['program', 'place'] },
      { axes: { way: 'dd' }, inputs: { put: 'dd' }, changes: ['program'] },
    ]);
  });
});

describe('loadAxes', () => {
  const good =
    'axis: a\ntitle: A\ndescription: A way.\nsettings:\n- arguments: [put]\n  values:\n    tee: { set: tee, changes: [program] }\n';
  it.each([
    ['a.yaml', good, []],
    ['b.yaml', good, [['axis/name', 1, 7]]],
    ['a.yaml', good.replace('[program]', '[colour]'), [['schema/invalid-value', 7, 32]]],
    ['a.yaml', good.replace('tee:', 't~e:'), [['schema/invalid-key', 7, 5]]],
    [
      'a.yaml',
      good.replace('title: A', 'name: A'),
      [
        ['schema/missing', 1, 1],
        ['schema/unrecognized-keys', 2, 1],
      ],
    ],
  ])('checks %s', (file, text, expected) => {
    const { problems } = loadAxes(folderOf({ [file]: text }));
    expect(problems.map(({ code, place }) => [code, place.line, place.column])).toEqual(expected);
  });
});

describe('the bundled axes', () => {
  const { axes, problems } = loadAxes();
  const { atomics } = loadAtomics({ bundled: true, foreign: [] });
  const all = atomics.flatMap((atomic) =>
    chooseVariants({ kind: 'all' }, axes, atomic).map((variant) => ({ atomic, variant })),
  );

  it('can be used, each by some atomic in each of its values', () => {
    expect(problems).toEqual([]);
    const used = new Set(all.map(({ variant }) => variantName('', variant)));
    const written = axes.flatMap(({ axis: name, settings }) =>
      settings.flatMap(({ values }) => Object.keys(values).map((value) => `~${name}=${value}`)),
    );
    expect(written.filter((value) => !used.has(value))).toEqual([]);
  });

  it('give ids that can be read back, each once', () => {
    const ids = all.map(({ atomic, variant }) =>
      formatCaseKey({ atomic: atomic.slug, variant: variant.axes, target: 't', mitigations: [] }),
    );
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(parseCaseKey(id), id).toBeDefined();
  });

  it('give at least 500 variants of the atomics that stand for all', () => {
    const some = all.filter(({ atomic }) => atomic.tags.includes('varied'));
    expect(some.length).toBeGreaterThan(500);
    expect(new Set(some.map(({ atomic }) => atomic.technique)).size).toBe(3);
  });

  it('give commands that a shell can read', () => {
    const functions = all.map(({ atomic, variant }, index) => {
      const { executor, inputs } = withVariant(atomic, variant);
      const command = renderCommand(executor.command, defaultInputs(inputs));
      return `: '${variantName(atomic.slug, variant)}'\nf${index}() {\n${command}\n}\n`;
    });
    // One shell reads them all: -n parses, and runs nothing.
    const { stderr } = spawnSync('sh', ['-n'], { input: functions.join('') });
    expect(`${stderr}`).toBe('');
  });

  it('are no atomics of anybody', () => {
    const { problems: found } = loadAtomics({
      bundled: false,
      foreign: [join(import.meta.dirname, '../../../atomics')],
    });
    expect(found.filter(({ place }) => place.file.includes('variants'))).toEqual([]);
  });
});
