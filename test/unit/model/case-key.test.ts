// The id of a case is data in text form: what is written can be read, and nothing else is one.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  baseOf,
  type CaseKey,
  controlOf,
  formatCaseKey,
  formatMitigations,
  isBase,
  isKeyPart,
  parseCaseKey,
} from '../../../harness/model/case-key.ts';

const part = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,12}$/);
const key: fc.Arbitrary<CaseKey> = fc.record({
  atomic: part,
  variant: fc
    .uniqueArray(fc.tuple(part, part), { selector: ([axis]) => axis, maxLength: 3 })
    .map((pairs) =>
      Object.fromEntries(pairs.filter(([axis]) => !/^\d+$/.test(axis) && axis !== '__proto__')),
    ),
  target: part,
  mitigations: fc.array(part, { maxLength: 3 }),
});

describe('the key of a case', () => {
  it.each<[string, CaseKey]>([
    ['at-stdin@debian12', { atomic: 'at-stdin', variant: {}, target: 'debian12', mitigations: [] }],
    [
      'cron-d-drop~writer=tee@debian12+at-allow',
      { atomic: 'cron-d-drop', variant: { writer: 'tee' }, target: 'debian12', mitigations: ['at-allow'] },
    ],
    [
      'cron-d-drop~landing=rename~writer=tee@debian13-cronie+at-allow+cron-allow',
      {
        atomic: 'cron-d-drop',
        variant: { landing: 'rename', writer: 'tee' },
        target: 'debian13-cronie',
        mitigations: ['at-allow', 'cron-allow'],
      },
    ],
  ])('%s', (id, parts) => {
    expect(formatCaseKey(parts)).toBe(id);
    expect(parseCaseKey(id)).toEqual(parts);
  });

  it('is read as it was written', () => {
    fc.assert(
      fc.property(key, (parts) => {
        expect(parseCaseKey(formatCaseKey(parts))).toEqual(parts);
      }),
    );
  });

  it.each(['', 'at-stdin', '@debian12', 'at@', 'a~b@t', 'a~b=@t', 'a@t+', 'a@t@u', 'a~x=1~x=2@t', 'a@t~x=1'])(
    'is none: %j',
    (text) => {
      expect(parseCaseKey(text)).toBeUndefined();
    },
  );

  it('knows its control and its base', () => {
    const treated = parseCaseKey('a~x=1@t+m+n') as CaseKey;
    expect(formatCaseKey(controlOf(treated))).toBe('a~x=1@t');
    expect(formatCaseKey(baseOf(treated))).toBe('a@t+m+n');
    expect([isBase(treated), isBase(baseOf(treated))]).toEqual([false, true]);
    expect([formatMitigations(treated.mitigations), formatMitigations([])]).toEqual(['m+n', null]);
  });

  it('allows no separator in its parts', () => {
    expect(['writer', 'debian12', 'a.b_c-d'].every(isKeyPart)).toBe(true);
    expect(['', 'a b', 'a@b', 'a+b', 'a~b', 'a=b', '../x'].some(isKeyPart)).toBe(false);
  });
});
