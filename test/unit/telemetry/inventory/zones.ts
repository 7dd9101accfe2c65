// Zones for tests, from this machine's Intl and as files of the tz database that are made of what Intl says.

import { namedZone, type TimeZone } from '../../../../harness/telemetry/inventory/time-zone.ts';

export function zoneNamed(name: string): TimeZone {
  const zone = namedZone(name);
  if (!zone) throw new RangeError(`Intl knows no zone ${name}`);
  return zone;
}

/** A TZif file of version 2 with the changes between two years, and a rule for what follows. */
export function tzFile(
  zone: TimeZone,
  {
    from = '2020-01-01',
    until = '2030-01-01',
    rule = '',
  }: { from?: string; until?: string; rule?: string } = {},
): Buffer {
  const changes: number[] = [];
  let ms = zone.nextChange(Date.parse(from));
  for (; ms !== null && ms < Date.parse(until); ms = zone.nextChange(ms)) changes.push(ms);
  const locals = [Date.parse(from), ...changes].map((one) => zone.at(one));
  const header = (version: string, times: number, types: number, chars: number): Buffer => {
    const bytes = Buffer.alloc(44);
    bytes.write(`TZif${version}`, 0, 'latin1');
    for (const [index, count] of [times, types, chars].entries()) bytes.writeUInt32BE(count, 32 + index * 4);
    return bytes;
  };
  const types = Buffer.concat(
    locals.map(({ offsetSeconds, isDst }) => {
      const bytes = Buffer.alloc(6);
      bytes.writeInt32BE(offsetSeconds, 0);
      bytes.writeUInt8(isDst ? 1 : 0, 4);
      return bytes;
    }),
  );
  const times = Buffer.alloc(changes.length * 8);
  for (const [index, one] of changes.entries()) times.writeBigInt64BE(BigInt(one / 1000), index * 8);
  return Buffer.concat([
    // The block of version 1: one type, nothing more.
    header('2', 0, 1, 1),
    Buffer.alloc(7),
    header('2', changes.length, locals.length, 4),
    times,
    Buffer.from(changes.map((_, index) => index + 1)),
    types,
    Buffer.from('XXX\0'),
    Buffer.from(`\n${rule}\n`),
  ]);
}
