// The values that conditions compute with, and how those of events become such values.

/** Integers are bigint and floating point numbers are number: EQL divides the two differently. */
export type Value = string | bigint | number | boolean | null;

/** Every value of an event's field; an absent field has the one value null, so that conditions see it once. */
export function valuesOf(fieldValue: unknown): readonly Value[] {
  const values = [...leaves(fieldValue)];
  return values.length === 0 ? [null] : values;
}

function* leaves(value: unknown): Generator<Value> {
  if (Array.isArray(value)) {
    for (const item of value) yield* leaves(item);
    return;
  }
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'bigint':
      yield value;
      return;
    case 'number':
      yield Number.isInteger(value) ? BigInt(value) : value;
  }
}

/** A value as text; floating point numbers as Java writes them, with a point. Null stays null. */
export function toText(value: Value): string | null {
  if (value === null || typeof value === 'string') return value;
  return typeof value === 'number' ? doubleText(value) : String(value);
}

/** A value as a number: text only when it spells one. */
export function toNumber(value: Value): bigint | number | null {
  switch (typeof value) {
    case 'bigint':
    case 'number':
      return value;
    case 'string':
      return parseNumber(value);
    default:
      return null;
  }
}

/** Reads decimal text as an integer where it is one, else as a floating point number. */
export function parseNumber(text: string): bigint | number | null {
  if (/^[+-]?\d+$/.test(text)) return BigInt(text.replace(/^\+/, ''));
  return decimal.test(text) ? Number(text) : null;
}

const decimal = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/;

/** Below zero, zero or above; undefined where the two have no order. Numbers compare with text that spells one. */
export function compareValues(left: Value, right: Value): number | undefined {
  if (left === null || right === null) return undefined;
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : left > right ? 1 : 0;
  if (typeof left === 'boolean' || typeof right === 'boolean') {
    return typeof left === typeof right ? Number(left) - Number(right) : undefined;
  }
  const a = toNumber(left);
  const b = toNumber(right);
  if (a === null || b === null) return undefined;
  return a < b ? -1 : a > b ? 1 : a === b || Number(a) === Number(b) ? 0 : undefined;
}

/** What each comparison asks of an order such as `compareValues` gives. */
export const orderHolds: Readonly<Record<'==' | '<' | '<=' | '>' | '>=', (order: number) => boolean>> = {
  '==': (order) => order === 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

/** Java's text of a double: a point always, an exponent from ten million on and below a thousandth. */
function doubleText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e7 || size < 1e-3)) {
    const [mantissa = '', exponent = ''] = value.toExponential().split('e');
    return `${withPoint(mantissa)}E${exponent.replace('+', '')}`;
  }
  return withPoint(String(value));
}

const withPoint = (text: string): string => (text.includes('.') ? text : `${text}.0`);
