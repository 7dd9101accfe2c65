// What a rule of Falco has found (json_output: true), in ECS. Falco tells of an event the fields alone that the rule's
// output names: what is not among them no rule here can ask for.
//
// | evt.type                             | ECS                        | from                                        |
// |--------------------------------------|----------------------------|---------------------------------------------|
// | execve, execveat                     | process, start, exec       | proc.exepath, proc.cmdline, proc.p…         |
// | clone, fork, vfork                   | process, start, fork       | the same                                    |
// | procexit                             | process, end               | the same                                    |
// | open, openat, openat2, creat, mkdir… | file, creation/modification/open | fd.name or fs.path.name; evt.arg.flags |
// | rename…, unlink…, chmod…             | file, rename/deletion/permissions | evt.arg.newpath, fs.path.…           |
// | connect                              | network                    | fd.sip, fd.sport                            |
// | others, and none                     | no category                | proc.*, user.*, container.*                 |

import { definedOnly } from '../defined.ts';
import { baseName, fileNamed } from '../path-fields.ts';
import {
  type Happening,
  happenings,
  isoOf,
  isSaid,
  numberOf,
  type Said,
  textOf,
  userOf,
  wordsOf,
} from './said.ts';

/**
 * @returns undefined for what is no alert of Falco's
 * @source Falco documentation, Output Formatting; Supported Fields for Conditions and Outputs
 */
export function falcoEvent(value: Said): object | undefined {
  const { output_fields: fields, rule, time, hostname } = value;
  if (!isSaid(fields) || typeof rule !== 'string') return undefined;
  const happened = happeningOf(fields);
  const host = textOf(hostname);
  return {
    ...definedOnly({ '@timestamp': textOf(time) ?? timeOf(fields['evt.time']) }),
    event: { kind: 'alert', ...happened, provider: 'falco', dataset: 'falco.alerts' },
    rule: { name: rule },
    host: definedOnly({ os: { type: 'linux' }, name: host, hostname: host }),
    ...definedOnly({
      process: processOf(fields),
      user: userOf(fields['user.uid'], fields['user.name']),
      file: isAbout(happened, 'file') ? fileOf(fields, happened) : undefined,
      destination: isAbout(happened, 'network') ? endOf(fields) : undefined,
      container: containerOf(fields),
    }),
  };
}

const isAbout = ({ category }: Happening, wanted: string): boolean => category.includes(wanted);

function happeningOf(fields: Said): Happening {
  const type = textOf(fields['evt.type']) ?? '';
  if (/^execve(?:at)?$/.test(type)) return happenings.exec;
  if (/^(?:clone3?|v?fork)$/.test(type)) return happenings.fork;
  if (type === 'procexit') return happenings.end;
  if (type === 'connect') return happenings.connect;
  if (/^(?:creat|mkdir(?:at)?|mknod(?:at)?|link(?:at)?|symlink(?:at)?)$/.test(type))
    return happenings.creation;
  if (/^rename(?:at2?)?$/.test(type)) return happenings.rename;
  if (/^(?:unlink(?:at)?|rmdir)$/.test(type)) return happenings.deletion;
  if (/^f?(?:chmod|chown)(?:at)?$|^lchown$/.test(type)) return happenings.permissions;
  if (/^f?truncate(?:64)?$|^p?writev?(?:64)?$/.test(type)) return happenings.modification;
  return /^open(?:at2?)?$|^open_by_handle_at$/.test(type) ? openingOf(fields) : happenings.other;
}

/** Whether it made the file is told by its flags alone. */
function openingOf(fields: Said): Happening {
  const flags = textOf(fields['evt.arg.flags']) ?? textOf(fields['evt.args']) ?? '';
  if (fields['evt.is_open_create'] === true || /\bO_(?:F_CREATED|CREAT|TMPFILE)\b/.test(flags))
    return happenings.creation;
  return fields['evt.is_open_write'] === true || /\bO_(?:WRONLY|RDWR|TRUNC|APPEND)\b/.test(flags)
    ? happenings.modification
    : happenings.open;
}

function fileOf(fields: Said, happened: Happening): object | undefined {
  const first = (...names: string[]) =>
    names.map((name) => textOf(fields[name])).find((path) => path?.startsWith('/'));
  const [made, named] = [
    ['evt.arg.newpath', 'evt.arg.linkpath'],
    ['fs.path.name', 'fd.name', 'evt.arg.path', 'evt.arg.pathname', 'evt.arg.filename', 'evt.arg.name'],
  ];
  if (happened !== happenings.rename) return fileNamed(first(...made, ...named));
  const path = fileNamed(first(...made, 'fs.path.target', ...named));
  const original = fileNamed(first('evt.arg.oldpath', 'fs.path.source'));
  return path && { ...path, ...(original && { Ext: { original } }) };
}

/** proc.cmdline begins with the name of the process, where others have what it was called by. */
function processOf(fields: Said): object | undefined {
  const executable = textOf(fields['proc.exepath']);
  const commandLine = textOf(fields['proc.cmdline']);
  const name = textOf(fields['proc.name']) ?? baseName(executable);
  const args = commandLine === undefined ? undefined : wordsOf(commandLine);
  const process = definedOnly({
    pid: numberOf(fields['proc.pid']),
    executable,
    name,
    command_line: commandLine,
    args,
    args_count: args?.length,
    working_directory: textOf(fields['proc.cwd']),
    parent: parentOf(fields),
  });
  return Object.keys(process).length > 0 ? process : undefined;
}

function parentOf(fields: Said): object | undefined {
  const executable = textOf(fields['proc.pexepath']);
  const commandLine = textOf(fields['proc.pcmdline']);
  const parent = definedOnly({
    pid: numberOf(fields['proc.ppid']),
    executable,
    name: textOf(fields['proc.pname']) ?? baseName(executable),
    command_line: commandLine,
    args: commandLine === undefined ? undefined : wordsOf(commandLine),
  });
  return Object.keys(parent).length > 0 ? parent : undefined;
}

function endOf(fields: Said): object | undefined {
  const end = definedOnly({ ip: textOf(fields['fd.sip']), port: numberOf(fields['fd.sport']) });
  return Object.keys(end).length > 0 ? end : undefined;
}

/** What runs on the machine itself is in the container `host`. */
function containerOf(fields: Said): object | undefined {
  const id = textOf(fields['container.id']);
  if (id === undefined || id === 'host') return undefined;
  const image = textOf(fields['container.image.repository']);
  return definedOnly({
    id,
    name: textOf(fields['container.name']),
    image: image === undefined ? undefined : { name: image },
  });
}

/** Nanoseconds. */
function timeOf(value: unknown): string | undefined {
  const nanoseconds = numberOf(value);
  return nanoseconds === undefined ? undefined : isoOf(nanoseconds / 1e6);
}
