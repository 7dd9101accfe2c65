// The one table between Sigma's log sources and field names and the Elastic Common Schema: which events belong
// to a log source, and where each Sigma field is found in them.
//
// Sigma's names are Sysmon's; for Linux they are those of Sysmon for Linux. What the table means:
//
// - process_creation: the process image was replaced (exec). Forks are not process creations in Sysmon's sense.
// - file_event: Sysmon's FileCreate, which fires when a file is created or overwritten under a name. Here that is
//   the creation of a file, and a rename onto the name: many programs (crontab, editors, package managers) write
//   a temporary file and rename it, and then the new name appears by the rename alone.
//   Directories are not files: making one is no file_event.
// - file_change: the content of an existing file was changed. file_delete, file_rename: as they say.
// - auditd: one record of the audit log. The audit sensor joins the records of one system call into one event, so
//   `auditd.message_type` lists the types of all its records and `auditd.data.*` all values of a field; the
//   arguments of EXECVE are `auditd.data.a0`… beside those of SYSCALL.
// - auth, cron, sshd, sudo, syslog …: log lines. Keywords are looked for in `message` only.

import type { Place } from '../../model/place.ts';
import { compileCondition } from '../match/condition.ts';
import { fieldReader } from '../match/field.ts';
import type { Predicate } from '../predicate.ts';
import { isNot, isNull } from './computed.ts';
import { windowsCategories, windowsServices } from './windows-log-sources.ts';

/** What a rule says about where its events come from. */
export interface LogSourceName {
  readonly product?: string;
  readonly category?: string;
  readonly service?: string;
}

export interface LogSourceMapping {
  readonly source: Omit<LogSourceName, 'product'>;
  /** ECS `event.category` that all its events have. */
  readonly eventCategory?: string;
  /** How its events are told from others: any of these fields has one of these values. */
  readonly events?: readonly { readonly field: string; readonly values: readonly (string | number)[] }[];
  /** The programs whose log lines its events are, in lower case; logged under a path, a program is the same. */
  readonly programs?: readonly string[];
  /** ECS `event.type` of its events where a source names no action: ECS itself asks for category and type only. */
  readonly typeWithoutAction?: string;
  /** What all its events have: a source of events without it is none of this log source. */
  readonly always?: string;
  /** Those of them that do not belong to it after all. */
  readonly except?: { readonly field: string; readonly value: string };
  /** Sigma field → ECS field. */
  readonly fields: Readonly<Record<string, FieldMapping>>;
  /** Fields that the table does not name are found under this one. */
  readonly otherFieldsUnder?: string;
  /** The one field that keywords are looked for in; the whole event when absent. */
  readonly keywordField?: string;
}

/** An ECS field, with the values that are spelled differently there. */
export type FieldMapping =
  | string
  | { readonly field: string; readonly values: Readonly<Record<string, string>> };

/** Fields of every process event, and of the process that another event is about. */
const processFields = {
  Image: 'process.executable',
  ProcessId: 'process.pid',
  ProcessGuid: 'process.entity_id',
  CommandLine: 'process.command_line',
  CurrentDirectory: 'process.working_directory',
  User: 'user.name',
  LogonId: 'process.attested_user.id',
  ParentImage: 'process.parent.executable',
  ParentCommandLine: 'process.parent.command_line',
  ParentProcessId: 'process.parent.pid',
  ParentProcessGuid: 'process.parent.entity_id',
  ParentUser: 'process.parent.user.name',
  Computer: 'host.name',
  UtcTime: '@timestamp',
} as const satisfies Readonly<Record<string, FieldMapping>>;

const fileFields = {
  ...processFields,
  TargetFilename: 'file.path',
  CreationUtcTime: 'file.created',
} as const satisfies Readonly<Record<string, FieldMapping>>;

/** Log lines of a program, known by the name that it logs under. */
const logOf = (service: string, ...programs: string[]): LogSourceMapping => ({
  source: { service },
  programs,
  fields: logFields,
  keywordField: 'message',
});

const logFields = {
  ProcessId: 'process.pid',
  Image: 'process.executable',
  User: 'user.name',
  Computer: 'host.hostname',
} as const satisfies Readonly<Record<string, FieldMapping>>;

