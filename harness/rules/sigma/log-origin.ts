// Which log source a record in Sigma's names is of, as far as the record says: by its own `logsource`, by the channel
// and number of a Windows event, by the type of an audit record, by the program of a log line.

import { fieldReader } from '../match/field.ts';
import { type LogSourceName, logSourcesOf, programIn, servicesByProgram } from './taxonomy.ts';
import { onlyOne } from './windows-exports.ts';
import {
  channelsOfProvider,
  sysmonChannels,
  type WindowsCategory,
  windowsCategories,
  windowsServices,
} from './windows-log-sources.ts';

/** Where a record comes from. */
export interface LogOrigin {
  /** The same for all records of the same origin. */
  readonly key: string;
  /** Whether a rule for this log source is about such records. */
  fits(wanted: LogSourceName): boolean;
}

/**
 * The origin of a record, after `flattenWindowsEvent`.
 * @returns undefined for a record that does not say what it is: it is every rule's
 */
export function logOriginOf(record: object): LogOrigin | undefined {
  const event = record as Event;
  return (
    statedOrigin(event) ?? windowsOrigin(event) ?? auditOrigin(event) ?? lineOrigin(event) ?? ecsOrigin(event)
  );
}

type Event = Readonly<Record<string, unknown>>;

/** The record names its log source: a rule that names a part asks for that very part. */
function statedOrigin({ logsource }: Event): LogOrigin | undefined {
  if (typeof logsource !== 'object' || logsource === null) return undefined;
  const stated = logsource as Readonly<Record<keyof LogSourceName, unknown>>;
  return {
    key: JSON.stringify(['stated', stated.product, stated.category, stated.service]),
    fits: (wanted) =>
      logSourceParts.every((part) => wanted[part] === undefined || wanted[part] === stated[part]),
  };
}

const logSourceParts = ['product', 'category', 'service'] as const;

/** What a Windows event says of its origin; undefined: it does not say. */
interface WindowsFacts {
  readonly channel: string | undefined;
  readonly provider: string | undefined;
  readonly id: number | undefined;
  readonly eventType: string | undefined;
}

