// Windows event log records come in several shapes; Sigma's field names are the names inside of them, on one level.

import { fieldReader } from '../match/field.ts';
import { flatWinlog, windowsExportIn } from './windows-exports.ts';

type Record = Readonly<globalThis.Record<string, unknown>>;

/**
 * A Windows event as a flat record in Sigma's names: `EventID`, `Channel`, `Provider_Name`, `Image` … Reads what
 * evtx converters give (`Event.System`, `Event.EventData`, attributes under `#attributes`, `@`, `_attributes` or in a
 * `Provider_attributes`), flat records whose `EventData` is not, Winlogbeat's `winlog.*`, nested or not, and what other
 * exporters write (windows-exports.ts). Where the record has no
 * `@timestamp`, its own time becomes that. On process creations of the Security log (4688) the names of Sysmon are
 * added. A record in which nothing of this applies is given back as it is.
 */
export function flattenWindowsEvent(record: object): object {
  const root = record as Record;
  const event = asRecord(root.Event) ?? root;
  const system = asRecord(event.System);
  if ((system !== undefined || asRecord(event.EventData)) ?? asRecord(event.UserData)) {
    return flattenEvent(root, event, system ?? {});
  }
  const winlog = asRecord(root.winlog) ?? flatWinlog(root);
  if (winlog !== undefined) return flattenWinlog(root, winlog);
  return flattenFlat(root);
}

/**
 * A record that is flat already. Names with spaces are those of Windows' events: Sigma's rules strip them; and some
 * exporters have names of their own.
 */
function flattenFlat(root: Record): object {
  const exported = windowsExportIn(root);
  const spaced = Object.keys(root).filter((name) => name.includes(' '));
  const isTimed = root['@timestamp'] !== undefined || timeOf(root) === undefined;
  if (isTimed && spaced.length === 0 && exported === undefined && !isProcessAudit(root.EventID)) return root;
  const flat = new FlatRecord();
  for (const [name, value] of exported?.names ?? []) flat.add(name, value);
  for (const [name, value] of Object.entries(root)) flat.add(name, value);
  for (const data of exported?.data ?? []) addData(flat, data);
  for (const name of spaced) flat.addData(name, root[name]);
  return finish(flat, root);
}

function flattenEvent(root: Record, event: Record, system: Record): object {
  const flat = new FlatRecord();
  for (const [tag, node] of Object.entries(system)) flat.addElement(tag, node);
  addData(flat, event.EventData);
  for (const node of Object.values(asRecord(event.UserData) ?? {})) addUserData(flat, node);
  if (event === root) {
    // What stands beside: an exporter's own fields, or the system part of a record that is flat but for its data.
    for (const [name, value] of Object.entries(root)) if (!containers.has(name)) flat.addData(name, value);
  }
  return finish(flat, root);
}

const containers: ReadonlySet<string> = new Set(['System', 'EventData', 'UserData']);

/** Winlogbeat and the Elastic agent keep the original names below `winlog`; rules may use either. */
function flattenWinlog(root: Record, winlog: Record): object {
  const flat = new FlatRecord();
  flat.add('EventID', winlog.event_id);
  flat.add('Channel', winlog.channel);
  flat.add('Provider_Name', winlog.provider_name);
  flat.add('Computer', winlog.computer_name);
  flat.add('EventRecordID', winlog.record_id);
  addData(flat, winlog.event_data);
  addData(flat, winlog.user_data);
  for (const { name, read } of movedFields) flat.add(name, read(root));
  for (const [name, value] of Object.entries(root)) flat.add(name, value);
  return finish(flat, root);
}

/** Winlogbeat's module for Sysmon moves these out of the event's own data into ECS. */
const movedFields = Object.entries({
  Image: 'process.executable',
  CommandLine: 'process.command_line',
  CurrentDirectory: 'process.working_directory',
  ProcessId: 'process.pid',
  ProcessGuid: 'process.entity_id',
  ParentImage: 'process.parent.executable',
  ParentCommandLine: 'process.parent.command_line',
  ParentProcessId: 'process.parent.pid',
  ParentProcessGuid: 'process.parent.entity_id',
  TargetFilename: 'file.path',
  TargetObject: 'registry.path',
  QueryName: 'dns.question.name',
  SourceIp: 'source.ip',
  SourcePort: 'source.port',
  DestinationIp: 'destination.ip',
  DestinationPort: 'destination.port',
  DestinationHostname: 'destination.domain',
}).map(([name, field]) => ({ name, read: fieldReader(field) }));

