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
