// Counting what came: complete exactly when every number came or is known to be lost, in whatever order.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordGaps } from '../../../../harness/telemetry/ebpf/record-gaps.ts';

/** Numbers of a target as they reach the reader: some overtaken, some lost, some several in one line. */
const traffic = fc
  .array(
    fc.record({ parts: fc.integer({ min: 1, max: 4 }), lost: fc.boolean(), at: fc.double({ noNaN: true }) }),
  )
  .map((lines) => ({
    last: lines.reduce((sum, { parts }) => sum + parts, 0),
    lost: lines.filter(({ lost }) => lost).reduce((sum, { parts }) => sum + parts, 0),
    received: lines
      .filter(({ lost }) => !lost)
      .sort((a, b) => a.at - b.at)
      .map(({ parts }) => parts),
  }));

describe('an account of records', () => {
  it('is complete with the last one, and not before', () => {
    fc.assert(
      fc.property(traffic, ({ last, lost, received }) => {
        const account = new RecordGaps();
        account.tellLost(lost);
        for (const parts of received) {
          expect(account.isComplete(last)).toBe(false);
          account.receive(parts);
        }
        expect(account.isComplete(last)).toBe(true);
        account.close(last);
        expect(account.lost()).toBe(lost);
      }),
    );
  });

  it('counts what never came as lost, once', () => {
    const account = new RecordGaps();
    account.receive(3);
    account.close(5);
    account.close(5);
    expect(account.lost()).toBe(2);
    account.tellLost(1);
    account.close(5);
    expect(account.lost()).toBeGreaterThanOrEqual(2);
  });

  it('takes the highest count that the sensor told', () => {
    const account = new RecordGaps();
    account.tellLost(4);
    account.tellLost(2);
    expect(account.lost()).toBe(4);
  });
});
