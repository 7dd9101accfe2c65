// A rule in plain words: what it looks at, every way to make it fire or to be let off, and what proves it.

import type { Expectation } from '../../model/expectation.ts';
import { formatPlace } from '../../model/place.ts';
import { type Branch, branchesOf } from '../../rules/coverage-branches.ts';
import { type Need, needsOf, type Rule, type RuleNeeds } from '../../rules/index.ts';
import type { LoadedAttackMap } from '../attack-map.ts';
import type { RuleSamples } from '../replayed-rules.ts';
import { type Block, listed } from './block.ts';

/** Explains one rule beside the expectations that name it, and the recorded events that stand for runs. */
export function explainRule(
  rule: Rule,
  expectations: Iterable<Expectation>,
  beside: {
    samples: RuleSamples | undefined;
    attack: LoadedAttackMap;
    /** Branches that no run proves, and why they are there. */
    unproven: ReadonlyMap<string, string> | undefined;
  },
): Block[] {
  const all = [...expectations];
  const branches = branchesOf(rule);
  return [
    {
      kind: 'title',
      name: rule.slug,
      text: rule.title,
      facts: [
        rule.language === 'sigma' ? 'Sigma' : 'EQL',
        ...(rule.level ? [rule.level] : []),
        ...rule.techniques,
        rule.id,
        rule.file,
      ],
    },
    ...(rule.description ? [{ kind: 'paragraph', text: rule.description.trim() } as const] : []),
    ...listed(`ATT&CK ${beside.attack.version}`, analyticTexts(rule, beside.attack)),
    ...listed('Looks at', [sourceText(rule)]),
    ...listed('Needs', needTexts(needsOf(rule))),
    ...listed(
      'Ways to match',
      branches.filter(({ kind }) => kind === 'alternative').map((branch) => branchText(branch)),
    ),
    ...listed(
      'Let off',
      branches.filter(({ kind }) => kind === 'exclusion').map((branch) => branchText(branch)),
    ),
    ...listed(
      'Must fire on',
      all.filter(({ detects }) => detects.includes(rule.slug)).map(({ slug }) => slug),
    ),
    ...listed(
      'Known to miss',
      all.flatMap(({ slug, evades }) =>
        evades.filter((evasion) => evasion.rule === rule.slug).map(({ why }) => `${slug}: ${why}`),
      ),
    ),
    ...listed(
      'Proven by no run',
      [...(beside.unproven ?? [])].map(([branch, why]) => `${branch}: ${why}`),
    ),
    ...listed('Replayed, not executed: held against', sampleTexts(beside.samples)),
    ...listed('False positives', rule.falsePositives),
  ];
}

/** The analytics of a rule, and, where it is one as ATT&CK has written it, what that leaves to the site. */
const analyticTexts = ({ slug }: Rule, { rules, analytics }: LoadedAttackMap): string[] =>
  analytics
    .filter(({ id }) => rules.get(slug)?.includes(id))
    .flatMap(({ id, strategy, name, platform, asWritten, elements = {} }) => [
      `${strategy}/${id} (${platform}): ${name}${asWritten === slug ? '; this rule is the analytic as written' : ''}`,
      ...(asWritten === slug
        ? Object.entries(elements).map(([element, value]) =>
            typeof value === 'string'
              ? `${element} may be set: ${value}`
              : `${element} is not held: ${value.outside}`,
          )
        : []),
    ]);

const sampleTexts = (samples: RuleSamples | undefined): string[] =>
  [samples?.hits, samples?.misses].flatMap((source) =>
    source === undefined
      ? []
      : [`${source.file} (events: ${source.text.split('\n').filter((line) => line !== '').length})`],
  );

function sourceText({ source, query }: Rule): string {
  const order = query.kind === 'event' ? 'single events' : `a ${query.kind} of events`;
  switch (source.kind) {
    case 'logsource': {
      const parts = [source.product, source.category, source.service].filter((part) => part !== undefined);
      return `${order} of the log source ${parts.join(' ') || 'any'}`;
    }
    case 'categories':
      return `${order} of the category ${source.categories.join(', ')}`;
  }
}

/** One line for the sensors that feed it, then what it asks of them, those that the same sensors give together. */
function needTexts({ sensors, categories, actions, fields }: RuleNeeds): string[] {
  const feeding =
    sensors.length > 0 ? `the sensor ${sensors.join(' or ')}` : 'telemetry that no sensor here gives';
  return [
    feeding,
    ...bySensors('category', categories),
    ...bySensors('action', actions),
    ...bySensors('field', fields),
  ];
}

const bySensors = (what: string, needs: readonly Need[]): string[] =>
  [...Map.groupBy(needs, ({ sensors }) => sensors.join(', ') || 'no sensor')].map(
    ([from, same]) => `${what} ${same.map(({ name }) => name).join(', ')} (${from})`,
  );

const branchText = ({ text, place }: Branch): string => `${text} (${formatPlace(place)})`;