const taxonomy: readonly LogSourceMapping[] = [
  {
    source: { category: 'process_creation' },
    eventCategory: 'process',
    // As the sources that Elastic's public rules name call it: Defend (exec), Auditbeat (executed, process_started),
    // SentinelOne (start), CrowdStrike (ProcessRollup2), Endgame's agent (exec_event).
    events: [
      {
        field: 'event.action',
        values: ['exec', 'executed', 'process_started', 'start', 'ProcessRollup2', 'exec_event'],
      },
    ],
    typeWithoutAction: 'start',
    fields: processFields,
  },
  {
    source: { category: 'process_termination' },
    eventCategory: 'process',
    events: [{ field: 'event.action', values: ['end'] }],
    typeWithoutAction: 'end',
    fields: processFields,
  },
  {
    source: { category: 'file_event' },
    eventCategory: 'file',
    events: [{ field: 'event.action', values: ['creation', 'overwrite', 'rename'] }],
    typeWithoutAction: 'creation',
    except: { field: 'file.type', value: 'dir' },
    fields: fileFields,
  },
  {
    source: { category: 'file_change' },
    eventCategory: 'file',
    events: [{ field: 'event.action', values: ['modification', 'overwrite'] }],
    typeWithoutAction: 'change',
    fields: fileFields,
  },
  {
    source: { category: 'file_delete' },
    eventCategory: 'file',
    events: [{ field: 'event.action', values: ['deletion'] }],
    typeWithoutAction: 'deletion',
    fields: fileFields,
  },
  {
    source: { category: 'file_rename' },
    eventCategory: 'file',
    events: [{ field: 'event.action', values: ['rename'] }],
    fields: { ...fileFields, SourceFilename: 'file.Ext.original.path' },
  },
  {
    // What a container engine tells of its containers (DS0032).
    source: { category: 'container' },
    eventCategory: 'container',
    fields: {
      Action: 'event.action',
      ContainerId: 'container.id',
      ContainerName: 'container.name',
      Image: 'container.image.name',
      Privileged: 'container.security_context.privileged',
      User: 'user.name',
      UserId: 'user.id',
      CommandLine: 'process.command_line',
      Mounts: 'atomclock.container.mounts.text',
      VolumesFrom: 'atomclock.container.volumes_from',
      Capabilities: 'atomclock.container.capabilities',
      PidMode: 'atomclock.container.pid_mode',
    },
  },
  {
    // Sysmon names the protocol of every connection; audit, which sees the calls, does not.
    source: { category: 'network_connection' },
    eventCategory: 'network',
    always: 'network.transport',
    fields: {
      ...processFields,
      Protocol: 'network.transport',
      Initiated: { field: 'network.direction', values: { true: 'egress', false: 'ingress' } },
      SourceIp: 'source.ip',
      SourcePort: 'source.port',
      SourceHostname: 'source.domain',
      DestinationIp: 'destination.ip',
      DestinationPort: 'destination.port',
      DestinationHostname: 'destination.domain',
    },
  },
  {
    source: { service: 'auditd' },
    events: [{ field: 'event.module', values: ['auditd', 'auditd_manager'] }],
    fields: {
      type: 'auditd.message_type',
      SYSCALL: 'auditd.data.syscall',
      syscall: 'auditd.data.syscall',
      exe: 'process.executable',
      comm: 'process.name',
      cwd: 'process.working_directory',
      proctitle: 'process.title',
      pid: 'process.pid',
      ppid: 'process.parent.pid',
      auid: 'user.audit.id',
      uid: 'user.id',
      euid: 'user.effective.id',
      suid: 'user.saved.id',
      fsuid: 'user.filesystem.id',
      gid: 'user.group.id',
      egid: 'user.effective.group.id',
      sgid: 'user.saved.group.id',
      fsgid: 'user.filesystem.group.id',
      ses: 'auditd.session',
      key: 'tags',
      name: 'auditd.paths.name',
      nametype: 'auditd.paths.nametype',
      item: 'auditd.paths.item',
      inode: 'auditd.paths.inode',
      mode: 'auditd.paths.mode',
      ouid: 'auditd.paths.ouid',
      ogid: 'auditd.paths.ogid',
      success: { field: 'auditd.result', values: { yes: 'success', no: 'fail' } },
      res: { field: 'auditd.result', values: { failed: 'fail' } },
    },
    otherFieldsUnder: 'auditd.data',
  },
  {
    source: { service: 'auth' },
    // The facilities auth and authpriv: what ends up in auth.log.
    events: [
      { field: 'log.syslog.facility.code', values: [4, 10] },
      { field: 'event.dataset', values: ['system.auth'] },
    ],
    fields: logFields,
    keywordField: 'message',
  },
  {
    source: { service: 'cron' },
    // The facility cron, and the daemons by name where the facility is not known.
    events: [{ field: 'log.syslog.facility.code', values: [9] }],
    programs: ['cron', 'crond', 'crontab', 'anacron'],
    fields: logFields,
    keywordField: 'message',
  },
  {
    source: { service: 'syslog' },
    events: [
      { field: 'event.dataset', values: ['system.syslog', 'system.auth'] },
      { field: 'log.syslog.facility.code', values: Array.from({ length: 24 }, (_, code) => code) },
    ],
    fields: logFields,
    keywordField: 'message',
  },
  logOf('sshd', 'sshd', 'sshd-session', 'sshd-auth'),
  logOf('sudo', 'sudo'),
  logOf('clamav', 'clamd', 'clamav', 'clamonacc', 'freshclam'),
  logOf('guacamole', 'guacd', 'guacamole'),
  logOf('vsftpd', 'vsftpd'),
  {
    // `product: linux` alone: any event, keywords anywhere in it.
    source: {},
    fields: { ...fileFields },
  },
];

