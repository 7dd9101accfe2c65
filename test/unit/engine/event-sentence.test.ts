import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { beforeEach, expect, it } from 'vitest';
import { eventSentence } from '../../../harness/engine/live/event-sentence.ts';
import type { EcsEvent } from '../../../harness/model/event.ts';
import { shellWords } from '../../../harness/model/shell-words.ts';
import { event, exec, exit, file, fork, process, resetClock } from './events.ts';

beforeEach(resetClock);

const sh = process({ pid: 7, executable: '/bin/sh', args: ['sh', '-c', "echo 'a b' > x"], user: 'alice' });
const refused = (one: EcsEvent): EcsEvent => ({
  ...one,
  event: { ...one.event, action: `${one.event.action}-attempt`, outcome: 'failure' },
  error: { code: 'EACCES' },
});
const cron = process({ pid: 9, executable: '/usr/sbin/cron' });

it.each<[EcsEvent, string]>([
  [exec(sh), "alice starts sh -c 'echo '\\''a b'\\'' > x'"],
  [
    exec({
      ...sh,
      args: ['at', 'now'],
      user: { id: '1', name: 'daemon' },
      real_user: { id: '1000', name: 'alice' },
    }),
    'alice, with the rights of daemon, starts at now',
  ],
  [fork(sh), 'sh[7] makes a process of its own'],
  [exit(sh, 3), 'sh[7] ends with exit code 3'],
  [refused(exec(sh)), "alice tries to start sh -c 'echo '\\''a b'\\'' > x': EACCES"],
  [file('creation', '/etc/cron.d/a b', sh), "sh[7] (alice) creates '/etc/cron.d/a b'"],
  [refused(file('creation', '/etc/x', sh)), 'sh[7] (alice) tries to create /etc/x: EACCES'],
  [file('deletion', '/etc/x', sh), 'sh[7] (alice) removes /etc/x'],
  [
    event('', 'info', 'cron-cmd', { process: cron, message: '(root) CMD (a\u001b[31m\nb)' }),
    'cron[9] logs: (root) CMD (a\\x1b[31m b)',
  ],
  [event('configuration', 'creation', 'schedule-added', { message: 'at added' }), 'at added'],
])('%#: says what happened in one line', (one, sentence) => expect(eventSentence(one)).toBe(sentence));

it('is one line without control characters, whatever the words are', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'binary', maxLength: 20 }), { maxLength: 3 }),
      fc.string({ unit: 'binary' }),
      (args, path) => {
        const subject = { ...sh, args, executable: path, name: path };
        for (const one of [
          exec(subject),
          file('creation', path, subject),
          event('', 'info', 'logged', { message: path }),
        ])
          expect(eventSentence(one)).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
      },
    ),
  );
});

it('quotes words so that a shell reads them back', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.string({ unit: 'binary-ascii' }).map((text) => text.replaceAll('\0', '')),
        { maxLength: 4 },
      ),
      (words) => {
        const read = execFileSync('bash', ['-c', `printf '%s\\0' ${shellWords(words)}`, 'bash'], {
          encoding: 'utf8',
        });
        expect(read.split('\0').slice(0, words.length)).toEqual(words);
      },
    ),
    { numRuns: 20 },
  );
});
