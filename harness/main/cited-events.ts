// Which events of a case a report shows: those that its record and the records of rules cite.

import type { JudgedCase } from '../engine/judge/judged-case.ts';
import { firingsIn } from '../engine/judge/rule-findings.ts';
import type { CaseRecord, RunRecord } from '../model/run-record.ts';

/** More events of one detection say no more than the first. */
const shownOfEach = 8;

/** Ids of the events that the record of a run cites, by case. */
export function citedIn({ cases, rules }: RunRecord): Map<string, Set<string>> {
  const cited = new Map<string, Set<string>>();
  const add = (id: string, eventIds: readonly string[]): void => {
    const known = cited.get(id) ?? new Set();
    cited.set(id, known);
    for (const each of eventIds) known.add(each);
  };
  for (const each of cases) add(each.id, citedBy(each));
  for (const { falsePositives, crossTalk } of rules) {
    for (const each of [...falsePositives, ...crossTalk]) add(each.case, each.eventIds.slice(0, shownOfEach));
  }
  return cited;
}

/** The same of one case as it is judged: what the record of its run will cite of it. */
export function citedOf(judged: JudgedCase): Set<string> {
  const elsewhere = firingsIn(judged).flatMap(({ falsely, noise }) => [falsely, noise]);
  return new Set([
    ...(judged.record ? citedBy(judged.record) : []),
    ...elsewhere.flatMap((eventIds) => eventIds.slice(0, shownOfEach)),
  ]);
}

const citedBy = ({ proof, artifacts, detections }: CaseRecord): string[] => [
  ...(proof ? [proof.eventId] : []),
  ...artifacts.map(({ eventId }) => eventId),
  ...detections.flatMap(({ eventIds }) => eventIds.slice(0, shownOfEach)),
];
