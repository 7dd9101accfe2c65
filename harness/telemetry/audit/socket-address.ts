// A socket address as SOCKADDR records hold it: the bytes of a struct sockaddr in hexadecimal.

/**
 * Reads the address.
 * @returns `family` and, as the family has them, `addr`, `port`, `flow`, `path`; the bytes as `saddr` for others
 */
export function socketAddress(hex: string): Record<string, string> {
  const bytes = Buffer.from(hex, 'hex');
  if (bytes.length < 2) return { saddr: hex };
  // The family is in the machine's own order: little-endian on all that are supported.
  const family = bytes.readUInt16LE(0);
  switch (family) {
    case 1:
      return { family: 'unix', path: unixPath(bytes.subarray(2)) };
    case 2:
      if (bytes.length < 8) break;
      return {
        family: 'ipv4',
        addr: [...bytes.subarray(4, 8)].join('.'),
        port: String(bytes.readUInt16BE(2)),
      };
    case 10: {
      if (bytes.length < 24) break;
      const flow = bytes.readUInt32BE(4);
      return {
        family: 'ipv6',
        addr: ipv6(bytes.subarray(8, 24)),
        port: String(bytes.readUInt16BE(2)),
        ...(flow > 0 ? { flow: String(flow) } : {}),
      };
    }
    case 16:
      return { family: 'netlink', saddr: hex };
  }
  return { family: String(family), saddr: hex };
}

/** Up to the first NUL; abstract names begin with one. */
function unixPath(bytes: Buffer): string {
  const abstract = bytes[0] === 0;
  const name = bytes.subarray(abstract ? 1 : 0);
  const end = name.indexOf(0);
  const text = (end < 0 ? name : name.subarray(0, end)).toString('utf8');
  return abstract && text ? `@${text}` : text;
}

/** The shortest form (RFC 5952): the longest run of zero groups left out. */
function ipv6(bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2));
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff)
    return [...bytes.subarray(12)].join('.');
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  const hex = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  if (best.start < 0) return hex(groups);
  return `${hex(groups.slice(0, best.start))}::${hex(groups.slice(best.start + best.length))}`;
}
