// Elastic's rules on documents that made each of them fire on a real Elastic stack.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Query } from '../../../../harness/rules/rule.ts';
import { corpora, isAbsent } from './corpora.ts';
import { matchesOf, ruleOf } from './run.ts';

const pair = z.object({ name: z.string(), query: z.string(), docs: z.array(z.looseObject({})) });

describe.skipIf(isAbsent('geneve-eql'))(
  'rules fire on their documents (skipped where the corpora are absent)',
  () => {
    const file = `${corpora}/geneve-eql/rule-document-pairs.json`;
    const pairs = isAbsent('geneve-eql') ? [] : z.array(pair).parse(JSON.parse(readFileSync(file, 'utf8')));

    it('are all there', () => {
      expect(pairs).toHaveLength(129);
    });

    it.each(pairs)('$name', ({ query, docs }) => {
      const rule = ruleOf(query);
      const length = eventsPerMatch(rule.query);
      const groups = Array.from({ length: docs.length / length }, (_, index) => index * length);
      // Alone, each document or sequence of documents fires exactly once.
      const expected = Array.from({ length }, (_, index) => index);
      for (const start of groups)
        expect(matchesOf(rule, docs.slice(start, start + length))).toEqual([expected]);
      // In one stream, each document takes part in a match.
      const fired = new Set(matchesOf(rule, docs).flat());
      expect(docs.flatMap((_, index) => (fired.has(index) ? [] : [index]))).toEqual([]);
    });
  },
);

/** How many of the documents, which stand one sequence after the other, belong together. */
function eventsPerMatch(query: Query): number {
  if (query.kind !== 'sequence') return 1;
  return query.stages.reduce((sum, { runs }) => sum + runs, 0);
}
