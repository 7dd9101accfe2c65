// Writes conditions and detections as Sigma text again: what is parsed from it is the same.

import { yamlLibrary } from '../../model/yaml-library.ts';
import type { Condition, Detection, DetectionItem, DetectionSection } from './ast.ts';

/** The condition on one line, with as few parentheses as it needs. */
export function printCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'name':
      return condition.name;
    case 'quantified':
      return `${condition.atLeast} of ${condition.pattern}`;
    case 'not':
      return `not ${printOperand(condition.of, 'not')}`;
    case 'and':
    case 'or':
      return condition.of.map((part) => printOperand(part, condition.kind)).join(` ${condition.kind} `);
  }
}

const binding = { or: 1, and: 2, not: 3, quantified: 4, name: 4 } as const;

/** In parentheses unless it binds tighter than what it is an operand of; `not not` needs none. */
function printOperand(operand: Condition, of: 'and' | 'or' | 'not'): string {
  const text = printCondition(operand);
  const tighter = binding[operand.kind] > binding[of] || (operand.kind === 'not' && of === 'not');
  return tighter ? text : `(${text})`;
}

/** The `detection` part of a rule as YAML. */
export function printSection({ detections, conditions }: DetectionSection): string {
  const texts = conditions.map(printCondition);
  const plain = new Map<string, unknown>();
  for (const [name, detection] of detections) plain.set(name, plainDetection(detection));
  plain.set('condition', texts.length === 1 ? texts[0] : texts);
  return yamlLibrary().stringify(plain, {
    defaultStringType: 'QUOTE_SINGLE',
    defaultKeyType: 'PLAIN',
    lineWidth: 0,
  });
}

function plainDetection(detection: Detection): unknown {
  switch (detection.kind) {
    case 'item':
      return plainValues(detection);
    case 'map':
      return new Map(detection.items.map((item) => [keyOf(item), plainValues(item)]));
    case 'list':
      return plainList(detection.of);
  }
}

/** Keywords beside maps are values; beside nothing but keywords they stay lists, or they would all be one item. */
function plainList(of: readonly Detection[]): unknown {
  const plain = of.map(plainDetection);
  const onlyScalars = plain.every((each) => typeof each !== 'object' || each === null);
  return onlyScalars ? plain.map((each) => [each]) : plain;
}

const keyOf = ({ field, modifiers }: DetectionItem): string =>
  [field ?? '', ...modifiers.map(({ name }) => name)].join('|');

function plainValues({ values }: DetectionItem): unknown {
  const plain = values.map(({ value }) => value);
  return plain.length === 1 ? plain[0] : plain;
}
