// Who started whom, with the scheduler, its job and the payload marked.

import { el } from './dom.js';
import { timeOf } from './event.js';

/** @typedef {import('../../../model/traces.ts').ProcessTrace} ProcessTrace */

/** @param {readonly ProcessTrace[]} processes rows of the tree, parents first */
export const processTree = (processes) =>
  processes.length > 0 && [
    el('h4', {}, 'Processes'),
    el(
      'ul',
      { class: 'tree' },
      processes.map(({ depth, pid, commandLine, user, startedAt, exitCode, part }) =>
        el(
          'li',
          { class: part, style: `--depth: ${Math.min(depth, 12)}` },
          el('span', { class: 'hidden-text' }, `level ${depth + 1}: `),
          part !== undefined && el('b', {}, part, ' '),
          el('code', {}, commandLine),
          el(
            'span',
            { class: 'quiet' },
            ` pid ${pid}${user && ` · ${user}`}${startedAt === null ? '' : ` · ${timeOf(startedAt)}`}${exitCode === null ? '' : ` · exit ${exitCode}`}`,
          ),
        ),
      ),
    ),
  ];
