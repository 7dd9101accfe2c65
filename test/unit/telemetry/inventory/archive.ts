// Builds what the inventory script prints, so that tests can put any machine into a dump.

import { gzipSync } from 'node:zlib';

export interface MadeFile {
  path: string;
  content?: string | Uint8Array;
  mode?: number;
  uid?: number;
  /** Makes it a symbolic link. */
  link?: string;
  /** Makes it something else: a tar type flag. */
  flag?: string;
  /** Seconds since the epoch. */
  mtime?: number;
}

/** A ustar archive; long names get GNU's extra header, as GNU tar writes it. */
export function tar(files: readonly MadeFile[]): Buffer {
  const blocks = files.flatMap(
    ({ path, content = '', mode = 0o644, uid = 0, link = '', flag, mtime = 0 }) => {
      const name = Buffer.from(path.replace(/^\//, ''));
      const body = Buffer.from(typeof content === 'string' ? Buffer.from(content) : content);
      const type = flag ?? (link ? '2' : '0');
      const long =
        name.length > 100
          ? [
              header(Buffer.from('././@LongLink'), 'L', name.length + 1),
              padded(Buffer.concat([name, Buffer.from([0])])),
            ]
          : [];
      const data = type === '0' ? body : Buffer.alloc(0);
      return [
        ...long,
        header(name.subarray(0, 100), type, data.length, mode, uid, link, mtime),
        padded(data),
      ];
    },
  );
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

export function dump({
  sections = {},
  files = [],
  archives,
}: {
  sections?: Record<string, string>;
  files?: readonly MadeFile[];
  archives?: Buffer;
}): string {
  const all = {
    now: '1800000000.5',
    uptime: '1000.00 1.0',
    passwd,
    group: '',
    programs: '/usr/sbin/cron\n/usr/sbin/anacron\n/usr/sbin/atd',
    debian: '12.1',
    odd: '',
    problems: '',
    ...sections,
  };
  const parts = Object.entries(all).map(([name, text]) => {
    const bytes = Buffer.from(text);
    return Buffer.concat([Buffer.from(`${name} ${bytes.length}\n`), bytes, Buffer.from('\n')]);
  });
  return gzipSync(Buffer.concat([...parts, Buffer.from('files\n'), archives ?? tar(files)])).toString(
    'base64',
  );
}

const passwd = `root:x:0:0:root:/root:/bin/bash
daemon:x:1:1::/usr/sbin:/usr/sbin/nologin
alice:x:1000:1000::/home/alice:/bin/bash
bob:x:1001:1001::/home/bob:/bin/bash`;

function header(
  name: Uint8Array,
  type: string,
  size: number,
  mode = 0o644,
  uid = 0,
  link = '',
  mtime = 0,
): Buffer {
  const block = Buffer.alloc(512);
  block.set(name, 0);
  const octal = (value: number, at: number, length: number) =>
    block.write(value.toString(8).padStart(length - 1, '0'), at);
  octal(mode, 100, 8);
  octal(uid, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(mtime, 136, 12);
  block.write(type, 156);
  block.write(link, 157);
  block.write('ustar\0', 257);
  return block;
}

const padded = (data: Uint8Array): Buffer =>
  Buffer.concat([data, Buffer.alloc((512 - (data.length % 512)) % 512)]);
