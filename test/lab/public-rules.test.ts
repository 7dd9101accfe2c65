// A public rule for cron on executed attacks: each of its paths is fired by a real one, and our own rules see them all.

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunRecord } from '../../harness/model/run-record.ts';
import { account, caseOf } from './cases.ts';
import { recordOf, repository, temporaryFolder } from './cli.ts';

const corpus = join(process.env.CORPORA ?? join(repository, '../shared/corpora'), 'elastic-t1053');
const rule = 'cron-job-created-or-modified-v14';

/** One atomic for each path, as few as there are: the folders for run-parts share one. */
const paths = {
  '/etc/cron.allow': 'cron-allow-added',
  '/etc/cron.deny': 'cron-deny-removed',
  '/etc/cron.d/': 'cron-d-drop',
  '/etc/cron.hourly/': 'cron-script-everywhere',
  '/etc/cron.daily/': 'cron-script-everywhere',
  '/etc/cron.weekly/': 'cron-script-everywhere',
  '/etc/cron.monthly/': 'cron-script-everywhere',
  '/etc/crontab': 'etc-crontab-path',
  '/var/spool/cron/crontabs/': 'cron-allow-added',
  '/var/spool/anacron/': 'anacron-note-removed',
} as const;

describe.skipIf(!existsSync(corpus))("Elastic's rule for cron (skipped where the corpora are absent)", () => {
  let record: RunRecord;
  const filesOf = new Map<string, Map<string, string>>();
  beforeAll(async () => {
    const atomics = [...new Set(Object.values(paths))];
    await using folder = await temporaryFolder();
    ({ record } = await recordOf([
      ...['run', ...atomics, '--mitigation', 'none', '--out', folder.path],
      ...['--rules', join(corpus, `${rule}.eql`), '--rules', 'detections/eql', '--rules', 'detections/sigma'],
    ]));
    for (const { id } of record.cases) {
      const events = await readFile(join(folder.path, 'cases', id, 'events.ndjson'), 'utf8');
      const files = events
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
        .filter(({ file }) => file?.path !== undefined);
      filesOf.set(id, new Map(files.map(({ event, file }) => [event.id, file.path])));
    }
  });

  /** Paths on which a rule matched in the case of an atomic, as the attack's own. */
  const matchedIn = (slug: string, atomic: string): string[] => {
    const found = record.rules.find((each) => each.slug === slug);
    const id = `${atomic}@debian12`;
    if (!found?.firedIn.includes(id)) return [];
    return found.matches
      .filter((match) => match.case === id)
      .flatMap(({ eventIds }) => eventIds.map((event) => filesOf.get(id)?.get(`${event}`) ?? ''));
  };

  it.each<[path: string, atomic: string]>(Object.entries(paths))(
    'fires on %s in %s, and a rule of ours on the same file',
    (path, atomic) => {
      const seen = matchedIn(rule, atomic).filter((each) =>
        path.endsWith('/') ? each.startsWith(path) : each === path,
      );
      expect(seen, account(caseOf(record, atomic))).not.toEqual([]);
      const ours = record.rules
        .filter(({ slug }) => slug !== rule)
        .flatMap(({ slug }) => matchedIn(slug, atomic));
      expect(ours).toEqual(expect.arrayContaining([...new Set(seen)]));
    },
  );
});
