// References between files: expectations name rules and targets, mitigations name atomics and targets.

import type { Atomic } from '../../model/atomic.ts';
import { valuesOf } from '../../model/axis.ts';
import type { Problem } from '../../model/errors.ts';
import type { Expectation, WrittenExpectation } from '../../model/expectation.ts';
import { auditKeysOf } from '../../model/mitigation.ts';
import type { TargetDefinition } from '../../model/target.ts';
import type { LoadedAtomics } from '../atomics.ts';
import type { ParsedExpectation } from '../expectation-file.ts';
import type { ParsedMitigation } from '../mitigations.ts';
import type { WrittenAxis } from '../variants.ts';
import type { Path, YamlFile } from '../yaml.ts';
import { unknownName } from './unknown-name.ts';

interface KnownNames {
  /** Slugs of rules; null where they could not be loaded. */
  rules: ReadonlySet<string> | null;
  /** Slugs and GUIDs, also of atomics that are not bundled but have an expectation. */
  atomics: ReadonlySet<string>;
  /** Of atomics. */
  tags: ReadonlySet<string>;
  targets: ReadonlySet<string>;
  /** Of targets. */
  families: ReadonlySet<string>;
}

/**
 * Everything that content may name.
 * @param targets all that there are, by name
 * @param rules slugs, where they were loaded
 */
export const knownNames = (
  { atomics, written }: Pick<LoadedAtomics, 'atomics' | 'written'>,
  targets: ReadonlyMap<string, Pick<TargetDefinition, 'families'>>,
  rules: KnownNames['rules'] = null,
): KnownNames => ({
  rules,
  atomics: atomicNames(atomics, written.expectations),
  tags: new Set(atomics.flatMap(({ tags }) => tags)),
  targets: new Set(targets.keys()),
  families: new Set([...targets.values()].flatMap(({ families }) => families)),
});

/** Names that something in an expectation refers to and nothing has, and what contradicts itself. */
export function checkExpectation(
  { expectation, yaml, key }: ParsedExpectation,
  known: KnownNames,
): Problem[] {
  const { targets = [], families, detects } = expectation;
  const unknownTargets = targets.flatMap((target, index) =>
    known.targets.has(target)
      ? []
      : unknownName(yaml, [key, 'targets', index], 'target', target, known.targets),
  );
  const unknownFamilies = Object.keys(families)
    .filter((family) => !known.families.has(family))
    .map((family) => unknownName(yaml, [key, 'families', family], 'family', family, known.families));
  return [
    ...checkRules(expectation, expectation, yaml, [key], known),
    ...unknownTargets,
    ...unknownFamilies,
    ...Object.entries(families).flatMap(([family, difference]) =>
      checkRules(difference, { detects, ...difference }, yaml, [key, 'families', family], known),
    ),
    ...(expectation.kind === 'benign' ? benignDetects(expectation, yaml, key) : []),
  ];
}

/** Rules and values that the documented misses of an axis name and nothing has. */
export function checkAxis({ axis, yaml }: WrittenAxis, { rules }: Pick<KnownNames, 'rules'>): Problem[] {
  const values = valuesOf(axis);
  return axis.evades.flatMap(({ rule, values: named }, index) => [
    ...(rules === null || rules.has(rule)
      ? []
      : [unknownName(yaml, ['evades', index, 'rule'], 'rule', rule, rules)]),
    ...named.flatMap((value, at) =>
      values.has(value) ? [] : [unknownName(yaml, ['evades', index, 'values', at], 'value', value, values)],
    ),
  ]);
}

/**
 * The rules of an expectation, or of what is otherwise on a family.
 * @param holding what holds there
 */
function checkRules(
  { detects = [], evades = [] }: Partial<Pick<Expectation, 'detects' | 'evades'>>,
  holding: Pick<Expectation, 'detects'>,
  yaml: YamlFile,
  path: Path,
  { rules }: KnownNames,
): Problem[] {
  const named = [
    ...detects.map((rule, index) => ({ rule, at: [...path, 'detects', index] })),
    ...evades.map(({ rule }, index) => ({ rule, at: [...path, 'evades', index, 'rule'] })),
  ];
  return [
    ...named.flatMap(({ rule, at }) =>
      rules === null || rules.has(rule) ? [] : unknownName(yaml, at, 'rule', rule, rules),
    ),
    ...evades.flatMap(({ rule }, index) =>
      holding.detects.includes(rule)
        ? yaml.problem([...path, 'evades', index, 'rule'], {
            code: 'expectation/contradiction',
            message: `${rule} is expected both to fire and to be evaded`,
          })
        : [],
    ),
  ];
}

function benignDetects({ detects, families }: WrittenExpectation, yaml: YamlFile, key: string): Problem[] {
  const places = [
    ...(detects.length > 0 ? [[key, 'detects']] : []),
    ...Object.entries(families).flatMap(([family, difference]) =>
      difference.detects && difference.detects.length > 0 ? [[key, 'families', family, 'detects']] : [],
    ),
  ];
  return places.map((place) =>
    yaml.problemAtKey(place, {
      code: 'expectation/benign-detects',
      message: 'no rule may fire on a benign twin',
    }),
  );
}

