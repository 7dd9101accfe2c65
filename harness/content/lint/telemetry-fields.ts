// The fields that the sensors' events have: a rule that asks for any other can never fire here.

/** Of `process`, and of `process.parent` as well. */
const processFields = [
  ...['entity_id', 'pid', 'name', 'executable', 'args', 'args_count', 'command_line', 'working_directory'],
  ...['start', 'end', 'exit_code', 'title', 'thread.id'],
  ...['interactive', 'tty.char_device.major', 'tty.char_device.minor'],
  ...['session_leader', 'group_leader'].flatMap((leader) =>
    ['entity_id', 'pid', 'name', 'executable', 'same_as_process'].map((name) => `${leader}.${name}`),
  ),
  ...['user', 'real_user', 'saved_user', 'attested_user', 'group', 'real_group', 'saved_group'].flatMap(
    (account) => [`${account}.id`, `${account}.name`],
  ),
  ...['Ext.attempt.executable', 'Ext.attempt.args', 'Ext.attempt.command_line'],
];

const fields = new Set([
  ...['@timestamp', 'message', 'tags', 'error.code', 'container.id'],
  ...['host.os.type', 'host.name', 'host.hostname', 'host.id'],
  ...['id', 'kind', 'category', 'type', 'action', 'outcome', 'dataset', 'module', 'provider', 'sequence'].map(
    (name) => `event.${name}`,
  ),
  ...processFields.flatMap((name) => [`process.${name}`, `process.parent.${name}`]),
  ...['path', 'name', 'directory', 'extension', 'target_path', 'type'].map((name) => `file.${name}`),
  ...['inode', 'mode', 'size', 'uid', 'gid', 'owner', 'group'].map((name) => `file.${name}`),
  'file.hash.sha256',
  ...['path', 'name', 'extension'].map((name) => `file.Ext.original.${name}`),
  ...['', 'effective.', 'audit.', 'saved.', 'filesystem.', 'Ext.real.'].flatMap((account) => [
    `user.${account}id`,
    `user.${account}name`,
    `group.${account}id`,
    `group.${account}name`,
  ]),
  ...['appname', 'facility.code', 'msgid', 'priority', 'procid'].map((name) => `log.syslog.${name}`),
  ...['module', 'phase', 'service'].map((name) => `pam.${name}`),
]);

/** Whole families: what is in them is for the audited system or for another sensor to choose. */
const families = ['atomclock.', 'auditd.', 'journald.', 'systemd.'];

export const isTelemetryField = (field: string): boolean =>
  fields.has(field) || families.some((family) => field.startsWith(family));

/** All names, for suggestions. */
export const telemetryFields = (): ReadonlySet<string> => fields;
