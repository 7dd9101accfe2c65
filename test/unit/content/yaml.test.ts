// YAML from strangers: bombs end in a problem, and every value knows where it stood.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../../harness/content/yaml.ts';
import { sourceOf } from '../../../harness/model/source.ts';

const parse = (text: string) => parseYaml(sourceOf('f.yaml', text));
const codes = (text: string) => parse(text).problems.map(({ code }) => code);

describe('hostile documents', () => {
  it('refuses a billion laughs', () => {
    const levels = Array.from({ length: 30 }, (_, n) =>
      n === 0 ? 'a0: &a0 [x, x]' : `a${n}: &a${n} [*a${n - 1}, *a${n - 1}, *a${n - 1}]`,
    );
    expect(codes(levels.join('\n'))).toEqual(['yaml/alias-bomb']);
  });

  it('refuses endless nesting', () => {
    for (const opening of ['[', '- ', '{a: ', '? ', 'a:\n ']) {
      const { yaml, problems } = parse(opening.repeat(20_000));
      expect([yaml, problems.length, problems[0]?.severity], opening).toEqual([
        null,
        expect.any(Number),
        'error',
      ]);
      expect(problems.length, opening).toBeLessThanOrEqual(20);
    }
    expect(codes('['.repeat(20_000))).toEqual(['yaml/resource-exhaustion']);
  });

  it('refuses repeated keys, several documents and bad syntax, with their places', () => {
    expect(parse('a: 1\nb: 2\na: 3\n').problems).toMatchObject([
      { code: 'yaml/duplicate-key', place: { line: 3, column: 1 } },
    ]);
    expect(codes('a: 1\n---\nb: 2\n')).toEqual(['yaml/multiple-docs']);
    expect(parse('a: [1, 2\nb: 3\n').yaml).toBeNull();
  });

  it('does not drown the reader in complaints about one file', () => {
    expect(parse('a: 1\n'.repeat(10_000)).problems.length).toBeLessThanOrEqual(20);
  });

  it.each([
    ['an input in braces', 'a: {b: {default: /tmp/#{c}}}\nd: {e: "1"}\nf: [g]\n', [1, 24]],
    ['text behind a quote', 'a: "b" c d: e {f: g}\nh: 1\n', [1, 8]],
  ])('tells of what it did not expect once: %s', (_, text, [line, column]) => {
    const { problems } = parse(text);
    expect(problems.filter(({ code }) => code === 'yaml/unexpected-token')).toEqual([
      expect.objectContaining({
        place: { file: 'f.yaml', line, column },
        hint: expect.stringContaining('stands in quotes'),
      }),
    ]);
  });

  it.each([
    ['a: 1\nb: *c\n', 'yaml/no-anchor', [2, 4]],
    ['a: *b\nc: &b 1\n', 'yaml/no-anchor', [1, 4]],
    ['<<: *x\n', 'yaml/no-anchor', [1, 5]],
    ['a: *.sh\n', 'yaml/no-anchor', [1, 4]],
    ['a: &x 1\nb:\n  <<: *x\n', 'yaml/merge', [3, 3]],
    ['a: &x {y: 1}\nb:\n  <<: [*x, z]\n', 'yaml/merge', [3, 3]],
    ['a:\n  <<: text\n', 'yaml/merge', [2, 3]],
    ['a:\n  <<:\n  b: &c 1\n  d: *c\n', 'yaml/merge', [2, 3]],
  ])('refuses what refers to nothing, or merges no mapping: %j', (text, code, [line, column]) => {
    const { yaml, problems } = parse(text);
    expect([yaml, problems]).toEqual([
      null,
      [expect.objectContaining({ code, place: { file: 'f.yaml', line, column } })],
    ]);
  });

  it('takes merges of one mapping and of several, and many aliases', () => {
    const { yaml } = parse(
      'a: &x {y: 1}\nb: &z {y: 2, w: 3}\nc:\n  <<: [*x, *z]\nd:\n  <<: *z\n  y: 4\n"<<": 5\n',
    );
    expect(yaml?.value).toMatchObject({ c: { y: 1, w: 3 }, d: { y: 4, w: 3 }, '<<': 5 });
    const aliases = (count: number): string => `a: &a x\nb: [${'*a, '.repeat(count)}]\n`;
    expect(codes(aliases(90))).toEqual([]);
    expect(codes(aliases(50_000))).toEqual(['yaml/alias-bomb']);
  });

  it('keeps __proto__ a plain key', () => {
    const { yaml } = parse('__proto__:\n  polluted: yes\n');
    expect(Object.getPrototypeOf(yaml?.value)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('gives a file or a problem for any text, and never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { yaml, problems } = parse(text);
        expect(yaml !== null || problems.length > 0).toBe(true);
      }),
    );
  });
});

describe('places', () => {
  const { yaml } = parse(
    'list:\n- name: one\n- name: two\n  empty:\n  map: {k: v}\nref: &r {x: 1}\nalias: *r\n',
  );
  const placeOf = (...path: PropertyKey[]) => {
    const place = yaml?.problem(path, { code: 'c', message: 'm' }).place;
    return `${place?.line}:${place?.column}`;
  };

  it('points at values', () => {
    expect(placeOf('list', 1, 'name')).toBe('3:9');
    expect(placeOf('list', 1, 'map', 'k')).toBe('5:12');
    expect(placeOf('list', 1, 'map')).toBe('5:8');
    expect(placeOf('list', 1)).toBe('3:3');
  });

  it('points at the key where the value has no place of its own', () => {
    expect(placeOf('list', 1, 'empty')).toBe('4:3');
    expect(placeOf('list')).toBe('1:1');
  });

  it('goes as far down a path as the file does', () => {
    expect(placeOf('list', 0, 'missing', 'deeper')).toBe('2:3');
    expect(placeOf('nothing')).toBe('1:1');
    expect(placeOf('alias', 'x')).toBe('6:13');
  });

  it('points at keys', () => {
    const place = yaml?.problemAtKey(['list', 1, 'name'], { code: 'c', message: 'm' }).place;
    expect(place).toMatchObject({ line: 3, column: 3 });
  });
});
