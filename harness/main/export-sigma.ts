// Of each Sigma rule that fired in a run, the events that it fired on, as SigmaHQ's regression tests want them.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCase, readEvidenceFile } from '../content/evidence-folder.ts';
import { type ProvenRule, regressionFiles } from '../content/sigma-regression.ts';
import type { EcsEvent } from '../model/event.ts';
import type { EvidenceFile } from '../model/evidence.ts';
import type { OnRunEvent, OnRunFact } from '../model/run-event.ts';
import type { CaseRecord, RunRecord } from '../model/run-record.ts';
import { compileRules, loadRules, type Rule } from '../rules/index.ts';
import { sigmaRecord } from '../rules/sigma/sigma-record.ts';
import { loadBook } from './load-content.ts';
import { replayFolder } from './replay-folder.ts';
import type { RegressionRequest } from './request.ts';
import { stamped, type World } from './world.ts';
import { writeFiles } from './write-files.ts';

export interface ExportedRegression {
  readonly files: readonly string[];
  readonly rules: number;
  readonly events: number;
}

/** More cases of one rule test nothing further. */
const samplesOfRule = 20;

/**
 * Judges the run and writes what its Sigma rules fired on in attacks, credited to them; what a rule does not match under
 * Sigma's own names is left out, and said.
 * @throws AtomclockError `evidence/…`, `output/unwritable`; ContentError
 */
export async function exportRegression(
  request: RegressionRequest,
  world: World,
  onEvent: OnRunEvent,
): Promise<ExportedRegression> {
  const say = stamped(onEvent);
  const { run, rules: paths, out } = request;
  const replayed = { source: run, rules: paths, fields: 'ecs', sensors: [], zone: null, out: null } as const;
  const { record } = await replayFolder({ ...replayed, placeholders: {}, placeholderFiles: [] }, world, say);
  const file = await readEvidenceFile(run);
  const texts = paths.length > 0 ? loadBook(paths, () => {}).texts : file.rules;
  const { rules } = loadRules(texts, { fields: 'sigma', placeholders: file.placeholders ?? {} });
  const textOf = new Map(texts.map((one) => [one.file, one.text]));
  const found = await samplesOf(run, file, record, rules, say);
  const proven = rules.flatMap((rule): ProvenRule[] => {
    const samples = found.get(rule.slug) ?? [];
    const [first] = samples;
    if (!first || rule.source.kind !== 'logsource') return [];
    if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(rule.id)) {
      say({
        kind: 'note',
        message: `${rule.slug}: left out, its id is no GUID, after which samples are named`,
      });
      return [];
    }
    const { id, slug, title, source } = rule;
    const auditLog = samples.flatMap((sample) => sample.auditLog);
    const simulations = [...new Map(samples.flatMap(simulationOf).map((one) => [one.guid, one])).values()];
    return [{ id, slug, title, source, text: textOf.get(rule.file) ?? '', samples, auditLog, simulations }];
  });
  const provenance = {
    run: record.run.id,
    date: record.run.finishedAt.slice(0, 10),
    harness: record.run.harness,
  };
  const files = await writeFiles(out, regressionFiles(proven, provenance));
  return {
    files,
    rules: proven.length,
    events: proven.reduce((sum, { samples }) => sum + samples.length, 0),
  };
}

interface Sample {
  readonly case: string;
  readonly record: object;
  readonly of: CaseRecord;
  readonly auditLog: readonly string[];
}

/** Of each rule, one event of each attack that it is credited with, by the rule's short name. */
async function samplesOf(
  run: string,
  { cases }: EvidenceFile,
  record: RunRecord,
  rules: readonly Rule[],
  say: OnRunFact,
): Promise<Map<string, Sample[]>> {
  const samples = new Map<string, Sample[]>();
  const bySlug = new Map(
    rules.filter(({ language }) => language === 'sigma').map((rule) => [rule.slug, rule]),
  );
  const unlike = new Set<string>();
  for (const of of record.cases) {
    const place = cases.find(({ id }) => id === of.id);
    const credited = of.detections.filter(({ attributed, rule }) => attributed && bySlug.has(rule));
    const wanted = credited.filter(({ rule }) => (samples.get(rule)?.length ?? 0) < samplesOfRule);
    // Under a mitigation it is the same attack once more.
    if (of.kind !== 'attack' || of.mitigation !== null || !place || wanted.length === 0) continue;
    const { events } = await readCase(run, place);
    for (const { rule: slug, eventIds } of wanted) {
      const rule = bySlug.get(slug) as Rule;
      const sample = events
        .filter(({ event }) => eventIds.includes(event.id))
        .map((event) => ({ event, record: recordOf(rule, event) }))
        .find((each) => each.record !== null);
      if (!sample?.record) unlike.add(slug);
      else {
        const auditLog = await auditLines(run, place.folder, sample.event);
        samples.set(slug, [
          ...(samples.get(slug) ?? []),
          { case: of.id, record: sample.record, of, auditLog },
        ]);
      }
    }
  }
  for (const slug of unlike) {
    if (samples.has(slug)) continue;
    say({
      kind: 'note',
      message: `${slug}: left out, no single event under Sigma's names shows what it fired on`,
    });
  }
  return samples;
}

/** The event under Sigma's names, where the rule matches it as that. */
function recordOf(rule: Rule, event: EcsEvent): object | null {
  const record = rule.source.kind === 'logsource' ? sigmaRecord(event, rule.source) : null;
  if (record === null) return null;
  const session = compileRules([rule], { fields: 'sigma' }).session();
  return [...session.push(record, 1), ...session.finish()].length > 0 ? record : null;
}

/** The records of the kernel that an event of the audit sensor was made of, in the form of audit.log. */
async function auditLines(run: string, folder: string, event: EcsEvent): Promise<string[]> {
  const { atomclock, auditd } = event as EcsEvent & { readonly auditd?: { readonly sequence?: unknown } };
  if (atomclock.sensor !== 'audit' || typeof auditd?.sequence !== 'number') return [];
  const raw = await readFile(join(run, 'cases', folder, 'raw', 'audit.ndjson'), 'utf8').catch(() => '');
  return raw.split('\n').filter((line) => line.includes(`:${auditd.sequence})`));
}

/** Our own atomics are none of Atomic Red Team's. */
const simulationOf = ({ of: { atomic } }: Sample): ProvenRule['simulations'] =>
  atomic.bundled === true ? [] : [{ name: atomic.name, technique: atomic.technique, guid: atomic.guid }];
