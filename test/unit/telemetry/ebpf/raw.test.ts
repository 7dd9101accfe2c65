// The sensor's lines, as they come and as they must not come.

import { describe, expect, it } from 'vitest';
import { parseLine } from '../../../../harness/telemetry/ebpf/raw.ts';
import { recordedLines } from './recorded.ts';

describe('a line', () => {
  it('of every recorded kind is read as it was written', () => {
    for (const line of recordedLines) {
      expect(parseLine(line)).toEqual({ kind: 'record', record: JSON.parse(line) });
    }
  });

  it('about the sensor is a notice', () => {
    const line = '{"op":"count","pidns":4026532252,"target_seq":7,"lost":0}';
    expect(parseLine(line)).toEqual({ kind: 'notice', notice: JSON.parse(line) });
  });

  it.each([
    ['no JSON', 'libbpf: something'],
    ['cut off', recordedLines[0]?.slice(0, 300) ?? ''],
    ['a bare number', '1'],
    ['null', 'null'],
    ['an unknown operation', '{"op":"teleport","target_seq":1}'],
    ['without an operation', '{}'],
    ['a record without its identity', '{"op":"exec","target_seq":1,"pidns":1}'],
    ['a record with numbers for text', recordedLines[0]?.replace(/"start":"\d+"/, '"start":1') ?? ''],
  ])('that is %s is refused, and shown', (_, line) => {
    expect(() => parseLine(line)).toThrow(
      expect.objectContaining({
        code: 'sensor/unreadable',
        exitCode: 3,
        message: expect.stringContaining('got "'),
      }),
    );
  });

  it('carries bytes that are not UTF-8 as lone surrogates, and text that looks like them unharmed', () => {
    const line = (recordedLines[0] as string).replace(/"comm":"[^"]*"/, '"comm":"\\udce9\u00e9\\u00e9"');
    const parsed = parseLine(line);
    expect(parsed.kind === 'record' && parsed.record.comm).toBe('\udce9éé');
  });
});
