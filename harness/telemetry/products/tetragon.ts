// The events that Tetragon exports as JSON, in ECS.
//
// | event                                   | ECS                    | from                                       |
// |-----------------------------------------|------------------------|--------------------------------------------|
// | process_exec                            | process, start, exec   | process.binary, arguments, cwd, uid; parent |
// | process_exit                            | process, end           | the same                                   |
// | process_kprobe, _lsm of what is listed below | file or network   | the path among its args; sock_arg          |
// | others                                  | no category            | process, parent                            |

import { definedOnly } from '../defined.ts';
import { baseName, fileNamed } from '../path-fields.ts';
import { type Happening, happenings, isSaid, numberOf, type Said, textOf, userOf, wordsOf } from './said.ts';

/**
 * @returns undefined for what is no event of Tetragon's
 * @source Tetragon documentation, Events; gRPC API
 */
export function tetragonEvent(value: Said): object | undefined {
  const kind = tetragonKinds.find((name) => isSaid(value[name]));
  if (kind === undefined) return undefined;
  const event = value[kind] as Said;
  if (!isSaid(event.process)) return undefined;
  const happened = happeningOf(kind, event);
  const host = textOf(value.node_name);
  const process = event.process;
  return {
    ...definedOnly({ '@timestamp': textOf(value.time) ?? textOf(process.start_time) }),
    event: { kind: 'event', ...happened, provider: 'tetragon', dataset: `tetragon.${kind}` },
    host: definedOnly({ os: { type: 'linux' }, name: host, hostname: host }),
    process: { ...processOf(process), ...(isSaid(event.parent) && { parent: processOf(event.parent) }) },
    ...definedOnly({
      user: userOf(process.uid, isSaid(process.user) ? process.user.name : undefined),
      file: happened.category[0] === 'file' ? fileOf(event, happened) : undefined,
      destination: happened.category[0] === 'network' ? endOf(event) : undefined,
      container: containerOf(process),
    }),
  };
}

/** What an event of Tetragon's lies below. */
export const tetragonKinds = [
  'process_exec',
  'process_exit',
  'process_kprobe',
  'process_lsm',
  'process_tracepoint',
  'process_uprobe',
];

function happeningOf(kind: string, { function_name: name, args }: Said): Happening {
  if (kind === 'process_exec') return happenings.exec;
  if (kind === 'process_exit') return happenings.end;
  const called = textOf(name)?.replace(/^(?:__x64_|__arm64_|security_|bpf_lsm_)+/, '') ?? '';
  if (called === 'file_permission' || called === 'mmap_file') return accessOf(args);
  return hooks.find(([form]) => form.test(called))?.[1] ?? happenings.other;
}

/** Functions of the kernel that policies hook, without what stands before the name. */
const hooks: readonly (readonly [RegExp, Happening])[] = [
  [/^(?:path_truncate|file_truncate|sys_f?truncate|sys_p?writev?)$/, happenings.modification],
  [/^(?:path|inode)_(?:unlink|rmdir)$|^sys_(?:unlink(?:at)?|rmdir)$/, happenings.deletion],
  [/^(?:path|inode)_rename$|^sys_rename(?:at2?)?$/, happenings.rename],
  [
    /^(?:path|inode)_(?:mkdir|mknod|symlink|link|create)$|^sys_(?:mkdir|symlink|link|creat)(?:at)?$/,
    happenings.creation,
  ],
  [/^path_chmod$|^path_chown$|^inode_setattr$|^sys_f?ch(?:mod|own)(?:at)?$/, happenings.permissions],
  [/^(?:fd_install|file_open|sys_open(?:at2?)?)$/, happenings.open],
  [/^(?:tcp_connect|socket_connect)$/, happenings.connect],
];

/**
 * Of what a permission is asked for: to write, or to read.
 * @source linux/fs.h: MAY_WRITE is 2, MAY_APPEND 8
 */
function accessOf(args: unknown): Happening {
  const mask = argumentsOf(args)
    .map(({ int_arg: number }) => numberOf(number))
    .find((number) => number !== undefined);
  return mask !== undefined && (mask & 0b1010) !== 0 ? happenings.modification : happenings.open;
}

const argumentsOf = (args: unknown): Said[] => (Array.isArray(args) ? args.filter(isSaid) : []);

function pathsIn({ args }: Said): string[] {
  return argumentsOf(args).flatMap(({ file_arg: file, path_arg: path, string_arg: text }) => {
    const found =
      [file, path].map((one) => (isSaid(one) ? textOf(one.path) : undefined)).find(Boolean) ?? textOf(text);
    return found?.startsWith('/') ? [found] : [];
  });
}

/** Of a rename the last path is the new one. */
function fileOf(event: Said, happened: Happening): object | undefined {
  const paths = pathsIn(event);
  if (happened !== happenings.rename || paths.length < 2) return fileNamed(paths[0]);
  return { ...fileNamed(paths.at(-1)), Ext: { original: fileNamed(paths[0]) } };
}

function endOf({ args }: Said): object | undefined {
  const socket = argumentsOf(args)
    .map(({ sock_arg: one }) => one)
    .find(isSaid);
  return socket && definedOnly({ ip: textOf(socket.daddr), port: numberOf(socket.dport) });
}

/** What it was called by is not told: the binary stands for it. */
function processOf(process: Said): object {
  const executable = textOf(process.binary);
  const rest = textOf(process.arguments);
  const args =
    executable === undefined ? undefined : [executable, ...(rest === undefined ? [] : wordsOf(rest))];
  return definedOnly({
    entity_id: textOf(process.exec_id),
    pid: numberOf(process.pid),
    executable,
    name: baseName(executable),
    command_line: executable === undefined ? undefined : [executable, rest].filter(Boolean).join(' '),
    args,
    args_count: args?.length,
    working_directory: textOf(process.cwd),
    user: userOf(process.uid),
  });
}

function containerOf({ docker, pod }: Said): object | undefined {
  const container = isSaid(pod) && isSaid(pod.container) ? pod.container : undefined;
  const id = textOf(container?.id)?.replace(/^[a-z]+:\/\//, '') ?? textOf(docker);
  if (id === undefined) return undefined;
  const image = isSaid(container?.image) ? textOf(container.image.name) : undefined;
  return definedOnly({
    id,
    name: textOf(container?.name),
    image: image === undefined ? undefined : { name: image },
  });
}
