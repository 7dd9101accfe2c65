// What images take over from the machine's own apt: sources and how to fetch, no credentials.

import { describe, expect, it } from 'vitest';
import { fetchSettings, sourceLines } from '../../../harness/docker/host/host-apt.ts';

describe('sources', () => {
  it('are those of the suite, its updates and its security fixes', () => {
    const targets = [
      'bookworm main http://mirror/debian/',
      'bookworm contrib http://mirror/debian/',
      'bookworm-updates main http://mirror/debian/',
      'bookworm-security main http://mirror/security/',
      'bookworm-backports main http://mirror/debian/',
      'nodistro main https://elsewhere/node/',
    ].join('\n');
    expect(sourceLines(targets, 'bookworm')).toEqual([
      'deb http://mirror/debian/ bookworm main',
      'deb http://mirror/debian/ bookworm-updates main',
      'deb http://mirror/security/ bookworm-security main',
    ]);
  });

  it('are none on a machine of another suite', () => {
    expect(sourceLines('trixie main http://mirror/debian/', 'bookworm')).toEqual([]);
    expect(sourceLines('bookworm-security main http://mirror/security/', 'bookworm')).toEqual([]);
  });
});

describe('settings', () => {
  it('are proxies, retries and validity, nothing else', () => {
    const dump = [
      'APT::Architecture "amd64";',
      'Acquire::http::Proxy "http://proxy:3128";',
      'Acquire::https "";',
      'Acquire::Retries "3";',
      'Acquire::Check-Date "false";',
      'Acquire::IndexTargets::deb::DEP-11 "";',
    ].join('\n');
    expect(fetchSettings(dump)).toEqual([
      'Acquire::http::Proxy "http://proxy:3128";',
      'Acquire::Retries "3";',
      'Acquire::Check-Date "false";',
    ]);
  });
});
