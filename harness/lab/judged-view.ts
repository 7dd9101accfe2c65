// What a page shows of cases that have been judged: verdicts, and from the evidence processes, schedules and files.

import { readTraces } from '../main/traces.ts';
import { writtenFiles } from '../main/written-files.ts';
import type { RunRecord } from '../model/run-record.ts';
import type { JudgedView } from './message.ts';

/** @throws AtomclockError `evidence/…` where the evidence as a whole cannot be read */
export async function judgedViews(record: RunRecord, folder: string): Promise<JudgedView[]> {
  const [traces, files] = await Promise.all([readTraces(folder, record), writtenFiles(folder)]);
  return record.cases.map((each) => {
    const { id, mitigation, observation, verdict, reasons, proof, seenBy, artifacts, residue } = each;
    const trace = traces?.cases.get(id);
    return {
      record: { id, mitigation, observation, verdict, reasons, proof, seenBy, artifacts, residue },
      trace: trace ? { processes: trace.processes, schedules: trace.schedules } : null,
      files: files.get(id) ?? [],
    };
  });
}
