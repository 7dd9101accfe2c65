// One event in one plain line: who did what, for people who watch it happen.

import type { EcsEvent } from '../../model/event.ts';
import { shellWord, shellWords } from '../../model/shell-words.ts';
import { unprintable, visible } from '../../model/unprintable.ts';

/**
 * What happened, in one line without control characters: words are quoted as a shell would have them.
 * @source telemetry/ebpf/actions.ts for the kernel's events; other sensors tell theirs in a message
 */
export function eventSentence(event: EcsEvent): string {
  return shortened(ofProcess(event) ?? ofFile(event) ?? ofMessage(event));
}

function ofProcess({ event, process, error }: EcsEvent): string | null {
  if (!process || !event.category.includes('process')) return null;
  const user = whoStarts(process);
  const line = process.args?.length ? shellWords(process.args) : shellWord(process.executable ?? '');
  switch (event.action) {
    case 'exec':
    case 'executed':
      return `${user} starts ${line}`;
    case 'exec-attempt':
      return `${user} tries to start ${line}${because(error)}`;
    case 'fork':
      return `${nameOf(process)} makes a process of its own`;
    case 'end':
      return `${nameOf(process)} ends${process.exit_code === undefined ? '' : ` with exit code ${process.exit_code}`}`;
    case 'already_running':
      return `${nameOf(process)} was running before`;
    default:
      return null;
  }
}

/** Who started it; where a program takes other rights by its mode, also whose. */
function whoStarts({ user, real_user: real }: NonNullable<EcsEvent['process']>): string {
  const [effective, own] = [user, real].map((one) => oneLine(one?.name ?? one?.id ?? ''));
  if (!own || own === effective) return effective || 'somebody';
  return `${own}, with the rights of ${effective},`;
}

function ofFile({ event, process, file, error }: EcsEvent): string | null {
  if (!process || file?.path === undefined) return null;
  const who = `${nameOf(process)}${process.user?.name ? ` (${oneLine(process.user.name)})` : ''}`;
  const deed = deedOf(event.action.replace(/-attempt$/, ''), file);
  if (deed === null) return null;
  return event.action.endsWith('-attempt')
    ? `${who} tries to ${deed.infinitive}${because(error)}`
    : `${who} ${deed.present}`;
}

/** What is done to a file; null for what has no words of its own here. */
function deedOf(action: string, file: NonNullable<EcsEvent['file']>) {
  const path = shellWord(file.path ?? '');
  const deed = (verb: string, rest: string) => ({
    infinitive: `${verb} ${rest}`,
    present: `${verb === 'finish' ? 'finishes' : `${verb}s`} ${rest}`,
  });
  switch (action) {
    case 'creation':
      return deed(
        'create',
        file.target_path ? `${path}, a link to ${shellWord(file.target_path)}` : kindOf(file, path),
      );
    case 'modification':
      return deed('change', path);
    case 'close':
      return deed('finish', `writing ${path}`);
    case 'open':
      return deed('open', `${path} to write`);
    case 'rename':
      return deed('rename', `${shellWord(file.Ext?.original?.path ?? 'a file')} to ${path}`);
    case 'deletion':
      return deed('remove', kindOf(file, path));
    case 'permissions':
      return deed('set', `the mode of ${path}${file.mode ? ` to ${file.mode}` : ''}`);
    case 'ownership':
      return deed('give', `${path} to ${oneLine(file.owner ?? file.uid ?? 'another user')}`);
    case 'mount':
      return deed('mount', `something at ${path}`);
    case 'umount':
      return deed('unmount', path);
    default:
      return null;
  }
}

const kindOf = ({ type }: NonNullable<EcsEvent['file']>, path: string): string =>
  type === 'dir' ? `the folder ${path}` : path;

/** What a log, an inventory or an audit record says of itself. */
function ofMessage({ event, process, file, message }: EcsEvent): string {
  const by = process ? nameOf(process) : null;
  if (message !== undefined) return by ? `${by} logs: ${oneLine(message)}` : oneLine(message);
  const what = [...event.category, event.action].map(oneLine).join(' ');
  const path = file?.path === undefined ? '' : ` ${shellWord(file.path)}`;
  return `${by ? `${by}: ` : ''}${what}${path}`;
}

const nameOf = ({ name, executable, pid }: NonNullable<EcsEvent['process']>): string =>
  `${shellWord(name ?? executable ?? 'a process')}[${pid}]`;

const because = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? `: ${oneLine(String(error.code))}` : '';

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim().replace(unprintable, visible);

/** A command line can be 128 KiB long. */
const longest = 400;
const shortened = (line: string): string =>
  line.length <= longest ? line : `${line.slice(0, longest - 1).replace(/\p{Cs}$/u, '')}…`;
