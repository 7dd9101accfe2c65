// What makes a rule useless although it is well-formed: nothing tests it, nobody can place it, or it asks for fields
// that no sensor gives.

import type { Problem } from '../../model/errors.ts';
import type { Place } from '../../model/place.ts';
import type { ProblemText } from '../../model/source.ts';
import { closestTo } from '../../model/suggestion.ts';
import { vocabularyOf } from '../../model/vocabularies/index.ts';
import { type Rule, sensorsFor } from '../../rules/index.ts';
import { fieldsOf } from '../../rules/rule-fields.ts';
import { ecsFields, ecsRoots, ecsVersion } from './ecs-fields.ts';
import { isTelemetryField, telemetryFields } from './telemetry-fields.ts';

/** ProblemText about a place in a rule file; the source line is added by who has the text. */
export type RuleProblem = ProblemText & { place: Place };

/**
 * Checks one rule of this package.
 * @param expected slugs of the rules that some expectation wants to fire
 */
export function checkBundledRule(rule: Rule, expected: ReadonlySet<string>): RuleProblem[] {
  const problems = withoutTechnique(rule);
  const top: Place = { file: rule.file, line: 1, column: 1 };
  // What no target here can make fire, tests hold against containers of their own.
  const fed = sensorsFor(rule.source);
  const isElsewhere = fed.length > 0 && fed.every((sensor) => vocabularyOf(sensor)?.elsewhere !== undefined);
  if (!expected.has(rule.slug) && !isElsewhere) {
    problems.push({
      code: 'rule/unproven',
      message: `no atomic is expected to make ${rule.slug} fire`,
      hint: 'Name it under `detects` of an expectation.',
      severity: 'warning',
      place: top,
    });
  }
  const unknown = new Map<string, Place>();
  for (const { field, place } of fieldsOf(rule)) {
    if (!isTelemetryField(field) && !unknown.has(field)) unknown.set(field, place);
  }
  for (const [field, place] of unknown) {
    const closest = closestTo(field, telemetryFields());
    problems.push({
      code: 'rule/unknown-field',
      message: `no sensor gives the field ${field}`,
      ...(closest && { hint: `Did you mean ${closest}?` }),
      severity: 'warning',
      place,
    });
  }
  return problems;
}

/** Checks one rule of anybody. */
export const checkRule = (rule: Rule): RuleProblem[] => [
  ...withoutTechnique(rule),
  ...(rule.language === 'eql' ? mistypedFields(rule) : []),
];

function withoutTechnique(rule: Rule): RuleProblem[] {
  if (rule.techniques.length > 0) return [];
  return [
    {
      code: 'rule/no-technique',
      message: `${rule.slug} names no ATT&CK technique`,
      severity: 'warning',
      place: { file: rule.file, line: 1, column: 1 },
    },
  ];
}

/** Fields below one of ECS's sets that ECS does not have there; other namespaces are their owners' to define. */
function mistypedFields(rule: Rule): RuleProblem[] {
  const mistyped = new Map<string, Place>();
  for (const { field, place } of fieldsOf(rule)) {
    const isKnown = ecsFields.has(field) || isTelemetryField(field) || isOfEndpoint(field);
    if (!isKnown && isOfEcs(field) && !mistyped.has(field)) mistyped.set(field, place);
  }
  return [...mistyped].map(([field, place]) => {
    const closest = closestTo(field, [...telemetryFields(), ...ecsFields]);
    return {
      code: 'rule/unknown-field',
      message: `the Elastic Common Schema (${ecsVersion}) has no field ${field}: a test of it never matches`,
      ...(closest && { hint: `Did you mean ${closest}?` }),
      severity: 'warning' as const,
      place,
    };
  });
}

/** Whether a name begins with one of ECS's sets; of labels, flattened and geographical values the rest is free. */
const isOfEcs = (field: string): boolean =>
  ecsRoots.has(field.split('.')[0] ?? '') &&
  !/^labels\.|\.(?:geo|original)\.|^(?:cloud|gen_ai|entity)\./.test(field);

/** Elastic Defend's extensions stand below `Ext`; what a stream of its own adds, below `code_signature` and the like. */
const isOfEndpoint = (field: string): boolean => /(?:^|\.)Ext(?:\.|$)/.test(field) || /\.text$/.test(field);

/** Rules that share a name or an id: reports and expectations could not tell them apart. */
export function duplicateRules(rules: readonly Rule[]): Problem[] {
  const problems: Problem[] = [];
  for (const by of ['slug', 'id'] as const) {
    const first = new Map<string, Rule>();
    for (const rule of rules) {
      const earlier = first.get(rule[by]);
      if (!earlier) first.set(rule[by], rule);
      else if (earlier.file !== rule.file) {
        problems.push({
          code: `rule/duplicate-${by}`,
          message: `the ${by} ${rule[by]} belongs to ${earlier.file} already`,
          place: { file: rule.file, line: 1, column: 1 },
          severity: 'error',
        });
      }
    }
  }
  return problems;
}
