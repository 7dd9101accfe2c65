// Anacron's table and its notes of when each job last ran.

import type { Schedule } from '../../model/inventory.ts';
import { anacronProgram, anacronTable, noteOf } from '../../schedulers/anacron.ts';
import type { Dump } from './dump.ts';

/** The jobs of /etc/anacrontab: PERIOD DELAY JOB-ID COMMAND. */
export function anacronSchedules(dump: Dump): Schedule[] {
  const table = dump.files.find(({ path }) => path === anacronTable);
  const installed = dump.programs.has(anacronProgram);
  return (table?.content ?? '').split('\n').flatMap((text, index): Schedule[] => {
    const job = /^\s*(?<period>\d+|@\w+)\s+(?<delay>\d+)\s+(?<id>\S+)\s+(?<command>.*)$/.exec(text)?.groups;
    if (!job) return [];
    const lastRun = lastRunOf(dump, job.id ?? '');
    return [
      {
        kind: 'anacron',
        id: `anacron:${job.id}`,
        user: 'root',
        when: `${job.period} ${job.delay}`,
        command: job.command ?? '',
        file: anacronTable,
        line: index + 1,
        ...(lastRun ? { lastRun } : {}),
        ...(installed ? {} : { inert: 'anacron is not installed' }),
      },
    ];
  });
}

/** Anacron notes the day only. */
function lastRunOf(dump: Dump, id: string): string | undefined {
  const stamp = dump.files.find(({ path }) => path === noteOf(id))?.content;
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)/.exec(stamp ?? '') ?? [];
  return year ? `${year}-${month}-${day}T00:00:00Z` : undefined;
}
