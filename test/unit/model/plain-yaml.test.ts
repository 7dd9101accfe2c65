// The reader of plain YAML is held against a parser of all of YAML: what it reads, that one reads the same, to the offset.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { isMap, isScalar, isSeq, parseAllDocuments } from 'yaml';
import { findFiles } from '../../../harness/content/folder.ts';
import { packageRoot } from '../../../harness/model/package-root.ts';
import { type PlainNode, readPlainYaml } from '../../../harness/model/plain-yaml.ts';

/** Every node in the same words, whoever has read it. */
type Told = readonly unknown[];

function toldOfPlain(node: PlainNode): Told {
  switch (node.kind) {
    case 'scalar':
      return [node.type, node.value, node.source, ...node.range];
    case 'list':
      return ['list', node.isFlow, node.range[0], node.items.map(toldOfPlain)];
    case 'map':
      return [
        'map',
        node.isFlow,
        node.range[0],
        node.entries.map(({ key, value }) => [toldOfPlain(key), toldOfPlain(value)]),
      ];
  }
}

function told(node: unknown): Told {
  if (isScalar(node)) return [node.type, node.value, node.source, ...(node.range ?? []).slice(0, 2)];
  if (isSeq(node)) return ['list', node.flow === true, node.range?.[0], node.items.map(told)];
  if (isMap(node)) {
    const entries = node.items.map(({ key, value }) => [told(key), told(value)]);
    return ['map', node.flow === true, node.range?.[0], entries];
  }
  return ['other', String(node)];
}

/** What the parser of all of YAML says; its complaints where it has any. */
function toldByAll(text: string): unknown {
  const documents = parseAllDocuments(text, { version: '1.2', merge: true, logLevel: 'silent' });
  const [document] = documents;
  if (document === undefined || documents.length !== 1) return `${documents.length} documents`;
  const faults = [...document.errors, ...document.warnings].map(({ message }) => message);
  return faults.length > 0 ? faults : told(document.contents);
}

const everything = `# A bit of everything that is plain.
a: 1
negative: -20
b:
- x
- 'y''s': "z"   # a comment
  c: [a, 'b', {d: e, "f": -1}, []]
- - n
  - |
    lit

      more
    # in

    end
# between
'k|all': |-
  t  \tu
  v: w # x
m: # below
    n: ~
    o: true
    p: -x/y:z#a b
    q: {}
2ebf1234-5678-4abc-8def-0123456789ab: False
last: no quotes here, (but) 'these' and {those}
`;

describe('is read as all of YAML is', () => {
  it('what people write', () => {
    expect(toldOfPlain(readPlainYaml(everything) as PlainNode)).toEqual(toldByAll(everything));
    const begun = `---\n${everything}`;
    expect(toldOfPlain(readPlainYaml(begun) as PlainNode)).toEqual(toldByAll(begun));
  });

  it('the files of this project, most of which want no other parser', () => {
    const folders = ['atomics', 'detections', 'containers/mitigations', 'containers/targets.yaml'];
    const files = folders.flatMap((folder) => findFiles(join(packageRoot, folder), ['.yaml', '.yml']).files);
    const plain = files.flatMap(({ path }) => {
      const text = readFileSync(path, 'utf8');
      const node = readPlainYaml(text);
      return node === undefined ? [] : [{ path, text, node }];
    });
    expect(plain.length).toBeGreaterThan(files.length / 2);
    for (const { path, text, node } of plain) expect(toldOfPlain(node), path).toEqual(toldByAll(text));
  });

  it('whatever else it accepts: parts of such texts with characters added and taken away', () => {
    const pieces = [
      ...['\n', ' ', '  ', '- ', '-', ': ', ':', '#', ' #', '|', '|-', '>', '"', "'", '[', ']', '{', '}'],
      ...[',', 'a', '1', '0', '.', '~', '&a ', '*a', '!t ', '? ', '?', '\t', '---\n', '...\n', '%', '@'],
      ...['true', 'null', '\n\n', '\n ', '\n- ', 'x: ', '\\', 'é', '<<: ', '1e3', '0x1', '__proto__: 1\n'],
      ...['-1', '+1', '=', '\n#c\n', '  # c\n', ' :', ';', '_', '\u2028', '""', '1.5', '\r\n', '\ufeff'],
    ];
    const lines = everything.split('\n');
    const edit = fc.record({
      at: fc.nat(300),
      without: fc.nat(3),
      piece: fc.constantFrom('', ...pieces),
    });
    const texts = fc
      .record({
        first: fc.nat(lines.length - 1),
        count: fc.integer({ min: 1, max: 14 }),
        edits: fc.array(edit, { maxLength: 3 }),
        isEnded: fc.boolean(),
        isOutdented: fc.boolean(),
      })
      .map(({ first, count, edits, isEnded, isOutdented }) => {
        const part = lines.slice(first, first + count);
        const margin = isOutdented ? (/^ */.exec(part[0] ?? '')?.[0] ?? '') : '';
        const text = part.map((line) => line.slice(line.startsWith(margin) ? margin.length : 0)).join('\n');
        return edits.reduce(
          (edited, { at, without, piece }) => {
            const from = at % (edited.length + 1);
            return edited.slice(0, from) + piece + edited.slice(from + without);
          },
          text + (isEnded ? '\n' : ''),
        );
      });
    let accepted = 0;
    fc.assert(
      fc.property(texts, (text) => {
        const plain = readPlainYaml(text);
        if (plain === undefined) return;
        accepted += 1;
        expect(toldOfPlain(plain)).toEqual(toldByAll(text));
      }),
      { numRuns: 3_000 },
    );
    expect(accepted).toBeGreaterThan(300);
  });
});

test.each([
  ['nothing', ''],
  ['comments alone', '# a\n'],
  ['a scalar', 'a\n'],
  ['a repeated key', 'a: 1\nb: 2\na: 3\n'],
  ['an alias', 'a: &x 1\nb: *x\n'],
  ['a tag', 'a: !t 1\n'],
  ['a folded block', 'a: >\n  b\n'],
  ['a text over two lines', 'a: b\n  c\n'],
  ['two documents', 'a: 1\n---\nb: 2\n'],
  ['a tab before a key', 'a:\n\tb: c\n'],
  ['a colon in a value', 'a: b: c\n'],
  ['a number that is not written as JavaScript would', 'a: 0x1f\n'],
  ['more digits than a double holds', 'a: 12345678901234567890\n'],
  ['an escape', 'a: "\\x41"\n'],
  ['a key of JavaScript', '__proto__: 1\n'],
  ['lines that end as on Windows', 'a: 1\r\n'],
  ['a flow collection over two lines', 'a: [b,\n  c]\n'],
  ['an open bracket', 'a: [b\n'],
  ['endless nesting', `a: ${'['.repeat(50_000)}`],
  ['endless hyphens', '- '.repeat(50_000)],
])('%s is not plain', (_, text) => {
  expect(readPlainYaml(text)).toBeUndefined();
});

test('long lines of every kind are read, or refused, in a moment', () => {
  const long = 200_000;
  const texts = ['a', ' ', ': ', '#', "''", ' #', 'a ', '- ', '[', 'a: ', '"', '\n', ' \n'].flatMap(
    (part) => [
      `a: ${part.repeat(long)}\n`,
      `- ${part.repeat(long)}`,
      `a: |\n  ${part.repeat(long)}\n`,
      part.repeat(long),
    ],
  );
  const began = process.cpuUsage().user;
  for (const text of texts) readPlainYaml(text);
  expect((process.cpuUsage().user - began) / 1000).toBeLessThan(8_000);
});
