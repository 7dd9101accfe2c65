// One file as a tar archive, the only form in which the engine takes files.

/**
 * A ustar archive that holds one file of root's.
 * @param path absolute; a name of at most 100 bytes in folders of at most 155
 */
export function fileArchive(path: string, content: Uint8Array, mode: number): Buffer {
  const header = Buffer.alloc(block);
  const { prefix, name } = splitName(path.replace(/^\/+/, ''));
  header.write(name, 0, 100);
  header.write(`${octal(mode, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0`, 100);
  header.write(`${octal(content.length, 11)} ${octal(Math.floor(Date.now() / 1000), 11)} `, 124);
  header.write('        0', 148);
  header.write('ustar\x0000', 257);
  header.write(prefix, 345, 155);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)}\0 `, 148);
  const padding = Buffer.alloc((block - (content.length % block)) % block);
  return Buffer.concat([header, content, padding, Buffer.alloc(2 * block)]);
}

/** A path that does not fit the field for it goes into two, parted at a slash. */
function splitName(path: string): { prefix: string; name: string } {
  if (Buffer.byteLength(path) <= 100) return { prefix: '', name: path };
  let slash = path.indexOf('/');
  while (Buffer.byteLength(path.slice(slash + 1)) > 100 && slash >= 0) slash = path.indexOf('/', slash + 1);
  return { prefix: path.slice(0, slash), name: path.slice(slash + 1) };
}

const block = 512;
const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0');
