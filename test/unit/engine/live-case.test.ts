import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { judgeCase } from '../../../harness/engine/judge/judge-case.ts';
import { ruleBook } from '../../../harness/engine/judge/rule-book.ts';
import { blankEvidence } from '../../../harness/engine/run/blank-evidence.ts';
import { matchedFacts, SaidMatches } from '../../../harness/main/judged-facts.ts';
import type { EcsEvent } from '../../../harness/model/event.ts';
import type { ProcedureEvidence } from '../../../harness/model/evidence.ts';
import type { RunFact } from '../../../harness/model/run-event.ts';
import { loadRules } from '../../../harness/rules/index.ts';
import { anAtomic } from './content.ts';
import { event, exec, exit, file, fork, resetClock } from './events.ts';
import { followed } from './follow.ts';
import { attackArgs, cronChild, cronJob, marker, nonce, tableStory } from './story.ts';

beforeEach(() => {
  resetClock();
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

const eql = (name: string, query: string) => ({
  file: `${name}.toml`,
  text: `[rule]\nname = "${name}"\nrule_id = "${name}"\ntype = "eql"\nlanguage = "eql"\nquery = '''${query}'''\n`,
});
const sigma = `
title: table
name: table
id: 11111111-1111-4111-8111-111111111111
logsource: { product: linux, category: file_event }
detection: { s: { TargetFilename|startswith: [/etc/cron.d/, /tmp/] }, condition: s }
---
title: many
id: 22222222-2222-4222-8222-222222222222
correlation: { type: event_count, rules: [table], group-by: [], timespan: 1h, condition: { gte: 2 } }
`;
const { rules, problems } = loadRules([
  eql('single', 'file where event.action == "creation" and file.path : "/etc/cron.d/*"'),
  eql(
    'written-then-run',
    'sequence [file where file.path : "/etc/cron.d/*"] [process where process.args : "*touch*"]',
  ),
  eql('logged-then-run', 'sequence [any where message == "logged"] [process where process.args : "*touch*"]'),
  eql(
    'never-logged',
    'sequence with maxspan=1m [file where event.action == "creation"] ![any where message == "logged"] [process where event.type == "end"]',
  ),
  eql('last-one', 'file where event.action == "creation" | tail 1'),
  eql('elsewhere', 'process where process.name == "cron" and event.action == "fork"'),
  { file: 'many.yml', text: sigma },
]);
const book = ruleBook(rules, {
  ...{ unusable: [], bundled: new Set<string>(), fields: 'ecs' },
  sensorsFor: () => ['ebpf'],
});

const line = (message: string): EcsEvent => {
  const made = event('', 'info', 'logged', { message });
  return { ...made, event: { ...made.event, category: [] }, atomclock: { sensor: 'journal' } };
};

/** A table is dropped and changed, cron runs what it says, and something is logged in between. */
function recorded(): { evidence: ProcedureEvidence; events: EcsEvent[] } {
  const job = cronJob(marker, '/usr/bin/touch');
  const events = tableStory('/etc/cron.d/evil', (shell) => [
    line('logged'),
    file('modification', '/etc/cron.d/evil', shell),
    exit(shell),
    ...[fork(cronChild), exec(job), file('creation', `/tmp/atomclock-${nonce}`, job), exit(job)],
  ]);
  const planned = {
    ...{
      id: 'drop@debian12',
      kind: 'attack' as const,
      atomic: anAtomic({ slug: 'drop' }),
      target: 'debian12',
    },
    ...{ variant: null, mitigations: [], user: 'root', needsUserManager: false, skipped: null },
    ...{ key: { atomic: 'drop', variant: {}, target: 'debian12', mitigations: [] }, expectation: null },
  };
  const evidence = blankEvidence(planned, () => nonce) as ProcedureEvidence;
  const step = { role: 'attack' as const, user: 'root', command: 'do it', argv: attackArgs, exitCode: 0 };
  evidence.steps.push({ ...step, stdout: '', stderr: '', startedAt: '2026-01-01T00:00:00Z', ms: 1 });
  return { evidence, events };
}

const follow = (delayMs: (event: EcsEvent) => number = () => 0): RunFact[] => {
  resetClock();
  const { evidence, events } = recorded();
  return followed(evidence, events, rules, { delayMs, advance: (ms) => vi.advanceTimersByTime(ms) });
};
const judged = () => {
  resetClock();
  const { evidence, events } = recorded();
  return judgeCase(evidence, events, book);
};
/** What stands of a rule's matches when all is said, in any order. */
const standing = (facts: readonly RunFact[]): Record<string, string[]> => {
  const found: Record<string, Set<string>> = {};
  for (const fact of facts) {
    if (fact.kind === 'matched') found[fact.rule] = new Set([...(found[fact.rule] ?? []), ...fact.eventIds]);
    if (fact.kind === 'withdrawn') for (const id of fact.eventIds) found[fact.rule]?.delete(id);
  }
  return Object.fromEntries(
    Object.entries(found).flatMap(([rule, ids]) => (ids.size > 0 ? [[rule, [...ids].sort()]] : [])),
  );
};

it('has rules of every kind, and one that matches nothing of the attack', () => {
  expect(problems).toEqual([]);
  expect(Object.keys(standing(matchedFacts(judged()))).sort()).toEqual([
    'elsewhere',
    'last-one',
    'many',
    'never-logged',
    'single',
    'written-then-run',
  ]);
});

describe('what is said live is what the record has', () => {
  it('in the order of time, each match at its moment and none left to correct', () => {
    const facts = follow();
    const said = new SaidMatches();
    facts.forEach(said.heard(() => {}));
    expect(said.corrections(judged())).toEqual([]);
    expect(standing(facts)).toEqual(standing(matchedFacts(judged())));
  });

  it('whatever the pace of each sensor', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 16, maxLength: 16 }), (delays) => {
        const kernel = delays[0] ?? 0;
        // One sensor keeps its own order; the log comes when it likes.
        const facts = follow(({ event: { id }, atomclock: { sensor } }) =>
          sensor === 'journal' ? (delays[Number(id.split('-')[1]) % 16] ?? 0) : kernel / 10,
        );
        const said = new SaidMatches();
        const all: RunFact[] = [];
        facts.forEach(said.heard((fact) => all.push(fact)));
        expect(standing([...all, ...said.corrections(judged())])).toEqual(standing(matchedFacts(judged())));
      }),
    );
  });
});

