// Whose field names a record uses, whatever was said of its file, and whether it tells what log it is of.

import { fieldReader } from './match/field.ts';
import { logOriginOf } from './sigma/log-origin.ts';
import { flattenWindowsEvent } from './sigma/windows-event.ts';

/**
 * The names that a record uses: ECS where it has fields that only ECS has, Sigma where it has names that Sigma's
 * taxonomy has from Windows' events, at the top or within what an exporter wraps around them.
 * @returns undefined for a record that has both, as Winlogbeat's, or neither
 */
export function namesOf(record: object): 'ecs' | 'sigma' | undefined {
  const isSigma =
    sigmaNames.some((name) => Object.hasOwn(record, name)) ||
    winlogFields.some((read) => read(record) !== undefined);
  const isEcs = ecsFields.some((read) => read(record) !== undefined);
  if (isSigma === isEcs) return undefined;
  return isSigma ? 'sigma' : 'ecs';
}

const sigmaNames = [
  'Event',
  'EventData',
  'EventID',
  'Channel',
  'Provider_Name',
  'Image',
  'CommandLine',
  'ParentImage',
  'TargetFilename',
  'TargetObject',
  'QueryName',
  'DestinationIp',
  'logsource',
  'LogName',
  'EventId',
  'AllFieldInfo',
];

const winlogFields = ['winlog.channel', 'winlog.event_id', 'winlog.event_data'].map(fieldReader);

const ecsFields = [
  'event.category',
  'event.kind',
  'event.action',
  'event.module',
  'event.dataset',
  'process.executable',
  'process.command_line',
  'process.name',
  'file.path',
  'log.syslog.appname',
].map(fieldReader);

/** Whether a record with Sigma's names tells its log source by nothing: rules of every log source are tried on it. */
export const isOfAnyLog = (record: object): boolean => logOriginOf(flattenWindowsEvent(record)) === undefined;
