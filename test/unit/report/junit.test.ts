// JUnit has two published schemas, Ant's and Jenkins's: what both demand of shape and order, checked element by element.

import { expect, it } from 'vitest';
import { renderJunit } from '../../../harness/report/junit.ts';
import { bareRecord, sampleRecord } from './fixture.ts';

interface Element {
  name: string;
  attributes: Record<string, string>;
  children: Element[];
}

/** Parses XML as strictly as this test needs it: every tag closed, attributes in double quotes, once each. */
function parse(xml: string): Element {
  const root: Element = { name: '', attributes: {}, children: [] };
  const open = [root];
  const body = xml.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '');
  for (const [, close, name = '', list = '', empty] of body.matchAll(
    /<(\/?)([a-z-]+)((?: [a-z]+="[^"<]*")*)(\/?)>/g,
  )) {
    if (close) {
      expect(open.pop()?.name).toBe(name);
      continue;
    }
    const pairs = [...list.matchAll(/ ([a-z]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]);
    const element: Element = { name, attributes: Object.fromEntries(pairs), children: [] };
    expect(Object.keys(element.attributes)).toHaveLength(pairs.length);
    open.at(-1)?.children.push(element);
    if (!empty) open.push(element);
  }
  expect(open).toEqual([root]);
  expect(root.children).toHaveLength(1);
  return root.children[0] as Element;
}

const namesOf = ({ children }: Element): string[] => children.map(({ name }) => name);

it.each([
  ['a run', sampleRecord()],
  ['a replay of bare events', bareRecord()],
])('has the shape that both schemas accept: %s', (_, record) => {
  const root = parse(renderJunit(record).output);
  expect(root).toMatchObject({ name: 'testsuites', attributes: {} });
  for (const [index, suite] of root.children.entries()) {
    const tests = suite.children.filter(({ name }) => name === 'testcase');
    expect(namesOf(suite)).toEqual([
      'properties',
      ...tests.map(() => 'testcase'),
      'system-out',
      'system-err',
    ]);
    const count = (name: string) => `${tests.filter((test) => namesOf(test).includes(name)).length}`;
    expect(suite.attributes).toEqual({
      name: expect.stringMatching(/./),
      package: expect.stringMatching(/./),
      id: `${index}`,
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/),
      hostname: expect.stringMatching(/./),
      tests: `${tests.length}`,
      failures: count('failure'),
      errors: count('error'),
      skipped: count('skipped'),
      time: expect.stringMatching(/^\d{1,3}\.\d{3}$/),
    });
    for (const { attributes, children } of tests) {
      expect(Object.keys(attributes)).toEqual(['name', 'classname', 'time']);
      expect(children.length).toBeLessThanOrEqual(1);
      for (const { name, attributes: of } of children) {
        expect(Object.keys(of)).toEqual(name === 'skipped' ? ['message'] : ['message', 'type']);
      }
    }
  }
});

it('has every case and every rule as a test case, once', () => {
  const record = sampleRecord();
  const names = parse(renderJunit(record).output).children.flatMap(({ children }) =>
    children.flatMap(({ attributes }) => attributes.classname && attributes.name),
  );
  expect(names.filter(Boolean)).toEqual([
    ...record.cases.filter(({ mitigation }) => mitigation === null).map(({ id }) => id),
    ...record.cases.filter(({ mitigation }) => mitigation !== null).map(({ id }) => id),
    ...record.rules.map(({ title }) => title),
  ]);
});