/** Any of channel, publisher and number says that the record is of the Windows event log. */
function windowsOrigin(event: Event): LogOrigin | undefined {
  const facts: WindowsFacts = {
    channel: channelOf(onlyOne(event.Channel)),
    provider: lowerCase(onlyOne(event.Provider_Name)),
    id: numberIn(onlyOne(event.EventID)),
    eventType: lowerCase(onlyOne(event.EventType)),
  };
  if (
    lowerCase(onlyOne(event.Channel)) === undefined &&
    facts.provider === undefined &&
    facts.id === undefined
  )
    return undefined;
  const isLinux = [facts.channel, facts.provider].some((name) => name?.startsWith('linux-sysmon'));
  const product = isLinux ? 'linux' : 'windows';
  return {
    key: JSON.stringify(['windows', ...Object.values(facts).map((fact) => fact ?? null)]),
    fits: ({ product: wanted, category, service }) =>
      (wanted === undefined || wanted === product) &&
      (service === undefined || isOfService(facts, service, wanted)) &&
      (category === undefined || isOfCategory(facts, category, wanted)),
  };
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';

const lowerCase = (value: unknown): string | undefined =>
  isText(value) ? value.trim().toLowerCase() : undefined;

/** A collector's own channel says nothing of where the event was written. */
function channelOf(value: unknown): string | undefined {
  const channel = lowerCase(value);
  return channel === 'forwardedevents' ? undefined : channel;
}

function numberIn(value: unknown): number | undefined {
  const text = typeof value === 'number' || typeof value === 'bigint' ? String(value) : value;
  return isText(text) && /^\d{1,10}$/.test(text.trim()) ? Number(text) : undefined;
}

/** Services and categories that the table does not have may be those of a channel that it does not have either. */
function isOfService(facts: WindowsFacts, service: string, product: string | undefined): boolean {
  const channels = Object.hasOwn(windowsServices, service) ? windowsServices[service] : undefined;
  if (channels !== undefined) return isOfChannels(facts, channels);
  return product === 'windows' && !isKnown(facts);
}

function isOfCategory(facts: WindowsFacts, category: string, product: string | undefined): boolean {
  const rows = windowsCategories.filter((row) => row.category === category);
  if (rows.length > 0) return rows.some((row) => isOfRow(facts, row));
  return product === 'windows' && !isKnown(facts);
}

const isOfRow = (facts: WindowsFacts, { channels, ids, eventType }: WindowsCategory): boolean =>
  isOfChannels(facts, channels) &&
  (ids === undefined || facts.id === undefined || ids.includes(facts.id)) &&
  (eventType === undefined || facts.eventType === undefined || facts.eventType.startsWith(eventType));

/** Where the channels that the record may be of are not known, it may be of any; but to Sysmon's only Sysmon writes. */
function isOfChannels(facts: WindowsFacts, channels: readonly string[]): boolean {
  const told = channelsToldBy(facts);
  if (told === undefined)
    return facts.provider === undefined || channels.some((name) => !sysmonChannels.includes(name));
  return channels.some((name) => told.some((each) => isChannel(each, name)));
}

/** The channel decides, unless it is one that a collector has made up, and the publisher is known; else the publisher. */
function channelsToldBy({ channel, provider }: WindowsFacts): readonly string[] | undefined {
  if (channel !== undefined && isInTable(channel)) return [channel];
  const named = provider === undefined ? [] : channelsNamedBy(provider);
  if (named.length > 0) return named;
  return channel === undefined ? undefined : [channel];
}

const isChannel = (channel: string, name: string): boolean =>
  name.endsWith('/*') ? channel.startsWith(name.slice(0, -1)) : channel === name;

/** The channels of the table that a publisher writes to. */
function channelsNamedBy(provider: string): readonly string[] {
  if (Object.hasOwn(channelsOfProvider, provider)) return channelsOfProvider[provider] ?? [];
  return knownChannels.filter((name) => name.startsWith(`${provider}/`));
}

const isKnown = (facts: WindowsFacts): boolean => channelsToldBy(facts)?.some(isInTable) ?? false;

const isInTable = (channel: string): boolean => knownChannels.some((name) => isChannel(channel, name));

const knownChannels: readonly string[] = [
  ...new Set([
    ...Object.values(windowsServices).flat(),
    ...windowsCategories.flatMap(({ channels }) => channels),
  ]),
];

/** A record of the audit log in its own names: its type is one that only the audit system has. */
function auditOrigin({ type }: Event): LogOrigin | undefined {
  const types = Array.isArray(type) ? type : [type];
  if (!types.some((each) => isText(each) && auditType.test(each))) return undefined;
  return linuxService('audit', 'auditd');
}

/** @source Linux, include/uapi/linux/audit.h; audit-userspace, lib/audit-records.h */
const auditType =
  /^(?:SYSCALL|EXECVE|PATH|CWD|PROCTITLE|SOCKADDR|SOCKETCALL|IPC(?:_SET_PERM)?|MMAP|FD_PAIR|OBJ_PID|EOE|CONFIG_CHANGE|BPRM_FCAPS|CAPSET|S?AVC|USER(?:_\w+)?|CRED_\w+|CRYPTO_\w+|(?:ADD|DEL)_(?:USER|GROUP)|GRP_\w+|ROLE_\w+|CH(?:GRP|USER)_ID|ACCT_\w+|SYSTEM_(?:BOOT|SHUTDOWN|RUNLEVEL)|SERVICE_(?:START|STOP)|DAEMON_\w+|ANOM_\w+|RESP_\w+|MAC_\w+|APPARMOR\w*|VIRT_\w+|TIME_(?:INJOFFSET|ADJNTPVAL)|INTEGRITY_\w+|NETFILTER_\w+|SELINUX_ERR|SECCOMP|KERN_MODULE|FANOTIFY|BPF|TTY|LOGIN|OPENAT2|URINGOP|FEATURE_CHANGE|SOFTWARE_UPDATE)$/;

const linuxService = (kind: string, service: string): LogOrigin => ({
  key: `${kind} ${service}`,
  fits: (wanted) =>
    (wanted.product === undefined || wanted.product === 'linux') &&
    wanted.category === undefined &&
    (wanted.service === undefined || wanted.service === service),
});

/** A log line whose program stands in a field of its own. A program does not tell the facility: auth and syslog stay open. */
function lineOrigin(event: Event): LogOrigin | undefined {
  const tag = programFields.map((name) => event[name]).find(isText);
  if (tag === undefined) return undefined;
  const program = tag.replace(/\[\d*\]:?$|:$/, '');
  const named = servicesByProgram.filter(({ programs }) => programIn(program, programs));
  return {
    key: `program ${program}`,
    fits: ({ product, category, service }) => {
      if (named.length > 0 && product !== undefined && product !== 'linux') return false;
      if (category !== undefined) return named.length === 0;
      if (service === undefined || service === 'auth' || service === 'syslog') return true;
      const isKnownService =
        service === 'auditd' || servicesByProgram.some((each) => each.service === service);
      return isKnownService ? named.some((each) => each.service === service) : named.length === 0;
    },
  };
}

const programFields = ['SYSLOG_IDENTIFIER', 'program', 'syslog_program', 'appname', 'app_name', 'syslogtag'];

/** What a log file or the journal was read as: events in ECS, whatever names the rules use. */
function ecsOrigin(event: Event): LogOrigin | undefined {
  if (!originFields.some((read) => read(event) !== undefined)) return undefined;
  const sources = logSourcesOf(event);
  return {
    key: JSON.stringify(['ecs', sources]),
    fits: ({ product, category, service }) =>
      (product === undefined || product === 'linux') &&
      ((category === undefined && service === undefined) ||
        sources.some((source) => source.category === category && source.service === service)),
  };
}

const originFields = [
  fieldReader('log.syslog.appname'),
  fieldReader('event.module'),
  fieldReader('event.dataset'),
];
