// atomics/families.yaml: what is said once of a family holds for each expectation that it is about.

import { describe, expect, it } from 'vitest';
import { loadAtomics } from '../../../harness/content/atomics.ts';
import { loadFamilies, parseFamilies } from '../../../harness/content/families.ts';
import { loadRuleFiles } from '../../../harness/content/rule-files.ts';
import { readTargets } from '../../../harness/content/targets.ts';
import { expectationFor, writtenExpectationSchema } from '../../../harness/model/expectation.ts';
import { withFamilies } from '../../../harness/model/family.ts';
import { sourceOf } from '../../../harness/model/source.ts';
import { loadRules } from '../../../harness/rules/index.ts';

const families = (text: string) => parseFamilies(sourceOf('families.yaml', text));

describe('an expectation on a target of a family', () => {
  const written = writtenExpectationSchema.parse({
    slug: 'one',
    tags: ['spool'],
    observation: 'inert',
    reason: 'INSECURE',
    artifacts: [
      { path: '/spool/tmp.*', action: 'creation', by: 'crontab' },
      { path: '/spool/alice', action: 'rename' },
    ],
    detects: ['refused', 'written'],
    evades: [{ rule: 'launched', why: 'it is inert' }],
  });
  const on = (text: string, names = ['odd']) => {
    const { families: told, problems } = families(text);
    expect(problems).toEqual([]);
    return expectationFor(withFamilies(written, told), names);
  };
  const { families: _, ...everywhere } = written;

  it.each<[string, string, object]>([
    ['nothing', 'odd: {}\n', {}],
    [
      'other paths',
      'odd: { paths: { /spool/tmp.*: "/spool/#tmp.*" } }\n',
      { artifacts: [{ ...written.artifacts[0], path: '/spool/#tmp.*' }, written.artifacts[1]] },
    ],
    [
      'other programs',
      'odd: { programs: { crontab: crontab_helper } }\n',
      { artifacts: [{ ...written.artifacts[0], by: 'crontab_helper' }, written.artifacts[1]] },
    ],
    [
      'a rule that misses',
      'odd: { misses: { written: it is told nothing, other: neither } }\n',
      {
        detects: ['refused'],
        evades: [...written.evades, { rule: 'written', why: 'it is told nothing' }],
      },
    ],
    [
      'a rule that fires on every attack',
      'odd: { detects: [given] }\n',
      { detects: ['refused', 'written', 'given'] },
    ],
    [
      'a launch, by its slug',
      'odd:\n  groups:\n  - atomics: [one]\n    observation: executed\n    detects: [launched]\n    misses: { refused: it is read }\n',
      {
        observation: 'executed',
        reason: undefined,
        detects: ['written', 'launched'],
        evades: [{ rule: 'refused', why: 'it is read' }],
      },
    ],
    [
      'another reason, by a tag',
      'odd:\n  groups:\n  - tags: [spool]\n    observation: inert\n    reason: BAD MODE\n    leavesArtifacts: false\n',
      { reason: 'BAD MODE', artifacts: [] },
    ],
    ['nothing to run', 'odd:\n  groups:\n  - tags: [spool]\n    skip: no spool\n', { skip: 'no spool' }],
    [
      'what root does elsewhere',
      'odd:\n  groups:\n  - { user: root, observation: refused, keeps: [refused], leavesArtifacts: false }\n',
      { observation: 'refused', reason: undefined, artifacts: [], detects: ['refused'] },
    ],
    ['what others do', 'odd:\n  groups:\n  - { user: alice, skip: no account }\n', {}],
    ['an exception', 'odd:\n  groups:\n  - tags: [spool]\n    except: [one]\n    skip: no spool\n', {}],
    ['others', 'odd:\n  groups:\n  - tags: [timer]\n    atomics: [two]\n    skip: nothing\n', {}],
    [
      'a later group',
      'odd:\n  groups:\n  - { tags: [spool], observation: refused, reason: a }\n  - { atomics: [one], observation: executed }\n',
      { observation: 'executed', reason: undefined },
    ],
  ])('differs by %s', (_what, text, difference) => {
    expect(on(text)).toEqual({ ...everywhere, ...difference });
    expect(on(text, [])).toEqual(everywhere);
  });

  it.each([
    ['every attack’s', 'odd: { detects: [given] }\n'],
    ['a group’s', 'odd:\n  groups:\n  - { tags: [spool], detects: [given] }\n'],
  ])('has no rule of %s on a twin', (_whose, text) => {
    const { families: told } = families(text);
    const twin = withFamilies({ ...written, kind: 'benign', detects: [] }, told);
    expect(expectationFor(twin, ['odd']).detects).toEqual([]);
  });

  it('has the last word itself', () => {
    const own = withFamilies(
      { ...written, families: { odd: { observation: 'executed', reason: null } } },
      families(
        'odd:\n  groups:\n  - { tags: [spool], observation: refused, reason: a, detects: [launched] }\n',
      ).families,
    );
    expect(expectationFor(own, ['odd'])).toMatchObject({
      observation: 'executed',
      detects: ['refused', 'written', 'launched'],
    });
    expect(expectationFor(own, ['odd'])).not.toHaveProperty('reason');
  });
});

it.each([
  [
    'whom a group is about',
    'odd:\n  groups:\n  - skip: nothing\n',
    'expected `atomics`, `tags` or `user`',
    3,
  ],
  ['an unknown key', 'odd:\n  path: {}\n', 'is no known key', 2],
])('a file without %s is a problem at its place', (_, text, message, line) => {
  const { problems } = families(text);
  expect(problems).toHaveLength(1);
  expect(problems[0]?.message).toContain(message);
  expect(problems[0]?.place.line).toBe(line);
});

describe('the bundled families', () => {
  const { families: bundled, problems } = loadFamilies();
  const { atomics, expectations } = loadAtomics({ bundled: true, foreign: [] });
  const groups = Object.values(bundled).flatMap((family) => family.groups);

  it('can be read', () => expect(problems).toEqual([]));

  it('are those of some target', () => {
    const known = new Set([...readTargets().values()].flatMap((target) => target.families));
    expect(Object.keys(bundled).filter((name) => !known.has(name))).toEqual([]);
  });

  it('name atomics and tags that there are', () => {
    const slugs = new Set(atomics.map(({ slug }) => slug));
    const tags = new Set(atomics.flatMap((atomic) => atomic.tags));
    expect(
      groups.flatMap((group) => [...group.atomics, ...group.except]).filter((name) => !slugs.has(name)),
    ).toEqual([]);
    expect(groups.flatMap((group) => group.tags).filter((name) => !tags.has(name))).toEqual([]);
  });

  it('name rules that there are', () => {
    const rules = new Set(
      loadRules(loadRuleFiles({ bundled: true, foreign: [] }).sources).rules.map(({ slug }) => slug),
    );
    const named = [...Object.values(bundled), ...groups].flatMap(({ misses }) => Object.keys(misses));
    expect(
      [...named, ...groups.flatMap(({ detects, keeps = [] }) => [...detects, ...keeps])].filter(
        (name) => !rules.has(name),
      ),
    ).toEqual([]);
  });

  it('name paths that some expectation has', () => {
    const paths = new Set(
      [...expectations.values()].flatMap(({ artifacts }) => artifacts.map(({ path }) => path)),
    );
    const named = Object.values(bundled).flatMap((family) => Object.keys(family.paths));
    expect(named.filter((path) => !paths.has(path))).toEqual([]);
  });
});
