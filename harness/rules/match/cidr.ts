// IP addresses and networks as numbers, so that `cidr` tests need no help from the platform.

/**
 * Prepares a network such as `10.0.0.0/8` or `fe80::/10` (an address alone is a network of one).
 * Gives undefined when it is neither; the result tells whether a text is an address inside of it.
 * An IPv4 address written inside IPv6 (`::ffff:10.0.0.1`) counts as the IPv4 address.
 */
export function networkMatcher(network: string): ((address: string) => boolean) | undefined {
  const [base = '', length, ...rest] = network.trim().split('/');
  const address = parseAddress(base);
  if (address === undefined || rest.length > 0) return undefined;
  // The length counts the bits of the address as it is written.
  const written = base.includes(':') ? 128 : 32;
  const bits = (length === undefined ? written : Number(length)) - (written - address.bits);
  if ((length !== undefined && !/^\d{1,3}$/.test(length)) || bits < 0 || bits > address.bits)
    return undefined;
  const shift = BigInt(address.bits - bits);
  const prefix = address.value >> shift;
  return (text) => {
    const candidate = parseAddress(text);
    return candidate !== undefined && candidate.bits === address.bits && candidate.value >> shift === prefix;
  };
}

/** A number by which addresses of both versions are in order, IPv4 as mapped into IPv6; undefined for other text. */
export function addressOrder(text: string): bigint | undefined {
  const address = parseAddress(text);
  if (address === undefined || address.bits === 128) return address?.value;
  return address.value | (0xffffn << 32n);
}

interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

function parseAddress(text: string): Address | undefined {
  if (!text.includes(':')) return parseIpv4(text);
  const value = parseIpv6(text);
  if (value === undefined) return undefined;
  return value >> 32n === 0xffffn ? { bits: 32, value: value & 0xffffffffn } : { bits: 128, value };
}

function parseIpv4(text: string): Address | undefined {
  const octets = text.split('.');
  if (octets.length !== 4) return undefined;
  let value = 0n;
  for (const octet of octets) {
    if (!/^(0|[1-9]\d{0,2})$/.test(octet) || Number(octet) > 255) return undefined;
    value = (value << 8n) | BigInt(octet);
  }
  return { bits: 32, value };
}

function parseIpv6(text: string): bigint | undefined {
  const [withoutZone = ''] = text.split('%');
  const halves = withoutZone.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map(groupsOf);
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array<bigint>(missing).fill(0n), ...(tail ?? [])];
  return groups.reduce((value, group) => (value << 16n) | group, 0n);
}

/** Sixteen-bit groups of one side of `::`; a dotted IPv4 at the end counts as two. */
function groupsOf(side: string): bigint[] | undefined {
  if (side === '') return [];
  const groups: bigint[] = [];
  const parts = side.split(':');
  for (const [index, part] of parts.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(part)) {
      groups.push(BigInt(`0x${part}`));
    } else if (index === parts.length - 1) {
      const dotted = parseIpv4(part);
      if (dotted === undefined) return undefined;
      groups.push(dotted.value >> 16n, dotted.value & 0xffffn);
    } else {
      return undefined;
    }
  }
  return groups;
}
