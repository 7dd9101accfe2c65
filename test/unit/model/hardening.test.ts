// What a matrix of mitigations and attacks comes to: its cells, its sums, and the covers.

import { describe, expect, it } from 'vitest';
import { cellOf, hardeningOf } from '../../../harness/model/hardening.ts';
import type { CellKind } from '../../../harness/model/hardening-record.ts';
import type { MitigationRecord } from '../../../harness/model/run-record.ts';

const pair = (attack: string, id: string, over: Partial<MitigationRecord> = {}): MitigationRecord => ({
  id,
  case: `${attack}@debian12+${id}`,
  attack: 'M1018',
  target: 'debian12',
  atomic: attack,
  control: 'executed',
  treated: 'refused',
  legitimate: [{ name: 'use', works: true, detail: '' }],
  verdict: 'notClaimed',
  stage: null,
  reason: '',
  ...over,
});
const broken = { legitimate: [{ name: 'use', works: false, detail: 'exit 1' }] };
const ran = { treated: 'executed' } as const;

it.each<[CellKind, Partial<MitigationRecord>]>([
  ['submission', {}],
  ['execution', { treated: 'inert' }],
  ['execution', { treated: 'performed' }],
  ['executes', ran],
  ['executes', { ...ran, ...broken }],
  ['breaksUse', broken],
  ['notApplicable', { control: 'inert' }],
  ['unknown', { control: null }],
  ['unknown', { treated: 'errored' }],
  ['unknown', { treated: null }],
  ['unknown', { verdict: 'errored' }],
  ['unknown', { verdict: 'invalid', checks: [{ id: 'm', holds: false, detail: '' }] }],
  ['unknown', { verdict: 'invalid', claims: 'stops' }],
  ['execution', { verdict: 'invalid', claims: 'bypass', treated: 'inert' }],
])('is %s', (cell, over) => {
  expect(cellOf(pair('a', 'm', over))).toBe(cell);
});

describe('of several', () => {
  const claims = { claims: 'stops' } as const;
  const [hardening] = hardeningOf([
    pair('a', 'wide', { ...claims, ...broken }),
    pair('b', 'wide', broken),
    pair('c', 'wide', broken),
    pair('d', 'wide', { ...claims, ...ran, ...broken }),
    pair('a', 'kind', claims),
    pair('b', 'kind', { treated: 'inert' }),
    pair('c', 'kind', ran),
    pair('d', 'kind', ran),
    pair('d', 'late', claims),
    pair('e', 'late', ran),
    pair('f', 'late', { control: 'refused' }),
    pair('e', 'wide+late', claims),
  ]);

  it('counts what each stops of what it declares, and of all', () => {
    expect(
      hardening?.mitigations.map(({ id, declared, all, breaks }) => ({ id, declared, all, breaks })),
    ).toEqual([
      { id: 'wide', declared: { tried: 2, stopped: 1 }, all: { tried: 4, stopped: 3 }, breaks: ['use'] },
      { id: 'kind', declared: { tried: 1, stopped: 1 }, all: { tried: 4, stopped: 2 }, breaks: [] },
      { id: 'late', declared: { tried: 1, stopped: 1 }, all: { tried: 2, stopped: 1 }, breaks: [] },
      { id: 'wide+late', declared: { tried: 1, stopped: 1 }, all: { tried: 1, stopped: 1 }, breaks: [] },
    ]);
  });

  it('names for each attack what stops it', () => {
    expect(hardening?.attacks.map(({ attack, stoppedBy }) => [attack, stoppedBy])).toEqual([
      ['a', ['wide', 'kind']],
      ['b', ['wide', 'kind']],
      ['c', ['wide']],
      ['d', ['late']],
      ['e', ['wide+late']],
      ['f', []],
    ]);
  });

  it('covers greedily with single mitigations, and again with those that break nothing', () => {
    expect(hardening?.cover).toEqual({
      mitigations: [
        { id: 'wide', adds: 3 },
        { id: 'late', adds: 1 },
      ],
      left: ['e'],
    });
    expect(hardening?.harmlessCover).toEqual({
      mitigations: [
        { id: 'kind', adds: 2 },
        { id: 'late', adds: 1 },
      ],
      left: ['c', 'e'],
    });
  });

  it('keeps targets apart, and has none without mitigations', () => {
    const both = [pair('a', 'm'), pair('a', 'm', { target: 'debian13', ...ran })];
    expect(hardeningOf(both).map(({ target, cover }) => [target, cover.left])).toEqual([
      ['debian12', []],
      ['debian13', ['a']],
    ]);
    expect(hardeningOf([])).toEqual([]);
  });
});
