// The five arithmetic functions, which are the operators under other names.

import type { ArithmeticOperator } from '../ast.ts';
import { toNumber, type Value } from '../value.ts';
import type { EqlFunction, Parameter } from './function.ts';

/**
 * Two integers give an integer, division cuts off what is behind the point; otherwise floating point.
 * Null where an operand is no number, and for a division of integers by zero.
 */
export function calculate(operator: ArithmeticOperator, left: Value, right: Value): bigint | number | null {
  const a = toNumber(left);
  const b = toNumber(right);
  if (a === null || b === null) return null;
  return typeof a === 'bigint' && typeof b === 'bigint'
    ? calculateIntegers(operator, a, b)
    : calculateFloats(operator, Number(a), Number(b));
}

function calculateIntegers(operator: ArithmeticOperator, a: bigint, b: bigint): bigint | null {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0n ? null : a / b;
    case '%':
      return b === 0n ? null : a % b;
  }
}

function calculateFloats(operator: ArithmeticOperator, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
  }
}

const arithmetic = (
  name: string,
  operator: ArithmeticOperator,
  parameters: readonly Parameter[],
): EqlFunction => ({
  name,
  insensitive: false,
  parameters,
  repeats: false,
  returns: 'number',
  apply: ([left = null, right = null]) => calculate(operator, left, right),
});

const number = (name: string): Parameter => ({ name, type: 'number' });

/** `add(addend, addend)` */
export const add = arithmetic('add', '+', [number('addend'), number('addend')]);
/** `subtract(minuend, subtrahend)` */
export const subtract = arithmetic('subtract', '-', [number('minuend'), number('subtrahend')]);
/** `multiply(factor, factor)` */
export const multiply = arithmetic('multiply', '*', [number('factor'), number('factor')]);
/** `divide(dividend, divisor)` */
export const divide = arithmetic('divide', '/', [number('dividend'), number('divisor')]);
/** `modulo(dividend, divisor)` */
export const modulo = arithmetic('modulo', '%', [number('dividend'), number('divisor')]);
