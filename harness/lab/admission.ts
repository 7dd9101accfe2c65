// Whether a request or a socket is let in: asked for by an own name, from an own page, with a token of this lab.

import type { Access, Role } from './access.ts';

/** What is asked of a request; undefined: it has no such header. */
export interface Asked {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly cookie: string | undefined;
  /** As the address has it; null: it has none. */
  readonly token: string | null;
}

export type Admission =
  | { readonly kind: 'admitted'; readonly role: Role; readonly token: string }
  | { readonly kind: 'refused'; readonly status: 401 | 403 | 421; readonly why: string };

export interface Door {
  readonly access: Access;
  /** `127.0.0.1:8053`: own names with the port. */
  readonly hosts: ReadonlySet<string>;
  readonly cookieName: string;
}

/**
 * Judges a request; a browser tells where it comes from whenever it may not be the page itself.
 * @param mustTellOrigin of a socket: no browser opens one without saying from which page
 */
export function admit({ access, hosts, cookieName }: Door, asked: Asked, mustTellOrigin = false): Admission {
  const { host, origin, cookie, token } = asked;
  if (host === undefined || !hosts.has(host.toLowerCase()))
    return refused(421, 'this lab has another name: use the address that atomclock lab printed');
  const isOwnOrigin =
    origin === undefined ? !mustTellOrigin : origin.toLowerCase() === `http://${host.toLowerCase()}`;
  if (!isOwnOrigin) return refused(403, 'this was asked for by a page that is not the lab’s own');
  const given = token ?? cookieIn(cookie, cookieName);
  const role = access.roleOf(given ?? '');
  if (role === null || given === null)
    return refused(401, 'this needs the address with its token, as atomclock lab printed it');
  return { kind: 'admitted', role, token: given };
}

const refused = (status: 401 | 403 | 421, why: string): Admission => ({ kind: 'refused', status, why });

/** @source RFC 6265 section 4.2.1 */
function cookieIn(header: string | undefined, name: string): string | null {
  for (const pair of (header ?? '').split(';')) {
    const [key, value = ''] = pair.trim().split('=', 2);
    if (key === name) return value;
  }
  return null;
}
