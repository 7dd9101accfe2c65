// What the container engine tells of its containers: that they were created, started, entered and ended, and how they are
// set up.

import { below, envelope, ownFields } from './names.ts';
import type { Vocabulary } from './vocabulary.ts';

export const engineVocabulary: Vocabulary = {
  sensor: 'engine',
  actions: {
    container: [
      ...['create', 'start', 'exec_create', 'exec_start', 'exec_die', 'die', 'kill', 'oom', 'destroy'],
      ...[
        'attach',
        'copy',
        'archive-path',
        'extract-to-dir',
        'pause',
        'unpause',
        'rename',
        'restart',
        'stop',
      ],
    ],
  },
  // What else an engine tells is its own to name.
  furtherActionsIn: ['container'],
  fields: [
    ...envelope,
    ...below('event', 'outcome', 'provider'),
    ...below('container', 'id', 'name', 'runtime', 'image.name', 'image.tag'),
    'container.security_context.privileged',
    ...below('process', 'args', 'args_count', 'command_line', 'working_directory', 'exit_code'),
    ...below('user', 'id', 'name'),
  ],
  families: [ownFields, 'container.labels.'],
  values: { 'event.dataset': ['atomclock.container'], 'event.provider': ['docker'] },
  sees: { processes: 'none', files: 'none', launches: [] },
};
