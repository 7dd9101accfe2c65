// Rules that are replayed and never executed: each holds on what is recorded for it, and lint says where one does not.

import { describe, expect, it } from 'vitest';
import { checkSamples } from '../../../harness/content/lint/samples.ts';
import { loadReplayedRules } from '../../../harness/content/replayed-rules.ts';
import { folderOf } from './folder-of.ts';

describe('the rules for Windows of this package', () => {
  const replayed = loadReplayedRules();

  it('match on every hit, on no near miss, and have each of their branches proven', () => {
    expect(replayed.problems).toEqual([]);
    expect(checkSamples(replayed)).toEqual([]);
    expect(replayed.samples.length).toBeGreaterThanOrEqual(7);
  });

  it('see the events that the field names for at and its service', () => {
    const recorded = replayed.samples.flatMap(({ hits }) =>
      (hits?.text.trim().split('\n') ?? []).map((line) => JSON.parse(line)),
    );
    const numbers = new Set(recorded.map(({ Event }) => Event.System.EventID));
    for (const number of [1, 106, 4688, 4698, 4700, 4701, 5145]) expect(numbers).toContain(number);
  });
});

describe('lint', () => {
  const rule = `title: T
id: 33333333-3333-4333-8333-333333333333
tags: [attack.t1053.005]
logsource: {product: windows, service: security}
detection:
  selection: {EventID: 4698, TaskName: ['\\A', '\\B']}
  filter: {SubjectUserName: SYSTEM}
  condition: selection and not filter
`;
  const event = (TaskName: string, SubjectUserName = 'jane') =>
    `${JSON.stringify({ Channel: 'Security', EventID: 4698, TaskName, SubjectUserName })}\n`;
  const said = (files: Record<string, string>) =>
    checkSamples(loadReplayedRules(folderOf({ 'windows/made.yml': rule, ...files }))).map(
      ({ place, severity, code }) =>
        `${place.file.split('/').slice(-2).join('/')}:${place.line} ${severity} ${code}`,
    );
  const hits = `${event('\\A')}${event('\\B')}`;
  const misses = `${event('\\C')}${event('\\A', 'SYSTEM')}`;

  it.each<[what: string, files: Record<string, string>, problems: string[]]>([
    ['is content', { 'samples/made/hits.ndjson': hits, 'samples/made/misses.ndjson': misses }, []],
    ['asks for events', {}, ['windows/made.yml:1 error samples/none']],
    ['asks for near misses', { 'samples/made/hits.ndjson': hits }, ['windows/made.yml:1 error samples/none']],
    [
      'names the line on which a rule should match, and that on which it should not',
      {
        'samples/made/hits.ndjson': `${hits}${event('\\C')}`,
        'samples/made/misses.ndjson': `${event('\\B')}${misses}`,
      },
      ['made/hits.ndjson:3 error samples/missed', 'made/misses.ndjson:1 error samples/matched'],
    ],
    [
      'names branches that no event proves',
      { 'samples/made/hits.ndjson': event('\\A'), 'samples/made/misses.ndjson': event('\\C') },
      ['windows/made.yml:6 warning samples/unproven', 'windows/made.yml:7 warning samples/unproven'],
    ],
    [
      'names what is no event, and a file without any',
      { 'samples/made/hits.ndjson': `${hits}[]\nnothing\n`, 'samples/made/misses.ndjson': '\n' },
      [
        'made/hits.ndjson:3 error samples/not-an-event',
        'made/hits.ndjson:4 error samples/not-an-event',
        'made/misses.ndjson:1 error samples/empty',
        'windows/made.yml:7 warning samples/unproven',
      ],
    ],
    [
      'names events without a rule',
      {
        'samples/made/hits.ndjson': hits,
        'samples/made/misses.ndjson': misses,
        'samples/gone/hits.ndjson': hits,
      },
      ['gone/hits.ndjson:1 error samples/no-rule'],
    ],
  ])('%s', (_, files, problems) => expect(said(files)).toEqual(problems));
});
