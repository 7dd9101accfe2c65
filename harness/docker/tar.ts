// One file as a tar archive, the only form in which the engine takes files.

/**
 * A ustar archive that holds one file of root's.
 * @param path absolute; at most 100 bytes after the leading slash
 */
export function fileArchive(path: string, content: Uint8Array, mode: number): Buffer {
  const header = Buffer.alloc(block);
  header.write(path.replace(/^\/+/, ''), 0, 100);
  header.write(`${octal(mode, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0`, 100);
  header.write(`${octal(content.length, 11)} ${octal(Math.floor(Date.now() / 1000), 11)} `, 124);
  header.write('        0', 148);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)}\0 `, 148);
  const padding = Buffer.alloc((block - (content.length % block)) % block);
  return Buffer.concat([header, content, padding, Buffer.alloc(2 * block)]);
}

const block = 512;
const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0');
