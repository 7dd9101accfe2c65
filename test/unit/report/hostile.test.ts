// Atomics, rules and targets may contain anything: no format lets their text become markup, escape codes or structure.

import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../../harness/model/run-record.ts';
import { type ReportFormat, reporters } from '../../../harness/report/reporters.ts';
import { sampleRecord } from './fixture.ts';

const hostile = [
  '\u001b[31mred\u001b]0;title\u0007\u009b2J', // ANSI, OSC, C1
  '</script><script>alert(1)</script><img src=x onerror=alert(1)>',
  ']]> --> <!-- <![CDATA[ & &lt; " \' `',
  'line one\nline two\r\n::error::injected\t| cell | *bold* [link](javascript:alert(1)) # title',
  '\u0000\u0008\ud800 lone \u202egnp.exe\u2028',
].join(' ');

/** Free text of a record; what the schema fixes (verdicts, kinds, times) stays. */
const freeText = new Set([
  'id',
  'guid',
  'slug',
  'name',
  'source',
  'target',
  'user',
  'executable',
  'commandLine',
  'scheduler',
  'command',
  'stdout',
  'stderr',
  'path',
  'rule',
  'nearest',
  'reason',
  'detail',
  'title',
  'file',
  'branch',
  'place',
  'error',
  'unavailable',
  'kernel',
  'docker',
  'harness',
  'case',
  'eventId',
  'atomic',
  'attack',
]);
const freeLists = new Set(['lineage', 'residue', 'reasons', 'technique', 'sensors', 'firedIn', 'eventIds']);

function poison(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) {
    return value.map((item) =>
      typeof item === 'string' && freeLists.has(key) ? `${item}${hostile}` : poison(item),
    );
  }
  if (typeof value === 'string') return freeText.has(key) ? `${value}${hostile}` : value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, poison(each, name)]));
}

const outputOf = (format: ReportFormat, color = false): string =>
  reporters[format].render(poison(sampleRecord()) as RunRecord, { color, columns: 100 }).output;

it.each(Object.keys(reporters) as ReportFormat[])(
  '%s holds no control character but line breaks',
  (format) => {
    const controls = /(?!\n)[\p{Cc}\u202a-\u202e\u2066-\u2069\u2028\p{Cs}]/gu;
    expect(outputOf(format).match(controls) ?? []).toEqual([]);
  },
);

describe('console', () => {
  it('has colours of its own only', () => {
    const escapes = outputOf('console', true).match(/\p{Cc}\[[0-9;]*[A-Za-z]/gu) ?? [];
    expect(
      new Set(escapes).difference(
        new Set(['1', '22', '2', '31', '32', '33', '35', '39'].map((n) => `\u001b[${n}m`)),
      ),
    ).toEqual(new Set());
  });

  it('keeps one row a row', () => {
    expect(outputOf('console')).not.toMatch(/^(?:::error|line two)/m);
  });
});

describe('json', () => {
  it('is the same record when read back', () => {
    expect(JSON.parse(outputOf('json'))).toEqual(poison(sampleRecord()));
  });
});

describe('junit', () => {
  it('escapes all markup', () => {
    const xml = outputOf('junit');
    const tags = new Set([...xml.matchAll(/<[/?]?([A-Za-z!]+)/g)].map(([, name]) => name));
    const known =
      'xml testsuites testsuite properties property testcase failure error skipped system-out system-err';
    expect([...tags].filter((tag) => !known.includes(tag ?? '?'))).toEqual([]);
    expect(xml).not.toContain(']]>');
  });
});
