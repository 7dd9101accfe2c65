// Explanations: the branch that matched, the tests that failed, the events that came nearest.

import { describe, expect, test } from 'vitest';
import { explain, nearest } from '../../../../harness/rules/explain.ts';
import { explanationText } from '../../../../harness/rules/explain-text.ts';
import { and, eventRule, is, not, or } from './fixture.ts';

const options = { fields: 'ecs' } as const;
const rule = eventRule(
  and(
    or(is('file.path', '/etc/cron.d/job'), is('file.path', '/etc/crontab')),
    not(is('process.name', 'dpkg')),
  ),
  'cron-file',
  { category: 'file' },
);
const event = (path: string, name = 'vi', category = 'file'): object => ({
  event: { category: [category] },
  file: { path },
  process: { name },
});

describe('explain', () => {
  test('a match shows the branch that held and the values', () => {
    const [explanation] = explain(rule, event('/etc/crontab'), options);
    expect(explanation).toMatchObject({
      matched: true,
      failed: [],
      distance: 0,
      because: [
        { text: 'file.path is "/etc/crontab"', seen: [{ field: 'file.path', value: '/etc/crontab' }] },
      ],
    });
  });

  test('a match of a rule that only excludes shows what did not apply', () => {
    const [explanation] = explain(eventRule(not(is('a', '1'))), { a: '2' }, options);
    expect(explanation?.because).toMatchObject([{ text: 'a is "1"', excluded: true }]);
  });

  test('a miss shows the nearest branch only', () => {
    const [explanation] = explain(rule, event('/etc/cron.d/jot'), options);
    expect(explanation?.failed.map(({ text }) => text)).toEqual(['file.path is "/etc/cron.d/job"']);
  });

  test('an exclusion that held is what failed', () => {
    const [explanation] = explain(rule, event('/etc/crontab', 'dpkg'), options);
    expect(explanation?.failed).toMatchObject([{ text: 'process.name is "dpkg"', excluded: true }]);
  });

  test('an event of another category says so first', () => {
    const [explanation] = explain(rule, event('/etc/crontab', 'vi', 'process'), options);
    expect(explanation?.matched).toBe(false);
    expect(explanation?.failed).toMatchObject([
      { text: 'event.category is "file"', seen: [{ field: 'event.category', value: ['process'] }] },
    ]);
  });
});

test('nearest ranks events by how close they came', () => {
  const events = [
    event('/etc/crontab', 'vi', 'process'),
    {},
    event('/usr/bin/x', 'dpkg'),
    event('/etc/crontab', 'dpkg'),
    event('/etc/cron.d/jobs'),
    event('/home/alice'),
  ];
  const [near] = nearest(rule, events, { ...options, limit: 4 });
  expect(near?.map(({ event: position }) => position)).toEqual([4, 5, 3, 2]);
});

test('the text names the event, the values and the place', () => {
  const [miss] = explain(rule, event('/etc/cron.d/jot'), options);
  expect(miss && explanationText(miss, 'line 3')).toBe(
    [
      'cron-file does not match line 3',
      '  - file.path is "/etc/cron.d/job"; saw file.path "/etc/cron.d/jot" (fixture.yml:1:1)',
    ].join('\n'),
  );
  const [absent] = explain(eventRule(is('a', '1')), {}, options);
  expect(absent && explanationText(absent, 'line 1')).toContain('saw no a');
});

test('the nearest of many is the first of all: events of another kind may stand before, between and behind', () => {
  const foreign = event('/etc/crontab', 'vi', 'process');
  const orders = [
    [foreign, event('/tmp/x'), foreign, event('/etc/cron.d/jot'), foreign],
    [foreign, foreign],
    [event('/etc/crontab'), foreign, event('/etc/crontab')],
    [event('/tmp/x'), foreign, event('/tmp/x')],
  ];
  const shown = (events: object[], limit: number) =>
    nearest(rule, events, { ...options, limit })[0]?.map(({ event, distance }) => ({ event, distance }));
  for (const events of orders) {
    const all = shown(events, events.length);
    for (const limit of [1, 2]) expect(shown(events, limit)).toEqual(all?.slice(0, limit));
  }
});
