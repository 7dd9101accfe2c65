// Atomics, rules and targets may contain anything: no format lets their text become markup, escape codes or structure.

import { createHash } from 'node:crypto';
import type { Log } from 'sarif';
import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../../harness/model/run-record.ts';
import type { CaseTrace, RunTraces } from '../../../harness/model/traces.ts';
import type { ReportFormat } from '../../../harness/report/formats.ts';
import { clientScript } from '../../../harness/report/html/client.ts';
import { reporters } from '../../../harness/report/reporters.ts';
import { sampleRecord, sampleTraces } from './fixture.ts';
import { hostile, poison } from './hostile.ts';

const outputOf = (format: ReportFormat, color = false): string =>
  reporters[format].render(poison(sampleRecord()) as RunRecord, { color, columns: 100 }).output;

it.each(Object.keys(reporters) as ReportFormat[])(
  '%s holds no control character but line breaks and tabs',
  (format) => {
    const controls = /(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069\u2028\p{Cs}]/gu;
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

describe('markdown', () => {
  const lines = outputOf('markdown').split('\n');

  it('keeps its own structure: headings, lists, tables and nothing more', () => {
    const starts = new Set(lines.map((line) => /^(?:# |## |\| |- | {2}- |\*\*|)/.exec(line)?.[0]));
    expect(starts).toEqual(new Set(['# ', '## ', '| ', '- ', '  - ', '**', '']));
    expect(lines.filter((line) => line.startsWith('#')).length).toBe(8);
  });

  it('has as many cells in each row as in the header', () => {
    const cells = (line: string) => line.replace(/\\./g, '').split('|').length;
    const tables = lines.join('\n').match(/(?:^\|.*\n)+/gm) ?? [];
    expect(tables).toHaveLength(7);
    for (const table of tables) expect(new Set(table.trim().split('\n').map(cells)).size).toBe(1);
  });

  it('has no markup and no links outside of code', () => {
    const prose = lines.map((line) => line.replace(/\\.|(`+)(?!`).*?(?<!`)\1(?!`)/g, '')).join('\n');
    expect(prose).not.toMatch(/[<>[\]]|:\/\//);
  });
});

describe('github', () => {
  it('writes one command a line, and none that it did not mean', () => {
    const lines = outputOf('github').trimEnd().split('\n');
    for (const line of lines) expect(line).toMatch(/^::(?:error|warning|notice) (?:[a-z]+=[^:,]*,?)+::/);
    expect(lines).toHaveLength(11);
  });
});

describe('sarif', () => {
  it('has addresses that are addresses and messages without links', () => {
    const { runs } = JSON.parse(outputOf('sarif')) as Log;
    for (const { message, locations } of runs[0]?.results ?? []) {
      const uri = locations?.[0]?.physicalLocation?.artifactLocation?.uri ?? '';
      expect(uri).toMatch(/^[\w.!~*'()%/-]+$/);
      expect((message.text ?? '').replace(/\\./g, '')).not.toMatch(/[[\]]/);
    }
  });
});

describe('html', () => {
  const hostileTraces = poison(sampleTraces()) as RunTraces;
  const traces = { ...hostileTraces, cases: sampleTraces().cases };
  const page = reporters.html.render(poison(sampleRecord()) as RunRecord, {
    color: false,
    columns: 100,
    traces: {
      ...traces,
      cases: new Map([...traces.cases].map(([id, each]) => [`${id}${hostile}`, poison(each) as CaseTrace])),
    },
  }).output;
  const tags = page.replace(/(<(script|style)[^>]*>)[\s\S]*?(<\/\2>)/g, '$1$3').match(/<[^>]*>/g) ?? [];
  const scripts = [...page.matchAll(/<script([^>]*)>([\s\S]*?)<\/script>/g)];

  it('has no tag and no attribute but its own', () => {
    const known = /^<(?:!doctype html|\/?[a-z]+[1-3]?(?: [a-z-]+(?:="[^"<>]*")?)*)>$/;
    expect(tags.filter((tag) => !known.test(tag))).toEqual([]);
    expect(tags.filter((tag) => /^<(?:img|iframe|object|link|a href="(?!#))| on[a-z]+=/.test(tag))).toEqual(
      [],
    );
    expect(page.match(/<script/g)).toHaveLength(scripts.length);
  });

  it('closes what it opens', () => {
    const open: string[] = [];
    for (const tag of tags) {
      const [, slash, name = ''] = /^<(\/?)([a-z]+[1-3]?)/.exec(tag) ?? [];
      if (name === '' || ['meta', 'br', 'input'].includes(name)) continue;
      if (slash) expect(open.pop()).toBe(name);
      else open.push(name);
    }
    expect(open).toEqual([]);
  });

  it('links to places that are there, and to what its script finds by name', () => {
    const places = new Set([...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
    for (const [, id = ''] of page.matchAll(/ (?:href="#|aria-labelledby="|for=")([^"]+)"/g))
      if (!/^(?:case|show)=[^<>"']*$/.test(id)) expect(places).toContain(id);
  });

  it('carries the record itself, and the traces', () => {
    const [, json = ''] =
      /<script type="application\/json" id="run-record">([\s\S]*?)<\/script>/.exec(page) ?? [];
    expect(JSON.parse(json)).toEqual(poison(sampleRecord()));
    const data = scripts.filter(
      ([, attributes]) => attributes?.includes('id="trace-') && !attributes.includes('trace-ids'),
    );
    expect(data.map(([, , text = '']) => JSON.parse(text))).toEqual(
      [...sampleTraces().cases.values()].map((each) => poison(each)),
    );
  });

  it('lets no script run but its own, which no record changes', () => {
    const run = scripts.filter(([, attributes]) => !attributes?.includes('type="application/json"'));
    expect(run).toHaveLength(1);
    const [, attributes, source = ''] = run[0] ?? [];
    expect(attributes).toBe('');
    expect(source).toBe(clientScript());
    const hash = createHash('sha256').update(source).digest('base64');
    expect(page).toContain(`script-src &#39;sha256-${hash}&#39;;`);
  });
});
