// What came of a person's time at a terminal, as text: what was scheduled, what ran, who saw it, what is left.

import type { CaseRecord } from '../model/run-record.ts';
import type { CaseTrace } from '../model/traces.ts';
import { verdictStyles } from './console.ts';
import { printable } from './printable.ts';
import { painter, wrap } from './table.ts';

/** @param trace null where the evidence cannot be read */
export function sessionText(
  record: CaseRecord,
  trace: CaseTrace | null,
  { color, columns }: { readonly color: boolean; readonly columns: number },
): string {
  const paint = painter(color);
  const part = (title: string, lines: readonly string[], nothing: string): string[] => [
    '',
    paint('bold', title),
    ...(lines.length > 0 ? lines : [nothing]).flatMap((line) =>
      wrap(printable(line), Math.max(20, columns - 5)).map(
        (text, at) => `${at === 0 ? '  ' : '    '}${text}`,
      ),
    ),
  ];
  const { verdict, observation, id, user, reasons, residue } = record;
  return [
    paint(
      verdictStyles[verdict],
      `${verdict}: ${printable(id)} as ${printable(user)}, ${observation ?? 'not run'}`,
    ),
    ...part(
      'Scheduled',
      scheduled(record, trace),
      'nothing that is there now or was while it was waited for',
    ),
    ...part('Ran', ran(record), 'no scheduler launched anything of it'),
    ...part('Seen by', seen(record, trace), 'no rule'),
    ...(reasons.length > 0 ? part('Notes', reasons, '') : []),
    ...part('Left', residue, 'nothing'),
    '',
  ].join('\n');
}

/** A job that ran at once is gone before anybody can list it: then what was written for it tells. */
function scheduled({ artifacts, proof }: CaseRecord, trace: CaseTrace | null): string[] {
  const found = listed(trace);
  if (found.length > 0 || proof === null) return found;
  const made = artifacts.filter(({ action }) => action === 'creation' || action === 'rename');
  return [...new Set(made.map(({ path }) => `${path}, gone before it could be listed`))];
}

const listed = (trace: CaseTrace | null): string[] =>
  (trace?.schedules ?? [])
    .filter(({ before, changed }) => !before || changed)
    .map(
      ({ kind, user, when, command, file, inert }) =>
        `${kind}: ${command}${user === null ? '' : ` as ${user}`}, ${when}${file === null ? '' : ` (${file})`}${inert === undefined ? '' : `; will not run: ${inert}`}`,
    );

const ran = ({ proof }: CaseRecord): string[] =>
  proof === null
    ? []
    : [
        `${proof.scheduler} launched ${proof.commandLine} as ${proof.user}, ${(proof.latencyMs / 1000).toFixed(1)} s after the terminal was opened${proof.exitCode === null ? '' : `; exit ${proof.exitCode}`}`,
        `proven by ${proof.eventId}: ${proof.lineage.join(' < ')}`,
      ];

const seen = ({ detections }: CaseRecord, trace: CaseTrace | null): string[] =>
  detections
    .filter(({ attributed }) => attributed)
    .map(({ rule, eventIds }) => {
      const reading = trace?.readings.find((one) => one.rule === rule);
      const values = (reading?.stages ?? [])
        .flatMap(({ matched, tests }) => (matched ? tests : []))
        .flatMap((test) => (test.holds && !test.excluded ? test.seen : []))
        .filter(({ field }) => /^(?:file|process)\.(?!type)/.test(field))
        .map(({ field, value }) => `${field} ${value}`);
      const why = values.length > 0 ? `: ${values.slice(0, 2).join(', ')}` : '';
      return `${rule} (${eventIds.slice(0, 3).join(', ')})${why}`;
    });
