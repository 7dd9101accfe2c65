// Whose field names a record uses, whatever was said of its file, and whether it tells what log it is of.

import { fieldReader } from './match/field.ts';
import type { Rule } from './rule.ts';
import { fieldsOf } from './rule-fields.ts';
import { logOriginOf } from './sigma/log-origin.ts';
import { flattenWindowsEvent } from './sigma/windows-event.ts';

/**
 * Whether the names of a record are these and not the others: ECS where it has fields that only ECS has, Sigma where it
 * has names that Sigma's taxonomy has from Windows' events, at the top or within what an exporter wraps around them. A
 * record that has both, as Winlogbeat's, is readable either way.
 */
export const hasOnlyNamesOf = (taxonomy: 'ecs' | 'sigma', record: object): boolean =>
  // Of events with the names that were said, the first look tells.
  taxonomy === 'sigma'
    ? !hasEcsField(record) && hasSigmaName(record)
    : !hasSigmaName(record) && hasEcsField(record);

const hasSigmaName = (record: object): boolean => sigmaNames.some((name) => Object.hasOwn(record, name));
const hasEcsField = (record: object): boolean => ecsFields.some((read) => read(record) !== undefined);

/**
 * Tells records of another form: they have no field by which ECS tells what an event is, and none that the rules ask for.
 * @param rules compiled for ECS's names
 */
export function foreignTo(rules: readonly Rule[]): (record: object) => boolean {
  const asked = new Set(rules.flatMap((rule) => fieldsOf(rule).map(({ field }) => field)));
  const readers = [...ecsFields, fieldReader('message'), ...[...asked].map(fieldReader)];
  return (record) => readers.every((read) => read(record) === undefined);
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
  'winlog',
  'winlog.channel',
  'winlog.event_id',
];

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
export function isOfAnyLog(record: object): boolean {
  const { Channel } = record as { readonly Channel?: unknown };
  if (typeof Channel === 'string' && Channel.trim() !== '') return false;
  return logOriginOf(flattenWindowsEvent(record)) === undefined;
}