it('says each event of the attack once, in its order, and nothing of the background', () => {
  const told = follow().flatMap((fact) => (fact.kind === 'event' ? [`${fact.role}: ${fact.sentence}`] : []));
  expect(told).toEqual([
    'runner: a shell is started for the commands',
    'attack: dash[200] (root) creates /etc/cron.d/evil',
    'attack: dash[200] (root) changes /etc/cron.d/evil',
    'attack: dash[200] ends with exit code 0',
    'job: cron[454] makes a process of its own',
    `payload: root starts /usr/bin/touch /tmp/atomclock-${nonce}`,
    `payload: touch[455] (root) creates /tmp/atomclock-${nonce}`,
    'payload: touch[455] ends with exit code 0',
  ]);
});

it('tells with a match which test held on which value', () => {
  const matched = follow().find((fact) => fact.kind === 'matched' && fact.rule === 'single');
  expect(matched).toMatchObject({
    because: expect.arrayContaining([
      expect.objectContaining({ holds: true, seen: [{ field: 'file.path', value: '/etc/cron.d/evil' }] }),
    ]),
  });
});

it('withdraws what judging does not find', () => {
  const said = new SaidMatches();
  const heard = said.heard(() => {});
  heard({ kind: 'matched', case: 'drop@debian12', rule: 'single', eventIds: ['ebpf-99'] });
  expect(said.corrections(judged())).toContainEqual({
    ...{ kind: 'withdrawn', case: 'drop@debian12', rule: 'single' },
    eventIds: ['ebpf-99'],
  });
});
