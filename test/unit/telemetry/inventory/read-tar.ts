// Reads tar archives in memory: the target's files arrive in one, with whatever bytes their names and contents hold.
// ustar with GNU's long names and POSIX's extended headers, which is what GNU tar, bsdtar and busybox write.

export interface TarEntry {
  /** As the archive has it: without the leading slash. */
  readonly path: string;
  readonly type: 'file' | 'symlink' | 'hardlink' | 'dir' | 'pipe' | 'device';
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** User name by the archive's own machine; empty where it had none. */
  readonly owner: string;
  /** Seconds since the epoch. */
  readonly mtime: number;
  /** Target of a link; empty otherwise. */
  readonly link: string;
  readonly content: Uint8Array;
}

/**
 * The entries of one archive or of several on end; what is cut off at the end is left out.
 * Names that are not UTF-8 come with replacement characters.
 */
export function* readTar(bytes: Uint8Array): Generator<TarEntry> {
  let longName: string | undefined;
  let longLink: string | undefined;
  let extended: ReadonlyMap<string, string> = new Map();
  for (let offset = 0; offset + blockSize <= bytes.length; ) {
    const header = bytes.subarray(offset, offset + blockSize);
    offset += blockSize;
    // Archives end with zero blocks, and another archive may follow.
    if (header[0] === 0 && header.every((byte) => byte === 0)) continue;
    const size = Number(extended.get('size') ?? numberField(header, 124, 12));
    if (!Number.isSafeInteger(size) || size < 0 || offset + size > bytes.length) return;
    const content = bytes.subarray(offset, offset + size);
    offset += Math.ceil(size / blockSize) * blockSize;
    const flag = String.fromCharCode(header[156] ?? 0);
    if (flag === 'L') longName = textField(content);
    else if (flag === 'K') longLink = textField(content);
    else if (flag === 'x') extended = extendedHeader(content);
    else {
      const type = entryTypes[flag];
      if (type)
        yield {
          path: extended.get('path') ?? longName ?? headerPath(header),
          type,
          mode: numberField(header, 100, 8) & 0o7777,
          uid: Number(extended.get('uid') ?? numberField(header, 108, 8)),
          gid: Number(extended.get('gid') ?? numberField(header, 116, 8)),
          owner: extended.get('uname') ?? textField(header.subarray(265, 297)),
          mtime: Number(extended.get('mtime') ?? numberField(header, 136, 12)),
          link: extended.get('linkpath') ?? longLink ?? textField(header.subarray(157, 257)),
          content: type === 'file' ? content : empty,
        };
      longName = undefined;
      longLink = undefined;
      extended = new Map();
    }
  }
}

const blockSize = 512;
const empty = new Uint8Array();

/** `g` (settings for all entries) and vendor types are passed over. */
const entryTypes: Readonly<Record<string, TarEntry['type']>> = {
  '\0': 'file',
  '0': 'file',
  '7': 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'device',
  '4': 'device',
  '5': 'dir',
  '6': 'pipe',
};

/** Octal digits, or binary with the first bit set where the number is too large for them. */
function numberField(header: Uint8Array, start: number, length: number): number {
  const field = header.subarray(start, start + length);
  if ((field[0] ?? 0) & 0x80) return field.subarray(1).reduce((value, byte) => value * 256 + byte, 0);
  return Number.parseInt(textField(field).trim() || '0', 8);
}

function textField(field: Uint8Array): string {
  const end = field.indexOf(0);
  return Buffer.from(end < 0 ? field : field.subarray(0, end)).toString('utf8');
}

function headerPath(header: Uint8Array): string {
  const name = textField(header.subarray(0, 100));
  // GNU's own format has times where ustar has the prefix; its magic ends with a blank.
  const isUstar = textField(header.subarray(257, 263)) === 'ustar';
  const prefix = isUstar ? textField(header.subarray(345, 500)) : '';
  return prefix ? `${prefix}/${name}` : name;
}

/** `LENGTH KEY=VALUE\n`, where LENGTH counts the whole record in bytes. */
function extendedHeader(content: Uint8Array): Map<string, string> {
  const records = new Map<string, string>();
  for (let offset = 0; offset < content.length; ) {
    const blank = content.indexOf(0x20, offset);
    const length = Number.parseInt(Buffer.from(content.subarray(offset, blank)).toString('latin1'), 10);
    if (blank < 0 || !(length > 0)) break;
    const record = Buffer.from(content.subarray(blank + 1, offset + length - 1)).toString('utf8');
    const equals = record.indexOf('=');
    records.set(record.slice(0, equals), record.slice(equals + 1));
    offset += length;
  }
  return records;
}