/** Names that something in a mitigation refers to and nothing has, and bypasses that nobody can run. */
export function checkMitigation({ mitigation, yaml }: ParsedMitigation, known: KnownNames): Problem[] {
  const { targets = [], families = {} } = mitigation;
  const named = (list: 'atomic' | 'target', name: string, path: Path): Problem[] => {
    const names = list === 'atomic' ? known.atomics : known.targets;
    return names.has(list === 'atomic' ? name.toLowerCase() : name)
      ? []
      : [unknownName(yaml, path, list, name, names)];
  };
  return [
    ...checkEffect(mitigation, yaml, [], known),
    ...checkKeys(mitigation, mitigation, yaml, []),
    ...checkClaimedOnce(mitigation, yaml, () => []),
    ...targets.flatMap((target, index) => named('target', target, ['targets', index])),
    ...Object.entries(families).flatMap(([family, difference]) => [
      ...(known.families.has(family)
        ? []
        : [unknownName(yaml, ['families', family], 'family', family, known.families)]),
      ...checkEffect(difference, yaml, ['families', family], known),
      ...checkKeys(difference, { ...mitigation, ...difference }, yaml, ['families', family]),
      ...checkClaimedOnce({ ...mitigation, ...difference }, yaml, (list) =>
        difference[list] === undefined ? null : ['families', family],
      ),
    ]),
  ];
}

/** What a mitigation, or what is otherwise on a family, says of atomics. */
function checkEffect(
  {
    stops = [],
    records = [],
    bypasses = [],
  }: Partial<Pick<ParsedMitigation['mitigation'], 'stops' | 'records' | 'bypasses'>>,
  yaml: YamlFile,
  path: Path,
  known: KnownNames,
): Problem[] {
  const claims = [
    ...stops.map((claim, index) => ({ ...claim, at: [...path, 'stops', index] })),
    ...records.map((claim, index) => ({ ...claim, at: [...path, 'records', index] })),
    ...bypasses.map((claim, index) => ({ ...claim, at: [...path, 'bypasses', index] })),
  ];
  const untried = bypasses.flatMap(({ atomic, tag, command }, index) =>
    atomic === undefined && tag === undefined && command === undefined
      ? yaml.problem([...path, 'bypasses', index], {
          code: 'mitigation/untried-bypass',
          message: 'a bypass that names neither an atomic nor a command is never tried',
          severity: 'warning',
        })
      : [],
  );
  return claims
    .flatMap(({ atomic, tag, at }) => [
      ...(atomic === undefined || known.atomics.has(atomic.toLowerCase())
        ? []
        : [unknownName(yaml, [...at, 'atomic'], 'atomic', atomic, known.atomics)]),
      ...(tag === undefined || known.tags.has(tag)
        ? []
        : [unknownName(yaml, [...at, 'tag'], 'tag', tag, known.tags)]),
    ])
    .concat(untried);
}

/** Keys by which records are claimed, and no audit rule that holds there has. */
function checkKeys(
  { records = [] }: Pick<ParsedMitigation['mitigation'], 'records'>,
  holding: Pick<ParsedMitigation['mitigation'], 'audit'>,
  yaml: YamlFile,
  path: Path,
): Problem[] {
  const keys = new Set(auditKeysOf(holding));
  return records.flatMap(({ key }, index) =>
    keys.has(key) ? [] : unknownName(yaml, [...path, 'records', index, 'key'], 'audit-key', key, keys),
  );
}

type Claims = Pick<ParsedMitigation['mitigation'], 'stops' | 'records' | 'bypasses'>;

/** How each list is told; in the order in which they count. */
const claimLists = { stops: 'stopped', records: 'put on record', bypasses: 'getting by' } as const;

/**
 * Atomics and tags of which two things are said: only the first is ever judged.
 * @param holding all that is said where they hold
 * @param placeOf where a list stands; null where that is not the place to complain
 */
function checkClaimedOnce(
  holding: Claims,
  yaml: YamlFile,
  placeOf: (list: keyof Claims) => Path | null,
): Problem[] {
  const first = new Map<string, keyof Claims>();
  return (Object.keys(claimLists) as (keyof Claims)[]).flatMap((list) =>
    (holding[list] ?? []).flatMap(({ atomic, tag }, index) => {
      const name = atomic?.toLowerCase() ?? tag;
      if (name === undefined) return [];
      const earlier = first.get(name) ?? list;
      first.set(name, earlier);
      const [own, other] = [placeOf(list), placeOf(earlier)];
      const place = own ? [...own, list, index] : other ? [...other, earlier] : null;
      if (earlier === list || place === null) return [];
      return yaml.problem(place, {
        code: 'mitigation/claimed-twice',
        message: `${name} is said to be ${claimLists[earlier]} and ${claimLists[list]}: only the first is ever judged`,
      });
    }),
  );
}

/** Everything by which an atomic may be called in content. */
const atomicNames = (atomics: readonly Atomic[], expectations: readonly ParsedExpectation[]): Set<string> =>
  new Set([
    ...atomics.flatMap(({ slug, guid }) => [slug, guid]),
    ...expectations.flatMap(({ guid, expectation }) => [expectation.slug, guid]),
  ]);
