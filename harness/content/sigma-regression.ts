// Regression data of Sigma rules as SigmaHQ's repository has it, below its root: samples, what they test, rules that name them.

import { createHash } from 'node:crypto';
import { stringify } from 'yaml';

/** A rule that fired, with what it fired on. */
export interface ProvenRule {
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  /** Of a log source: what SigmaHQ names the folder of its rules after. */
  readonly source: { readonly category?: string; readonly service?: string };
  readonly text: string;
  /** Records with Sigma's names, each of which the rule was seen to match. */
  readonly samples: readonly { readonly case: string; readonly record: object }[];
  /** Lines of the audit log, as the kernel wrote them, of the cases that the samples are of. */
  readonly auditLog: readonly string[];
  /** Tests of Atomic Red Team that caused them. */
  readonly simulations: readonly {
    readonly name: string;
    readonly technique: string;
    readonly guid: string;
  }[];
}

export interface Provenance {
  readonly run: string;
  /** `2026-01-15` */
  readonly date: string;
  readonly harness: string;
}

/**
 * @returns path below the repository's root → text
 * @source SigmaHQ/sigma, regression_data/README.md: layout, `info.yml`, the name of a sample is the rule's id
 */
export function regressionFiles(rules: readonly ProvenRule[], provenance: Provenance): Map<string, string> {
  const files = new Map<string, string>();
  const taken = new Set<string>();
  for (const rule of rules) {
    const folder = folderOf(rule, taken);
    const data = `regression_data/rules/${folder}`;
    const sample = `${data}/${rule.id}.json`;
    const info = `${data}/info.yml`;
    files.set(info, infoText(rule, sample, provenance));
    files.set(sample, linesOf(rule.samples.map(({ record }) => JSON.stringify(record))));
    if (rule.auditLog.length > 0) files.set(`${data}/${rule.id}.log`, linesOf(rule.auditLog));
    files.set(`rules/${folder}.yml`, withTests(rule, info));
  }
  return files;
}

const linesOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

/** `linux/file_event/cron-table-dropped`; file names of others may hold anything. */
function folderOf({ id, slug, source }: ProvenRule, taken: Set<string>): string {
  const plain = (name: string): string => name.replace(/[^\w.-]+/g, '_').replace(/^\.+/, '') || 'rule';
  const wanted = `linux/${plain(source.category ?? source.service ?? 'other')}/${plain(slug)}`;
  const folder = taken.has(wanted) ? `${wanted}_${id.slice(0, 8)}` : wanted;
  taken.add(folder);
  return folder;
}

const infoText = (
  { id, title, samples }: ProvenRule,
  sample: string,
  { run, date, harness }: Provenance,
): string =>
  stringify(
    {
      id: guidOf(`atomclock regression ${id}`),
      description: `Recorded by atomclock ${harness} (run ${run}), one event of each of: ${samples.map((each) => each.case).join(', ')}`,
      date,
      author: 'atomclock',
      rule_metadata: [{ id, title }],
      regression_tests_info: [
        {
          name: 'Positive Detection Test',
          type: 'ndjson',
          match_count: samples.length,
          path: sample,
        },
      ],
    },
    { lineWidth: 0, indentSeq: true },
  );

/** The rule with what SigmaHQ asks of a rule that has tests; what it says already stays. */
function withTests({ text, simulations }: ProvenRule, info: string): string {
  // Further documents would get what is written behind them.
  if (/^(?:---|\.\.\.)/m.test(text.replace(/^---[^\n]*\n/, ''))) return text;
  const has = (key: string): boolean => new RegExp(`^${key}\\s*:`, 'm').test(text);
  const added = {
    ...(!has('regression_tests_path') && { regression_tests_path: info }),
    ...(!has('simulation') &&
      simulations.length > 0 && {
        simulation: simulations.map(({ name, technique, guid }) => ({
          type: 'atomic-red-team',
          name,
          technique,
          atomic_guid: guid,
        })),
      }),
  };
  if (Object.keys(added).length === 0) return text;
  return `${text.trimEnd()}\n${stringify(added, { lineWidth: 0, indentSeq: true })}`;
}

/** The same for the same name: exported twice, it is the same test. @source RFC 9562, version 8 */
const guidOf = (name: string): string =>
  createHash('sha256')
    .update(name)
    .digest('hex')
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-8$3-a$4-$5');
