// The fields that the sensors' events have: a rule that asks for any other can never fire here.

/** Of `process`; those of `process.parent` are the same. */
const processFields = [
  ...['entity_id', 'pid', 'name', 'executable', 'args', 'args_count', 'command_line', 'working_directory'],
  ...[
    'start',
    'end',
    'exit_code',
    'title',
    'thread.id',
    'pgid',
    'session_leader.entity_id',
    'tty.char_device',
  ],
  ...['user.id', 'user.name', 'real_user.id', 'real_user.name', 'saved_user.id', 'saved_user.name'],
  ...['group.id', 'group.name', 'real_group.id', 'real_group.name'],
];

const fields = new Set([
  ...['@timestamp', 'message', 'tags', 'container.id', 'host.os.type', 'host.name', 'host.hostname'],
  ...['event.id', 'event.kind', 'event.category', 'event.type', 'event.action', 'event.outcome'],
  ...['event.dataset', 'event.module', 'event.provider', 'event.sequence'],
  ...processFields.flatMap((field) => [`process.${field}`, `process.parent.${field}`]),
  ...['file.path', 'file.name', 'file.directory', 'file.extension', 'file.target_path', 'file.type'],
  ...['file.inode', 'file.mode', 'file.size', 'file.uid', 'file.gid', 'file.owner', 'file.group'],
  ...['file.Ext.original.path', 'file.Ext.original.name', 'file.Ext.original.extension'],
  ...['user.id', 'user.name', 'user.effective.id', 'user.effective.name', 'user.audit.id', 'user.audit.name'],
  ...['user.saved.id', 'user.filesystem.id', 'group.id', 'group.name'],
  ...['log.syslog.appname', 'log.syslog.facility.code', 'log.syslog.priority', 'log.syslog.procid'],
  ...['systemd.unit', 'systemd.user_unit'],
]);

/** Whole families whose names the audited system chooses. */
const families = ['auditd.', 'journald.', 'atomclock.', 'systemd.'];

export const isTelemetryField = (field: string): boolean =>
  fields.has(field) || families.some((family) => field.startsWith(family));

/** All names, for suggestions. */
export const telemetryFields = (): ReadonlySet<string> => fields;
