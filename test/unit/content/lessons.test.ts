// Lessons: each bundled mitigation makes one on each target where it can be applied; a file of one's own makes a course.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadAtomics } from '../../../harness/content/atomics.ts';
import { type LessonSource, lessonOf } from '../../../harness/content/lesson.ts';
import { LessonFile, lessonsOf } from '../../../harness/content/lessons.ts';
import { loadMitigations } from '../../../harness/content/mitigations.ts';
import { readTargets } from '../../../harness/content/targets.ts';
import { ContentError } from '../../../harness/model/errors.ts';
import { lessonStages } from '../../../harness/model/lesson.ts';
import { mitigationFor, type WrittenMitigation } from '../../../harness/model/mitigation.ts';
import { claimOn } from '../../../harness/model/mitigation-claim.ts';

const { mitigations } = loadMitigations();
const { atomics, expectations } = loadAtomics({ bundled: true, foreign: [] });
const sources = [...readTargets()].map(
  ([target, { families }]): LessonSource => ({ atomics, expectations, target, families }),
);
const debian12 = sources.find(({ target }) => target === 'debian12') as LessonSource;
/** The default target, or the first of those that it is for. */
const sourceFor = ({ targets }: WrittenMitigation): LessonSource =>
  targets && !targets.includes(debian12.target)
    ? (sources.find(({ target }) => targets.includes(target)) as LessonSource)
    : debian12;
const named = (id: string) => mitigations.find((one) => one.id === id) as WrittenMitigation;

describe('the lesson of a mitigation', () => {
  it.each(mitigations.map((each) => [each.id, each] as const))('%s', (_, mitigation) => {
    const source = sourceFor(mitigation);
    const lesson = lessonOf(mitigation, source);
    expect(lesson).not.toBeNull();
    const stages = lesson?.stages ?? [];
    expect(stages.map(({ kind }) => lessonStages.indexOf(kind))).toEqual(
      stages.map(({ kind }) => lessonStages.indexOf(kind)).toSorted((a, b) => a - b),
    );
    for (const { title, text, runs } of stages) {
      expect(title).not.toBe('');
      expect(text).not.toBe('');
      if (runs) expect(atomics.map(({ slug }) => slug)).toContain(runs.atomic);
    }
    // What is shown to work is what the hardening says it stops, or puts on record; where it does neither, what gets by.
    const shown = atomics.find(({ slug }) => slug === stages[0]?.runs?.atomic);
    const here = mitigationFor(mitigation, source.families);
    const claim = shown && here && claimOn(here, shown);
    expect(claim?.kind).toBe(here?.stops.length ? 'stops' : here?.records ? 'records' : 'bypass');
    expect(stages.some(({ kind }) => kind === 'refused')).toBe(claim?.kind === 'stops');
    expect(stages.some(({ kind }) => kind === 'recorded')).toBe(claim?.kind === 'records');
    expect(stages.filter(({ kind }) => kind === 'around').length).toBe(here?.bypasses.length);
  });

  it('is there on every target where its mitigation is one, and only there', () => {
    for (const source of sources) {
      const there = new Set(lessonsOf(mitigations, source).map(({ mitigation }) => mitigation));
      for (const each of mitigations) {
        const isHere =
          (each.targets?.includes(source.target) ?? true) && mitigationFor(each, source.families) !== null;
        if (!isHere) expect(there.has(each.id), `${each.id} on ${source.target}`).toBe(false);
      }
      expect(there.size, source.target).toBeGreaterThan(0);
    }
  });

  it('tells the story of audit rules, which stop nothing', () => {
    const { stages, attack } = lessonOf(named('audit-rules'), debian12) ?? { stages: [], attack: '' };
    expect(attack).toBe('M1047');
    expect(stages.map(({ kind, runs }) => [kind, runs?.atomic, runs?.mitigation])).toEqual([
      ['attack', 'at-stdin', null],
      ['traces', undefined, undefined],
      ['hardening', undefined, undefined],
      ['recorded', 'at-stdin', 'audit-rules'],
      ['legitimate', undefined, undefined],
      ['around', 'timer-user', 'audit-rules'],
      ['around', 'systemd-run-timer', 'audit-rules'],
    ]);
    expect(stages[2]?.code).toContain('-w /usr/bin/at -p x -k at-use');
    expect(stages[3]?.text).toContain('the key at-use');
  });

  it('tells the story of at-allow', () => {
    const { stages, attack } = lessonOf(named('at-allow'), debian12) ?? { stages: [], attack: '' };
    expect(attack).toBe('M1018');
    expect(stages.map(({ kind, runs }) => [kind, runs?.atomic, runs?.mitigation])).toEqual([
      ['attack', 'at-stdin', null],
      ['traces', undefined, undefined],
      ['hardening', undefined, undefined],
      ['refused', 'at-stdin', 'at-allow'],
      ['legitimate', undefined, undefined],
      ['around', 'at-allow-added', 'at-allow'],
      ['around', 'at-spool-file', 'at-allow'],
      ['around', 'timer-user', 'at-allow'],
    ]);
    expect(stages[3]?.text).toContain('You do not have permission to use at.');
    expect(stages[2]?.code).toContain('/etc/at.allow');
    expect(stages[4]?.text).toBe('root queues a job (as root)\nbob, who is listed, queues a job (as bob)');
  });
});

