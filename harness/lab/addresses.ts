// The names under which a lab may be asked for: a page of somebody else's, whose name was made to lead here (DNS
// rebinding), asks for another.

import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';

/** Names and addresses that mean this machine where a server listens on that address, as they stand in a URL. */
export function ownHosts(listensOn: string): string[] {
  const local = ['127.0.0.1', 'localhost', '[::1]'];
  if (isLoopback(listensOn)) return local;
  if (!isAnyAddress(listensOn)) return [...local, inUrl(listensOn)];
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return [...local, hostname().toLowerCase(), ...addresses.map(({ address }) => inUrl(address))];
}

/** Under which name others find a server that listens on that address: on all of them, by the first that they can reach. */
export function reachableHost(listensOn: string): string {
  if (!isAnyAddress(listensOn)) return inUrl(listensOn);
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const outside = addresses.filter(({ internal }) => !internal);
  const found = outside.find(({ family }) => family === 'IPv4') ?? outside[0];
  return found ? inUrl(found.address) : 'localhost';
}

/** Whether nobody but this machine can reach that address. */
export const isLoopback = (address: string): boolean =>
  address === 'localhost' || address === '::1' || (isIP(address) === 4 && address.startsWith('127.'));

const isAnyAddress = (address: string): boolean => address === '0.0.0.0' || address === '::';

/** @source RFC 3986 section 3.2.2: an IPv6 address stands in brackets */
const inUrl = (address: string): string => (isIP(address) === 6 ? `[${address}]` : address.toLowerCase());
