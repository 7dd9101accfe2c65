// What the kernel's own sensor tells: every process, every change of a file.

import { accounts, below, envelope, ownFields } from './names.ts';
import type { Vocabulary } from './vocabulary.ts';

const program = ['entity_id', 'pid', 'name', 'executable'];
const call = ['args', 'args_count', 'command_line', 'working_directory', 'start', 'interactive'];
const leader = [...program, 'same_as_process'];

/** What was refused, or is only known to have been asked for, is an attempt. */
const withAttempts = (...actions: readonly string[]): string[] =>
  actions.flatMap((action) => [action, `${action}-attempt`]);

export const ebpfVocabulary: Vocabulary = {
  sensor: 'ebpf',
  actions: {
    process: [
      ...['fork', 'end', 'already_running', 'foreign_abi'],
      ...withAttempts('exec', 'pivot_root', 'chroot'),
    ],
    file: [
      'close',
      ...withAttempts('creation', 'open', 'modification', 'rename', 'deletion', 'permissions', 'ownership'),
      ...withAttempts('mount', 'umount'),
    ],
  },
  fields: [
    ...envelope,
    ...below('event', 'outcome', 'provider'),
    'error.code',
    ...below('process', ...program, ...call, 'end', 'exit_code', 'thread.id'),
    ...below('process.tty.char_device', 'major', 'minor'),
    ...below('process.session_leader', ...leader),
    ...below('process.group_leader', ...leader),
    ...accounts(...below('process', 'user', 'real_user', 'saved_user', 'attested_user')),
    ...accounts(...below('process', 'group', 'real_group', 'saved_group')),
    ...below('process.Ext.attempt', 'executable', 'args', 'command_line'),
    ...below('process.parent', ...program, ...call),
    ...accounts('process.parent.user'),
    ...below('file', 'path', 'name', 'directory', 'extension', 'target_path', 'type', 'inode', 'mode'),
    ...below('file', 'size', 'uid', 'gid', 'owner', 'group'),
    ...below('file.Ext.original', 'path', 'name', 'extension', 'mode', 'uid', 'gid', 'owner', 'group'),
    ...accounts('user', 'user.Ext.real', 'user.audit', 'group', 'group.Ext.real'),
    ...below('host', 'id', 'name', 'hostname'),
    'container.id',
  ],
  families: [ownFields],
  values: { 'event.dataset': ['atomclock.process', 'atomclock.file'], 'event.provider': ['ebpf'] },
  sees: { processes: 'all', files: 'all', launches: [] },
};
