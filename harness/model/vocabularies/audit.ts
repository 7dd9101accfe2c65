// What Linux audit tells, if its rules ask for it, in the words of Elastic's auditd integration.

import { accounts, below, envelope, ownFields } from './names.ts';
import type { Vocabulary } from './vocabulary.ts';

export const auditVocabulary: Vocabulary = {
  sensor: 'audit',
  actions: {
    '': [
      ...['access-error', 'access-permission', 'access-result', 'caused-mac-policy-error'],
      ...['changed-role-to', 'crypto-officer-logged-in', 'mac-permission', 'modified-level-of'],
      ...['overrode-label-of', 'relabeled-filesystem', 'sent-message', 'typed'],
      ...['violated-apparmor-policy', 'violated-seccomp-policy', 'violated-selinux-policy'],
    ],
    authentication: [
      ...['acquired-credentials', 'attempted-log-in-during-unusual-hour-to'],
      ...['attempted-log-in-from-unusual-place-to', 'authenticated', 'authenticated-to-group'],
      ...['changed-login-id-to', 'disposed-credentials', 'error', 'failed-log-in-too-many-times-to'],
      ...['logged-in', 'logged-out', 'opened-too-many-sessions-to', 'refreshed-credentials'],
      ...['was-authorized'],
    ],
    configuration: [
      ...['changed-audit-configuration', 'changed-audit-feature', 'changed-auditd-configuration'],
      ...['changed-configuration', 'changed-mac-configuration', 'changed-selinux-boolean'],
      ...['changed-selinux-enforcement', 'loaded-firewall-rule-to', 'loaded-mac-policy'],
      ...['loaded-selinux-policy', 'reconfigured-auditd'],
    ],
    driver: ['loaded-kernel-module', 'unloaded-kernel-module'],
    file: [
      ...['changed-file-attributes-of', 'changed-file-ownership-of', 'changed-file-permissions-of'],
      ...['changed-timestamp-of', 'checked-filesystem-metadata-of', 'checked-metadata-of'],
      ...['created-directory', 'deleted', 'linked', 'make-device', 'mounted', 'opened-file'],
      ...['read-file', 'renamed', 'symlinked', 'unmounted', 'wrote-to-file'],
    ],
    host: [
      ...['assigned-vm-id', 'assigned-vm-resource', 'booted-system', 'changed-system-name'],
      ...['changed-system-time', 'changed-to-runlevel', 'checked-integrity-of', 'created-vm-image'],
      ...['deleted-vm-image', 'issued-vm-control', 'migrated-vm-from', 'migrated-vm-to'],
      ...['shutdown-system'],
    ],
    iam: [
      ...['added-group-account-to', 'added-user-account', 'assigned-user-role-to'],
      ...['changed-group-password', 'changed-password', 'deleted-group-account-from'],
      ...['deleted-user-account', 'locked-account', 'modified-group-account', 'modified-role'],
      ...['modified-user-account', 'removed-user-role-from', 'unlocked-account'],
    ],
    intrusion_detection: [
      ...['attempted-execution-of-forbidden-program', 'attempted-log-in-during-unusual-hour-to'],
      ...['attempted-log-in-from-unusual-place-to', 'changed-promiscuous-mode-on-device'],
      ...['crashed-program', 'failed-log-in-too-many-times-to', 'opened-too-many-sessions-to'],
      ...['tested-file-system-integrity-of', 'used-suspicious-link'],
    ],
    network: [
      ...['accepted-connection-from', 'bound-socket', 'connected-to', 'listen-for-connections'],
      ...['received-from', 'remote-audit-connected', 'remote-audit-disconnected', 'sent-to'],
    ],
    process: [
      ...['aborted-auditd-startup', 'adjusted-scheduling-policy-of', 'allocated-memory'],
      ...['attempted-execution-of-forbidden-program', 'audit-error', 'changed-audit-configuration'],
      ...['changed-auditd-configuration', 'changed-group', 'changed-identity-of', 'changed-user-id'],
      ...['crashed-program', 'crypto-officer-logged-out', 'executed', 'initialized-audit-subsystem'],
      ...['killed-pid', 'negotiated-crypto-key', 'ran-command', 'reconfigured-auditd'],
      ...['resumed-audit-logging', 'rotated-audit-logs', 'sent-test', 'shutdown-audit'],
      ...['started-audit', 'started-crypto-session', 'started-service', 'stopped-service', 'unknown'],
    ],
    session: ['ended-session', 'started-session'],
  },
  // Calls and types of records that have no name of their own here are called as the kernel calls them.
  furtherActionsIn: ['', 'process', 'intrusion_detection'],
  fields: [
    ...envelope,
    ...below('event', 'outcome', 'module'),
    'tags',
    ...below('process', 'pid', 'name', 'executable', 'title', 'working_directory'),
    ...below('process', 'args', 'args_count', 'command_line', 'parent.pid', 'user.id'),
    ...accounts('user', ...below('user', 'audit', 'effective', 'saved', 'filesystem', 'target')),
    ...accounts(...below('user', 'group', 'effective.group', 'saved.group', 'filesystem.group')),
    ...accounts('user.target.group'),
    ...below('file', 'path', 'name', 'directory', 'extension', 'target_path', 'type', 'inode', 'mode'),
    ...below('file', 'device', 'uid', 'gid', 'owner', 'group'),
    ...below('file.Ext.original', 'path', 'name', 'directory', 'extension'),
    ...below('source', 'ip', 'port', 'path'),
    ...below('destination', 'ip', 'port', 'path'),
    'network.direction',
    ...below('host', 'name', 'hostname'),
  ],
  families: [ownFields, 'auditd.', 'user.selinux.', 'file.selinux.'],
  values: { 'event.dataset': ['auditd.log'], 'event.module': ['auditd'] },
  sees: { processes: 'some', files: 'some', launches: [] },
};
