// The engine's record of a container → ECS.
//
// | ECS field                               | from                                                                   |
// |-----------------------------------------|------------------------------------------------------------------------|
// | event.action                            | Action, without the words that exec's actions carry                    |
// | event.type, .outcome                    | the action; the exit code where one is told                            |
// | container.id, .name, .image.name, .tag  | Actor                                                                  |
// | container.labels                        | the labels, other than the harness's                                   |
// | container.security_context.privileged   | HostConfig.Privileged                                                  |
// | process.args, .command_line             | Entrypoint and Cmd; of an exec the words after its action              |
// | user.id, .name                          | Config.User; nobody named is root                                      |
// | atomclock.container.mounts.writable, .readonly | the folders of the machine, or volumes, that it is given        |
// | atomclock.container.mounts.text         | each as `source:destination:rw` or `:ro`                               |
// | atomclock.container.volumes_from        | HostConfig.VolumesFrom: the containers whose volumes it shares         |
// | atomclock.container.capabilities, .pid_mode, .network_mode | HostConfig                                          |
//
// How a container is set up is in every event of it: rules need not join them.

import type { EcsEvent } from '../../model/event.ts';
import type { ContainerSetup, EngineRecord } from './record.ts';

/**
 * @param number of the event in its case, from 1
 * @param setup of its container, as told when that was created; undefined where it was not
 */
export function engineEvent(
  { event, execUser, isOfHarness }: EngineRecord,
  number: number,
  setup: ContainerSetup | undefined,
): EcsEvent {
  const { ID: id, Attributes: told } = event.Actor;
  const [action = '', words] = split(event.Action);
  const exitCode = told.exitCode === undefined ? undefined : Number(told.exitCode);
  return {
    '@timestamp': new Date(event.timeNano / 1e6).toISOString(),
    event: {
      id: `engine-${number}`,
      kind: 'event',
      category: ['container'],
      type: [types[action] ?? 'info'],
      action,
      ...(exitCode !== undefined && {
        outcome: exitCode === 0 ? ('success' as const) : ('failure' as const),
      }),
      dataset: 'atomclock.container',
      provider: 'docker',
    },
    container: {
      id,
      ...(told.name !== undefined && { name: told.name }),
      image: imageOf(told.image ?? setup?.Config.Image ?? ''),
      ...labelsOf(told),
      ...(setup && {
        runtime: setup.HostConfig.Runtime ?? 'docker',
        security_context: { privileged: setup.HostConfig.Privileged },
      }),
    },
    ...processOf(words, setup, exitCode),
    // Who enters a container may be told by a name of his own; else he is who it runs as.
    ...(setup && { user: userOf(execUser || setup.Config.User) }),
    host: { os: { type: 'linux' } },
    atomclock: {
      sensor: 'engine',
      sequence: number,
      container: { of_harness: isOfHarness, ...(setup && ownFieldsOf(setup)) },
    },
  };
}

/** `exec_create: sh -c id` */
function split(action: string): [string, string | undefined] {
  const at = action.indexOf(': ');
  return at < 0 ? [action.trim(), undefined] : [action.slice(0, at), action.slice(at + 2).trim()];
}

const types: Readonly<Record<string, string>> = {
  create: 'creation',
  start: 'start',
  restart: 'start',
  exec_create: 'info',
  exec_start: 'start',
  exec_die: 'end',
  die: 'end',
  kill: 'end',
  oom: 'end',
  stop: 'end',
  destroy: 'deletion',
  rename: 'change',
  'extract-to-dir': 'change',
};

/** A tag stands behind the last colon, where no slash follows: what does is a registry's port. */
function imageOf(image: string): { name: string; tag?: string[] } {
  const [, name = image, tag] = /^(.*?)(?::([^:/@]+))?(?:@.*)?$/.exec(image) ?? [];
  return { name, ...(tag !== undefined && { tag: [tag] }) };
}

function labelsOf(told: Readonly<Record<string, string>>): { labels?: Record<string, string> } {
  const own = Object.entries(told).filter(
    ([name]) => !engineAttributes.has(name) && !name.startsWith('dev.atomclock.'),
  );
  return own.length > 0
    ? { labels: Object.fromEntries(own.map(([name, value]) => [name.replaceAll('.', '_'), value])) }
    : {};
}

/** What the engine itself puts beside the labels. */
const engineAttributes: ReadonlySet<string> = new Set([
  'name',
  'image',
  'exitCode',
  'execID',
  'signal',
  'execDuration',
]);

function processOf(
  words: string | undefined,
  setup: ContainerSetup | undefined,
  exitCode: number | undefined,
): Partial<EcsEvent> {
  const args =
    words === undefined
      ? [...(setup?.Config.Entrypoint ?? []), ...(setup?.Config.Cmd ?? [])]
      : words.split(' ');
  const process = {
    ...(args.length > 0 && { args, args_count: args.length, command_line: args.join(' ') }),
    ...(words === undefined && setup?.Config.WorkingDir && { working_directory: setup.Config.WorkingDir }),
    ...(exitCode !== undefined && { exit_code: exitCode }),
  };
  // The engine knows no process of the container by what others know it by: such fields are missing.
  return Object.keys(process).length > 0 ? { process: process as NonNullable<EcsEvent['process']> } : {};
}

/** `1000`, `1000:1000`, `alice`, `alice:users`; nobody is root, whom an image may name as 0 or by name. */
function userOf(user: string): { id: string; name?: string } {
  const [who = ''] = user.split(':');
  if (who === '' || who === '0' || who === 'root') return { id: '0', name: 'root' };
  return /^\d+$/.test(who) ? { id: who } : ({ name: who } as { id: string; name: string });
}

function ownFieldsOf({ HostConfig, Mounts }: ContainerSetup): Record<string, unknown> {
  const mounts = (Mounts ?? []).filter(({ Type }) => Type !== 'tmpfs');
  const sources = (isWritable: boolean) =>
    mounts.filter(({ RW }) => RW === isWritable).map(({ Source }) => Source);
  const capabilities = (HostConfig.CapAdd ?? []).map((name) => name.replace(/^CAP_/, ''));
  return {
    ...(mounts.length > 0 && {
      mounts: {
        writable: sources(true),
        readonly: sources(false),
        text: mounts.map(({ Source, Destination, RW }) => `${Source}:${Destination}:${RW ? 'rw' : 'ro'}`),
      },
    }),
    ...((HostConfig.VolumesFrom ?? []).length > 0 && { volumes_from: HostConfig.VolumesFrom }),
    ...(capabilities.length > 0 && { capabilities }),
    ...(HostConfig.PidMode !== '' && { pid_mode: HostConfig.PidMode }),
    ...(HostConfig.NetworkMode !== '' && { network_mode: HostConfig.NetworkMode }),
  };
}