/** `{Name: value}`, or the XML's own `Data` elements with a `Name` attribute. */
function addData(flat: FlatRecord, data: unknown): void {
  for (const [name, value] of Object.entries(asRecord(data) ?? {})) {
    if (isAttributes(name)) continue;
    if (name === 'Data') addDataElements(flat, value);
    else flat.addData(name, textOf(value));
  }
}

function addDataElements(flat: FlatRecord, value: unknown): void {
  const unnamed: unknown[] = [];
  for (const element of Array.isArray(value) ? value : [value]) {
    const node = asRecord(element);
    const name = node && (attributesOf(node).Name ?? node.Name);
    if (typeof name === 'string') flat.addData(name, textOf(node?.['#text'] ?? node?.text ?? node?.Value));
    else unnamed.push(textOf(element));
  }
  if (unnamed.length > 0) flat.add('Data', unnamed.length === 1 ? unnamed[0] : unnamed);
}

/** The elements of the one element that `UserData` holds, whatever its name is. */
function addUserData(flat: FlatRecord, node: unknown): void {
  for (const [name, value] of Object.entries(asRecord(node) ?? {})) {
    if (isAttributes(name)) continue;
    const inner = asRecord(value);
    if (inner !== undefined && !('#text' in inner)) addUserData(flat, inner);
    else flat.addData(name, textOf(value));
  }
}

/** Adds what rules expect under another name: Sysmon's names for the Security log's own, the time, the log source. */
function finish(flat: FlatRecord, root: Record): object {
  if (isProcessAudit(flat.get('EventID'))) {
    flat.add('Image', flat.get('NewProcessName'));
    flat.add('ParentImage', flat.get('ParentProcessName'));
    flat.add('LogonId', flat.get('SubjectLogonId'));
  }
  flat.add('@timestamp', root['@timestamp'] ?? timeOf(flat.fields));
  flat.add('logsource', root.logsource);
  return flat.fields;
}

const isProcessAudit = (id: unknown): boolean => String(id) === '4688';

/** The time that a record gives in its own way; Sysmon's `UtcTime` does not say that it is in UTC. */
function timeOf(record: Record): unknown {
  const { TimeCreated_SystemTime, TimeCreated, SystemTime, UtcTime, EventTime, timestamp, Timestamp, _time } =
    record;
  const utc = typeof UtcTime === 'string' ? `${UtcTime.trim().replace(' ', 'T')}Z` : undefined;
  return (
    TimeCreated_SystemTime ?? TimeCreated ?? SystemTime ?? utc ?? EventTime ?? timestamp ?? Timestamp ?? _time
  );
}

/** What was said first stays: `System` comes before the event's own data. */
class FlatRecord {
  readonly fields: globalThis.Record<string, unknown> = Object.create(null);

  get(name: string): unknown {
    return this.fields[name];
  }

  add(name: string, value: unknown): void {
    if (value !== undefined && !(name in this.fields)) this.fields[name] = value;
  }

  /** What the event itself tells. Sigma's rules strip names of their spaces: `New Value` is `NewValue`. */
  addData(name: string, value: unknown): void {
    this.add(name, value);
    this.add(name.replaceAll(' ', ''), value);
  }

  /** An element of `System`: its text under its tag, its attributes under `Tag_Attribute`. */
  addElement(name: string, node: unknown): void {
    // Attributes apart from their element: `Provider_attributes` beside `Provider`.
    const tag = name.replace(/_attributes$/, '');
    const element = asRecord(node);
    if (element === undefined) {
      this.add(tag, node);
      return;
    }
    for (const [attribute, value] of Object.entries(attributesOf(element)))
      this.add(`${tag}_${attribute}`, value);
    this.add(tag, element['#text']);
  }
}

const attributeKeys = ['#attributes', '@attributes', '_attributes', '$', '@'];

const isAttributes = (name: string): boolean =>
  attributeKeys.includes(name) || name === 'xmlns' || name === '@xmlns';

/** Attributes in whichever way the converter spells them: in an object of their own, or as `@Name`; else all keys. */
function attributesOf(element: Record): Record {
  for (const key of attributeKeys) {
    const own = asRecord(element[key]);
    if (own !== undefined) return own;
  }
  return Object.fromEntries(
    Object.entries(element)
      .filter(([name]) => name !== '#text')
      .map(([name, value]) => [name.replace(/^@/, ''), value]),
  );
}

/** The text of an element that may have attributes. */
function textOf(value: unknown): unknown {
  const element = asRecord(value);
  return element !== undefined && '#text' in element ? element['#text'] : value;
}

const asRecord = (value: unknown): Record | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record) : undefined;
