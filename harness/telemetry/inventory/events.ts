// Changes of the inventory as ECS events, so that rules can look at what a job would run and where it is written down.
//
// | change                        | event.action                  | event.type |
// |-------------------------------|-------------------------------|------------|
// | schedule added/changed/removed| schedule-added, …-changed, …-removed | creation, change, deletion |
// | file added/changed/removed    | schedule-file-added, …        | creation, change, deletion |
//
// event.category is `configuration` for all: the inventory sees a state, not the act that made it, and must not be
// taken for a file event. What would run is `atomclock.schedule` (kind, when, command, user, unit…), the whole text
// of a small file `atomclock.content`; the file itself is ECS's `file`, whom the job runs as ECS's `user`.

import type { EcsEvent, SensorName } from '../../model/event.ts';
import type { Schedule, ScheduleFile } from '../../model/inventory.ts';
import type { InventoryChange } from '../../schedulers/inventory-diff.ts';
import { pathFields } from '../path-fields.ts';

export interface InventoryContext {
  /** When the later inventory was taken, ISO 8601. */
  readonly at: string;
  /** Of the first event, from 1; 1 unless given. */
  readonly firstNumber?: number;
  /** Names the events; `inventory` unless given. */
  readonly sensor?: SensorName;
}

/** One event for each change, in their order. */
export function inventoryEvents(changes: readonly InventoryChange[], context: InventoryContext): EcsEvent[] {
  const { at, firstNumber = 1, sensor = 'inventory' } = context;
  return changes.map((change, index) => ({
    '@timestamp': at,
    event: {
      id: `${sensor}-${firstNumber + index}`,
      kind: 'event',
      category: ['configuration'],
      type: [eventTypes[change.change]],
      action: `${change.subject === 'file' ? 'schedule-file' : 'schedule'}-${change.change}`,
      dataset: `atomclock.${sensor}`,
    },
    host: { os: { type: 'linux' } },
    message: sentence(change),
    ...details(change, sensor),
  }));
}

const eventTypes = { added: 'creation', changed: 'change', removed: 'deletion' } as const;

function details(change: InventoryChange, sensor: SensorName): Pick<EcsEvent, 'file' | 'user' | 'atomclock'> {
  const now = change.change === 'removed' ? change.before : change.after;
  const before = change.change === 'changed' ? { before: change.before } : {};
  if (change.subject === 'file') {
    const file = now as ScheduleFile;
    return {
      file: {
        ...pathFields(file.path),
        mode: file.mode,
        owner: file.owner,
        type: file.target === undefined ? 'file' : 'symlink',
        ...(file.target === undefined ? {} : { target_path: file.target }),
        ...(file.sha256 ? { hash: { sha256: file.sha256 } } : {}),
      },
      atomclock: { sensor, ...(file.content === null ? {} : { content: file.content }), ...before },
    };
  }
  const schedule = now as Schedule;
  return {
    ...(schedule.file === null ? {} : { file: pathFields(schedule.file) }),
    // ECS wants an id; the inventory knows accounts by name, as the tables do.
    ...(schedule.user === null ? {} : { user: { name: schedule.user } as EcsEvent['user'] & object }),
    atomclock: { sensor, schedule, ...before },
  };
}

function sentence(change: InventoryChange): string {
  const now = change.change === 'removed' ? change.before : change.after;
  if (change.subject === 'file') return `${(now as ScheduleFile).path} ${change.change}`;
  const { kind, user, when, command, inert } = now as Schedule;
  const fate = inert ? ` (never: ${inert})` : '';
  return `${kind} ${change.change}: ${command} as ${user ?? 'nobody known'}, ${when || 'no readable time'}${fate}`;
}