/** What the parts of a log source may be called, beyond what is mapped here: nothing else is suggested for a mistyped one. */
export const logSourceNames: Readonly<Record<keyof LogSourceName, readonly string[]>> = {
  product: ['linux', 'windows', 'macos', 'aws', 'azure', 'gcp', 'kubernetes', 'okta', 'github', 'cisco'],
  category: [
    ...new Set([
      ...taxonomy.flatMap(({ source }) => source.category ?? []),
      ...windowsCategories.map(({ category }) => category),
      ...['antivirus', 'application', 'database', 'dns', 'firewall', 'proxy', 'webserver'],
    ]),
  ],
  service: [
    ...new Set([...taxonomy.flatMap(({ source }) => source.service ?? []), ...Object.keys(windowsServices)]),
    ...['clamav', 'guacamole', 'modsecurity', 'sshd', 'sudo', 'vsftpd', 'apache', 'nginx', 'audit'],
  ],
};

/** The table's row for a log source; undefined when there is none, or the product is not Linux. */
export function mappingOf({ product, category, service }: LogSourceName): LogSourceMapping | undefined {
  if (product !== undefined && product !== 'linux') return undefined;
  if (product === undefined && category === undefined && service === undefined) return undefined;
  return taxonomy.find(({ source }) => source.category === category && source.service === service);
}

/** The conditions that tell a log source's events from others; none when every event of the category is one. */
export function eventsOf(mapping: LogSourceMapping, place: Place): readonly Predicate[] {
  const { events = [], programs = [], typeWithoutAction, except } = mapping;
  const equals = (field: string, value: string | number, caseless = false): Predicate => ({
    kind: 'field',
    field,
    test: { op: 'equals', value, caseless },
    place,
  });
  const of: Predicate[] = events.flatMap(({ field, values }) => values.map((value) => equals(field, value)));
  for (const program of programs) {
    of.push(equals(programField, program, true), {
      kind: 'field',
      field: programField,
      test: { op: 'ends-with', value: `/${program}`, caseless: true },
      place,
    });
  }
  if (typeWithoutAction !== undefined) {
    of.push({
      kind: 'and',
      of: [
        equals('event.type', typeWithoutAction),
        {
          kind: 'or',
          of: [isNull('event.action', place), equals('event.action', 'log')],
          place,
          single: true,
        },
      ],
      place,
    });
  }
  // Conditions of the table are not alternatives and exclusions of the rule: coverage must not count them.
  const told: readonly Predicate[] = of.length > 1 ? [{ kind: 'or', of, place, single: true }] : of;
  return except === undefined ? told : [...told, isNot(except.field, except.value, place)];
}

export const programField = 'log.syslog.appname';

/** The services whose log lines are known by their program. */
export const servicesByProgram: readonly {
  readonly service: string;
  readonly programs: readonly string[];
}[] = taxonomy.flatMap(({ source: { service }, programs }) =>
  service === undefined || programs === undefined ? [] : [{ service, programs }],
);

/** Whether the name that a program logs under, perhaps with its path, is one of these. */
export function programIn(logged: string, programs: readonly string[]): boolean {
  const name = logged.toLowerCase();
  return programs.some((program) => name === program || name.endsWith(`/${program}`));
}

/** How a log source's events are told from others, in words. */
export function eventsInWords({
  eventCategory,
  events = [],
  programs,
  typeWithoutAction,
}: LogSourceMapping): string {
  const ways = [
    ...events.map(({ field, values }) =>
      values.length > 12 ? `any ${field}` : `${field} ${values.join(', ')}`,
    ),
    ...(programs ? [`the program ${programs.join(', ')}`] : []),
    ...(typeWithoutAction ? [`no event.action (or log) and event.type ${typeWithoutAction}`] : []),
  ];
  const category = eventCategory === undefined ? [] : [`event.category ${eventCategory}`];
  return [...category, ...(ways.length > 0 ? [ways.join(', or ')] : [])].join(' and ') || 'any event';
}

/** The log sources that an event in ECS belongs to. */
export const logSourcesOf = (event: object): readonly LogSourceName[] =>
  conditions.filter(({ holds }) => holds(event)).map(({ source }) => source);

const nowhere: Place = { file: '', line: 1, column: 1 };
const readCategory = fieldReader('event.category');

const conditions = taxonomy.map((mapping) => {
  const where = compileCondition({ kind: 'and', of: eventsOf(mapping, nowhere), place: nowhere });
  const { source, eventCategory } = mapping;
  return {
    source,
    holds: (event: object) =>
      (eventCategory === undefined || [readCategory(event)].flat().includes(eventCategory)) && where(event),
  };
});
