// The slow, obviously right meaning of EQL conditions, read off the syntax tree: shares no code with the lowering.

import { type Expression, fieldPath } from '../../../../harness/rules/eql/ast.ts';

type Value = string | number | bigint | boolean | null;

/** Whether a condition holds on an event. `not` and `!=` ask whether the positive condition does not hold. */
export function holds(condition: Expression, event: object): boolean {
  switch (condition.kind) {
    case 'not':
      return isNullLiteral(condition.of) ? false : !holds(condition.of, event);
    case 'and':
      return condition.of.every((part) => holds(part, event));
    case 'or':
      return condition.of.some((part) => holds(part, event));
    case 'in':
      if (condition.negated) return !holds({ ...condition, negated: false }, event);
      break;
    case 'comparison':
      if (condition.operator === '!=') return !holds({ ...condition, operator: '==' }, event);
      break;
    case 'field':
      return valuesAt(event, fieldPath(condition)).some((value) => String(value) === 'true');
  }
  return choices(fieldsOf(condition), event).some((chosen) => evaluate(condition, [...chosen]) === true);
}

const isNullLiteral = (expression: Expression): boolean => expression.kind === 'null';

/** Every way to give each mention of a field one of its values; null where it has none. */
function choices(fields: readonly string[], event: object): Value[][] {
  return fields.reduce<Value[][]>(
    (rows, field) => {
      const values = valuesAt(event, field);
      return rows.flatMap((row) => (values.length === 0 ? [null] : values).map((value) => [...row, value]));
    },
    [[]],
  );
}

function valuesAt(event: object, path: string): Value[] {
  const found: unknown[] = [];
  for (const [key, value] of Object.entries(event)) {
    if (key === path) found.push(value);
    else if (path.startsWith(`${key}.`) && typeof value === 'object' && value !== null) {
      found.push(...valuesAt(value, path.slice(key.length + 1)));
    }
  }
  return found
    .flat(3)
    .filter((value) => value !== null && value !== undefined && typeof value !== 'object') as Value[];
}

function fieldsOf(expression: Expression): string[] {
  switch (expression.kind) {
    case 'field':
      return [fieldPath(expression)];
    case 'call':
      return expression.arguments.flatMap(fieldsOf);
    case 'comparison':
    case 'arithmetic':
      return [...fieldsOf(expression.left), ...fieldsOf(expression.right)];
    case 'in':
    case 'pattern':
      return fieldsOf(expression.of);
    default:
      return [];
  }
}

/** Takes the values of fields from `chosen`, in the order that they are mentioned. */
function evaluate(expression: Expression, chosen: Value[]): Value {
  switch (expression.kind) {
    case 'string':
    case 'number':
    case 'boolean':
      return expression.value;
    case 'null':
      return null;
    case 'field':
      return chosen.shift() ?? null;
    case 'call':
      return call(
        expression.name,
        expression.insensitive,
        expression.arguments.map((argument) => evaluate(argument, chosen)),
      );
    case 'arithmetic':
      return arithmetic(
        expression.operator,
        evaluate(expression.left, chosen),
        evaluate(expression.right, chosen),
      );
    case 'comparison':
      return comparison(expression, evaluate(expression.left, chosen), evaluate(expression.right, chosen));
    case 'in': {
      const value = evaluate(expression.of, chosen);
      if (value === null) return null;
      const members = expression.values.map((member) => evaluate(member, []));
      return members.some((member) =>
        expression.insensitive ? same(lower(value), lower(member)) : same(String(value), String(member)),
      );
    }
    case 'pattern': {
      const value = evaluate(expression.of, chosen);
      if (value === null) return null;
      const flags = expression.operator === 'like' ? 's' : 'si';
      return expression.values.some((pattern) =>
        new RegExp(`^${wildcards(String(evaluate(pattern, [])))}$`, flags).test(String(value)),
      );
    }
    default:
      throw new TypeError(`${expression.kind} is no part of these conditions`);
  }
}

const lower = (value: Value): string => String(value).toLowerCase();
const same = (left: string, right: string): boolean => left === right;
const wildcards = (pattern: string): string =>
  pattern
    .replace(/[\\^$.+()[\]{}|]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');

function call(name: string, insensitive: boolean, values: readonly Value[]): Value {
  if (values.includes(null)) return null;
  const [first, second] = values.map((value) => (insensitive ? lower(value) : String(value)));
  switch (name) {
    case 'length':
      return first?.length ?? null;
    case 'concat':
      return values.map(String).join('');
    case 'substring':
      return String(values[0]).slice(Math.trunc(Number(values[1])));
    case 'startsWith':
      return first?.startsWith(second ?? '') ?? null;
    case 'endsWith':
      return first?.endsWith(second ?? '') ?? null;
    case 'stringContains':
      return second !== '' && (first?.includes(second ?? '') ?? null);
    default:
      throw new TypeError(`${name} is no part of these conditions`);
  }
}

function numeric(value: Value): number | undefined {
  if (value === null || typeof value === 'boolean' || value === '') return undefined;
  const number = Number(value);
  return Number.isNaN(number) ? undefined : number;
}

function arithmetic(operator: '+' | '-' | '*' | '/' | '%', left: Value, right: Value): Value {
  const [a, b] = [numeric(left), numeric(right)];
  if (a === undefined || b === undefined) return null;
  const whole = Number.isInteger(a) && typeof right === 'bigint';
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return whole ? (b === 0 ? null : Math.trunc(a / b)) : a / b;
    case '%':
      return whole && b === 0 ? null : a % b;
  }
}

function comparison(
  { operator, left, right }: Expression & { kind: 'comparison' },
  a: Value,
  b: Value,
): Value {
  if (operator === '==' && (isNullLiteral(left) || isNullLiteral(right))) return a === null && b === null;
  if (a === null || b === null) return null;
  // Whatever is computed is a number or a text; what an event holds is compared as what the literal is.
  const fieldOnly = left.kind === 'field' || right.kind === 'field';
  if (operator === '==' && fieldOnly) return String(a) === String(b);
  const literal = left.kind === 'string' || right.kind === 'string' ? 'string' : 'number';
  // Text that spells a number is one to the numbers of an event.
  const [spelled, held] = left.kind === 'string' ? [a, b] : [b, a];
  const isText = typeof held === 'string' || numeric(spelled) === undefined;
  if (fieldOnly && literal === 'string' && isText)
    return ordered(operator, String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0);
  if (typeof a === 'string' && typeof b === 'string') return ordered(operator, a < b ? -1 : a > b ? 1 : 0);
  const [x, y] = [numeric(a), numeric(b)];
  return x === undefined || y === undefined ? false : ordered(operator, x - y);
}

function ordered(operator: string, difference: number): boolean {
  switch (operator) {
    case '==':
      return difference === 0;
    case '<':
      return difference < 0;
    case '<=':
      return difference <= 0;
    case '>':
      return difference > 0;
    default:
      return difference >= 0;
  }
}
