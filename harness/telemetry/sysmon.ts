// The events of Sysmon for Linux, which it writes to syslog as XML, in ECS with the values that Elastic Defend uses.
//
// | event id | ECS                                              | from                                          |
// |----------|--------------------------------------------------|-----------------------------------------------|
// | 1        | process, start, exec: process.*, process.parent.* | Image, CommandLine, CurrentDirectory, Parent… |
// | 3        | network: source.*, destination.*, network.*      | SourceIp, DestinationPort, Protocol, Initiated |
// | 5        | process, end                                     | Image                                         |
// | 11       | file, creation: file.*                           | TargetFilename                                |
// | 23, 26   | file, deletion                                   | TargetFilename                                |
// | others   | no category                                      |                                               |

import { definedOnly } from './defined.ts';
import { baseName, fileNamed } from './path-fields.ts';

/**
 * Reads one event.
 * @param xml `<Event>…</Event>`
 * @returns undefined for what is no event of Sysmon for Linux
 */
export function sysmonEvent(xml: string): object | undefined {
  const provider = /^<Event><System><Provider Name="([^"]*)"/.exec(xml)?.[1];
  const code = /<EventID>(\d+)<\/EventID>/.exec(xml)?.[1];
  if (provider !== 'Linux-Sysmon' || code === undefined) return undefined;
  const data = dataOf(xml);
  const time = /<TimeCreated SystemTime="([^"]*)"/.exec(xml)?.[1];
  const host = /<Computer>([^<]*)<\/Computer>/.exec(xml)?.[1];
  const { category, type, action } = kinds[code] ?? { category: [], type: ['info'], action: 'log' };
  return definedOnly({
    '@timestamp': time,
    event: { kind: 'event', category, type, action, code, provider, dataset: 'sysmon_linux.log' },
    host: definedOnly({ os: { type: 'linux' }, name: host, hostname: host }),
    process: processFields(data, ''),
    user: named(data.get('User')),
    file: fileNamed(data.get('TargetFilename')),
    ...(category.includes('network') && networkFields(data)),
  });
}

interface Kind {
  readonly category: readonly string[];
  readonly type: readonly string[];
  readonly action: string;
}

const deletion: Kind = { category: ['file'], type: ['deletion'], action: 'deletion' };
const kinds: Readonly<Record<string, Kind>> = {
  1: { category: ['process'], type: ['start'], action: 'exec' },
  3: { category: ['network'], type: ['start'], action: 'connection_attempted' },
  5: { category: ['process'], type: ['end'], action: 'end' },
  11: { category: ['file'], type: ['creation'], action: 'creation' },
  23: deletion,
  26: deletion,
};

/** Names and values, those that say nothing left out. */
function dataOf(xml: string): ReadonlyMap<string, string> {
  return new Map(
    xml
      .split('</Data>')
      .map((part) => /<Data Name="(\w+)">(.*)$/s.exec(part) ?? [])
      .map(([, name = '', value = '']): [string, string] => [name, unescaped(value)])
      .filter(([, value]) => value !== '' && value !== '-' && value !== '(null)'),
  );
}

/** The references of XML: five names, and numbers of characters. What is no character stays as it is written. */
const unescaped = (text: string): string =>
  text.replace(
    /&(?:(lt|gt|quot|apos|amp)|#(\d{1,8})|#x([\da-fA-F]{1,6}));/g,
    (written, name?: string, decimal?: string, hexadecimal?: string) => {
      if (name !== undefined) return characters[name] ?? written;
      const code = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal);
      return isXmlCharacter(code) ? String.fromCodePoint(code) : written;
    },
  );

/** @source W3C, Extensible Markup Language 1.0, production Char */
const isXmlCharacter = (code: number): boolean =>
  code === 0x9 ||
  code === 0xa ||
  code === 0xd ||
  (code >= 0x20 && code <= 0xd7ff) ||
  (code >= 0xe000 && code <= 0xfffd) ||
  (code >= 0x10000 && code <= 0x10ffff);

const characters: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

/** Of the process itself, or of its parent. Arguments are not told apart in the log: blanks separate them here. */
function processFields(data: ReadonlyMap<string, string>, who: '' | 'Parent'): object | undefined {
  const executable = data.get(`${who}Image`);
  const pid = data.get(`${who}ProcessId`);
  if (executable === undefined && pid === undefined) return undefined;
  const commandLine = data.get(`${who}CommandLine`);
  const args = commandLine?.split(/\s+/);
  return definedOnly({
    entity_id: data.get(`${who}ProcessGuid`),
    pid: pid === undefined ? undefined : Number(pid),
    executable,
    name: baseName(executable),
    command_line: commandLine,
    args,
    args_count: args?.length,
    ...(who === ''
      ? { working_directory: data.get('CurrentDirectory'), parent: processFields(data, 'Parent') }
      : { user: named(data.get('ParentUser')) }),
  });
}

function networkFields(data: ReadonlyMap<string, string>): object {
  const end = (which: 'Source' | 'Destination') => {
    const port = data.get(`${which}Port`);
    return definedOnly({
      ip: data.get(`${which}Ip`),
      port: port === undefined ? undefined : Number(port),
      domain: data.get(`${which}Hostname`),
    });
  };
  const direction = data.get('Initiated') === 'true' ? 'egress' : 'ingress';
  const network = definedOnly({ transport: data.get('Protocol'), direction });
  return { source: end('Source'), destination: end('Destination'), network };
}

const named = (name: string | undefined): object | undefined => (name === undefined ? undefined : { name });
