// A bare file of events, judged without a run: what is said of it, and where in it a rule matched.

import type { RuleRecord, RunRecord } from '../model/run-record.ts';
import { someNames } from '../model/some-names.ts';
import { placeText } from './place.ts';

/** More of a correlation's events than these would be a list of their own. */
const shownEvents = 6;

/** Each match of a rule as the lines of its events: `cron.log:7`, `cron.log:7, cron.log:9`. */
export const matchPlaces = ({ matches }: RuleRecord, { run }: RunRecord): string[] =>
  matches
    .filter((match) => match.case === undefined)
    .map(({ eventIds, open }) => {
      const lines = eventIds.map((id) => lineText(id, run.file));
      return `${someNames(lines, shownEvents)}${open ? ' (open: the events end before its timespan is over)' : ''}`;
    });

const lineText = (id: string | number, file: string | undefined): string =>
  file !== undefined && typeof id === 'number' ? placeText({ file, line: id }) : `event ${id}`;

/** What a run was made with; of a bare file nothing of that is known but its name. */
export const conditionsOf = ({ run }: RunRecord): string[] =>
  run.file === undefined
    ? [
        `${run.clock} clock`,
        `sensors ${run.sensors.join(' ') || 'none'}`,
        ...(run.host.kernel ? [`kernel ${run.host.kernel}`] : []),
        ...(run.shard === null ? [] : [`shard ${run.shard}`]),
      ]
    : [`events of ${run.file}`];
