// The rows of osquery's tables of events, as its result log has them, in ECS. Queries are named by their users: the columns
// tell which table it is.
//
// | table                                 | ECS                    | known by                         |
// |---------------------------------------|------------------------|----------------------------------|
// | process_events, bpf_process_events    | process, start, exec   | path, cmdline, pid; syscall      |
// | file_events                           | file, by its action    | target_path, action              |
// | process_file_events                   | file, by its operation | operation, executable, path      |
// | socket_events                         | network                | action, remote_address           |
// | others: state, as crontab             | as it is               |                                  |

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
 * @returns undefined for what is no row of a table of events
 * @source osquery documentation, Logging (event format); schema of the tables
 */
export function osqueryEvent(value: Said): object | undefined {
  const { columns, hostIdentifier, unixTime, action } = value;
  if (!isSaid(columns) || action === 'removed') return undefined;
  const said =
    aboutProcess(columns) ?? aboutFile(columns) ?? aboutFileOfProcess(columns) ?? aboutSocket(columns);
  if (said === undefined) return undefined;
  const { happened, ...fields } = said;
  const seconds = numberOf(columns.time) ?? numberOf(unixTime);
  const host = textOf(hostIdentifier);
  return {
    ...definedOnly({ '@timestamp': isoOf(seconds === undefined ? undefined : seconds * 1000) }),
    event: { kind: 'event', ...happened, provider: 'osquery', dataset: 'osquery.result' },
    host: definedOnly({ os: { type: 'linux' }, name: host, hostname: host }),
    ...definedOnly({ user: userOf(columns.euid ?? columns.uid), ...fields }),
  };
}

interface Found {
  readonly happened: Happening;
  readonly process?: object | undefined;
  readonly file?: object | undefined;
  readonly destination?: object | undefined;
}

function aboutProcess(columns: Said): Found | undefined {
  const { path, cmdline, pid, parent, cwd, syscall } = columns;
  if (cmdline === undefined || pid === undefined || path === undefined || 'state' in columns)
    return undefined;
  const executable = textOf(path);
  const commandLine = textOf(cmdline);
  const args = listIn(columns.json_cmdline) ?? (commandLine === undefined ? undefined : wordsOf(commandLine));
  const happened = /fork|clone/.test(textOf(syscall) ?? '') ? happenings.fork : happenings.exec;
  return {
    happened,
    process: definedOnly({
      ...programOf(executable, pid),
      command_line: commandLine,
      args,
      args_count: args?.length,
      working_directory: textOf(cwd)?.replace(/^"(.*)"$/, '$1'),
      parent: numberOf(parent) === undefined ? undefined : { pid: numberOf(parent) },
    }),
  };
}

const programOf = (executable: string | undefined, pid: unknown): object =>
  definedOnly({ pid: numberOf(pid), executable, name: baseName(executable) });

function aboutFile(columns: Said): Found | undefined {
  const path = textOf(columns.target_path);
  const action = textOf(columns.action);
  if (path === undefined || action === undefined) return undefined;
  return { happened: changes[action] ?? happenings.open, file: fileNamed(path) };
}

const changes: Readonly<Record<string, Happening>> = {
  CREATED: happenings.creation,
  MOVED_TO: happenings.rename,
  UPDATED: happenings.modification,
  ATTRIBUTES_MODIFIED: happenings.permissions,
  DELETED: happenings.deletion,
  MOVED_FROM: happenings.deletion,
};

function aboutFileOfProcess(columns: Said): Found | undefined {
  const { operation, executable, pid, path, dest_path: target } = columns;
  if (operation === undefined || executable === undefined || path === undefined) return undefined;
  const word = textOf(operation) ?? '';
  const happened = operations.find(([form]) => form.test(word))?.[1] ?? happenings.open;
  const source = textOf(path);
  const named = textOf(target);
  return {
    happened,
    process: programOf(textOf(executable), pid),
    file:
      happened === happenings.rename && named !== undefined
        ? { ...fileNamed(named), Ext: { original: fileNamed(source) } }
        : fileNamed(named ?? source),
  };
}

const operations: readonly (readonly [RegExp, Happening])[] = [
  [/^(?:creat|link|symlink|mknod)/, happenings.creation],
  [/^rename/, happenings.rename],
  [/^unlink/, happenings.deletion],
  [/^(?:write|truncate|ftruncate)/, happenings.modification],
];

function aboutSocket(columns: Said): Found | undefined {
  const { action, path, pid, remote_address: ip, remote_port: port } = columns;
  if (textOf(action) !== 'connect' || textOf(ip) === undefined) return undefined;
  return {
    happened: happenings.connect,
    process: programOf(textOf(path), pid),
    destination: definedOnly({ ip: textOf(ip), port: numberOf(port) }),
  };
}

function listIn(json: unknown): string[] | undefined {
  const text = textOf(json);
  if (text === undefined) return undefined;
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.map(String) : undefined;
  } catch {
    return undefined;
  }
}
