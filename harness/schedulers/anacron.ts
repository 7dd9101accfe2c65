// anacron: its table, and its notes of the day on which each job last ran.

import type { Scheduler } from './scheduler.ts';

export const anacronTable = '/etc/anacrontab';
const notes = '/var/spool/anacron';

export const anacron: Scheduler = {
  name: 'anacron',
  daemons: [{ program: '/usr/sbin/anacron' }],
  units: ['anacron.service'],
  places: [
    { path: anacronTable, role: 'table' },
    { path: `${notes}/*`, role: 'note' },
  ],
  logNames: ['anacron'],
};

/** Where anacron notes when a job last ran. */
export const noteOf = (job: string): string => `${notes}/${job}`;