describe('a file of lessons', () => {
  const folder = mkdtempSync(join(tmpdir(), 'atomclock-lessons-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const fileOf = (text: string): LessonFile => {
    const path = join(folder, 'course.yaml');
    writeFileSync(path, text);
    return new LessonFile(path, mitigations, atomics);
  };

  it('has its own order, attack, stages and texts', () => {
    const lessons = fileOf(`lessons:
- mitigation: cron-allow
- mitigation: at-allow
  id: at-for-beginners
  title: Who may use at
  attack: at-heredoc
  stages: [hardening, attack, around]
  texts:
    attack: Look at what atd starts.
    around: Root is never asked.
`).on(debian12);
    expect(lessons.map(({ id }) => id)).toEqual(['cron-allow', 'at-for-beginners']);
    expect(lessons[1]?.title).toBe('Who may use at');
    expect(lessons[1]?.stages.map(({ kind }) => kind)).toEqual([
      'hardening',
      'attack',
      'around',
      'around',
      'around',
    ]);
    expect(lessons[1]?.stages[1]).toMatchObject({
      text: 'Look at what atd starts.',
      runs: { atomic: 'at-heredoc', mitigation: null },
    });
    expect(lessons[1]?.stages.slice(2).map(({ text }) => text)).toEqual([
      'Root is never asked.',
      'at asks, atd does not. A file that is put into the spool runs.',
      "The user's own service manager is another door, with locks of its own.",
    ]);
  });

  it.each([
    [
      'an unknown mitigation',
      'lessons:\n- mitigation: at-alow\n',
      /course\.yaml:2:15: error: there is no mitigation at-alow.*at-allow/s,
    ],
    [
      'an unknown attack',
      'lessons:\n- mitigation: at-allow\n  attack: at-stdn\n',
      /:3:11: error: there is no atomic at-stdn.*at-stdin/s,
    ],
    [
      'an unknown stage',
      'lessons:\n- mitigation: at-allow\n  stages: [attack, trace]\n',
      /:3:20: error: .*stages/,
    ],
    [
      'a text for an unknown stage',
      'lessons:\n- mitigation: at-allow\n  texts: {atack: x}\n',
      /:3:\d+: error: .*atack.*Did you mean attack\?/s,
    ],
    [
      'two lessons of one name',
      'lessons:\n- mitigation: at-allow\n- mitigation: at-allow\n',
      /:3:15: error: another lesson before it is called at-allow/,
    ],
    ['no lesson', 'lessons: []\n', /:1:10: error: .*lessons/],
    ['no YAML', 'lessons: [', /course\.yaml:1/],
  ])('with %s is refused at its place', (_, text, expected) => {
    expect(() => fileOf(text)).toThrow(ContentError);
    expect(() => fileOf(text)).toThrow(expected);
  });
});
