// Short hand for ECS events as the sensors make them, for tests of the engine.

import type { EcsEvent, ProcessFields } from '../../../harness/model/event.ts';

let tick = 0;

export const resetClock = (): void => {
  tick = 0;
};

/** Events are a millisecond apart. */
const nextTime = (): string => new Date(Date.UTC(2026, 0, 1) + tick).toISOString();

export interface ProcessOptions {
  pid: number;
  executable: string;
  args?: string[];
  user?: string;
  parent?: ProcessFields;
  exitCode?: number;
}

export const process = ({ pid, executable, args, user = 'root', parent }: ProcessOptions): ProcessFields => ({
  entity_id: `entity-${pid}`,
  pid,
  executable,
  name: executable.slice(executable.lastIndexOf('/') + 1),
  ...(args && { args, command_line: args.join(' ') }),
  user: { id: user === 'root' ? '0' : '1000', name: user },
  ...(parent && { parent: withoutParent(parent) }),
});

/** Records name one generation only. */
const withoutParent = ({ parent: _, ...fields }: ProcessFields): ProcessFields => fields;

/** What runs outside of the container: the parent of every docker exec. */
export const outside: ProcessFields = { entity_id: 'runc', pid: 0, executable: '/usr/sbin/runc' };

export function event(
  category: string,
  type: string,
  action: string,
  fields: Omit<Partial<EcsEvent>, 'event'>,
): EcsEvent {
  tick += 1;
  return {
    '@timestamp': nextTime(),
    event: { id: `ebpf-${tick}`, kind: 'event', category: [category], type: [type], action },
    atomclock: { sensor: 'ebpf', sequence: tick },
    ...fields,
  };
}

export const fork = (child: ProcessFields): EcsEvent => event('process', 'start', 'fork', { process: child });

export const exec = (subject: ProcessFields, extra: Partial<EcsEvent['atomclock']> = {}): EcsEvent => {
  const made = event('process', 'start', 'exec', { process: subject });
  return { ...made, atomclock: { ...made.atomclock, ...extra } };
};

export const exit = (subject: ProcessFields, exitCode = 0): EcsEvent =>
  event('process', 'end', 'end', { process: { ...subject, exit_code: exitCode } });

export const file = (
  action: string,
  path: string,
  by: ProcessFields,
  extra: Partial<NonNullable<EcsEvent['file']>> = {},
): EcsEvent =>
  event('file', action === 'creation' ? 'creation' : action === 'deletion' ? 'deletion' : 'change', action, {
    process: by,
    file: {
      path,
      name: path.slice(path.lastIndexOf('/') + 1),
      directory: path.slice(0, path.lastIndexOf('/')) || '/',
      ...extra,
    },
  });

/** A process that was there before the sensor. */
export const running = (subject: ProcessFields): EcsEvent =>
  event('process', 'info', 'already_running', { process: subject });
