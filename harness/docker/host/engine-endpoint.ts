// Which engine the user has chosen, if any: DOCKER_HOST, a Docker context, or testcontainers' own properties.
// A chosen engine is used as it is; only where nothing is chosen may one be installed.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { AtomclockError, exitCodes } from '../../model/errors.ts';

export interface EngineEndpoint {
  host: string;
  /** Folder with ca.pem, cert.pem and key.pem, where the engine wants TLS. */
  certificates?: string;
  /** What named it, for messages: `DOCKER_HOST`, `the Docker context "lab"`. */
  chosenBy: string;
}

/** Where an engine listens that nobody had to choose. */
export const defaultSocket = '/var/run/docker.sock';

/**
 * The engine that the user has chosen.
 * @returns undefined when nothing was chosen: the default sockets are then tried
 * @throws AtomclockError `lab/bad-context` when the chosen context cannot be read
 */
export function chosenEndpoint(
  env: Readonly<Record<string, string | undefined>> = process.env,
  home: string = homedir(),
): EngineEndpoint | undefined {
  const property = propertyReader(join(home, '.testcontainers.properties'));
  // In testcontainers' own order: its `tc.host` overrides even the variable.
  const host = property('tc.host') ?? (env.DOCKER_HOST || property('docker.host'));
  if (host) {
    return { host, chosenBy: host === env.DOCKER_HOST ? 'DOCKER_HOST' : '~/.testcontainers.properties' };
  }
  const folder = env.DOCKER_CONFIG ?? join(home, '.docker');
  const name = env.DOCKER_CONTEXT ?? currentContext(join(folder, 'config.json'));
  return name === undefined || name === 'default' ? undefined : contextEndpoint(folder, name);
}

/**
 * What is wrong with the form of an address, for a user who chose it: what the library underneath cannot read it takes
 * for a host of some name.
 * @returns undefined for an address that can be asked
 * @source docker(1), --host; docker-modem takes a host without a scheme as well
 */
export function addressFault(host: string): string | undefined {
  const [, scheme, rest = ''] = /^(?:([a-z]+):\/\/)?(.*)$/s.exec(host) ?? [];
  if (scheme === undefined && host.startsWith('/')) return `a socket is written unix://${host}`;
  const isKnown = scheme === undefined || schemes.has(scheme);
  // Only these two have a place of their own.
  const isComplete = rest !== '' || scheme === 'unix' || scheme === 'npipe';
  if (isKnown && isComplete && !/\s/.test(host)) return undefined;
  return `expected ${[...schemes].map((each) => `${each}://…`).join(', ')} or HOST:PORT`;
}

const schemes: ReadonlySet<string> = new Set(['unix', 'tcp', 'http', 'https', 'npipe', 'ssh']);

function propertyReader(file: string): (name: string) => string | undefined {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  const pairs = lines.map((line) => line.split('=').map((part) => part.trim()));
  return (name) => pairs.find(([key]) => key === name)?.[1];
}

function currentContext(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  return parseObject(file).currentContext as string | undefined;
}

/** Docker keeps a context in a folder that is named after the SHA-256 of its name. */
function contextEndpoint(folder: string, name: string): EngineEndpoint {
  const id = createHash('sha256').update(name).digest('hex');
  const meta = join(folder, 'contexts', 'meta', id, 'meta.json');
  if (!existsSync(meta)) {
    throw new AtomclockError(
      'lab/bad-context',
      `Docker context "${name}" is chosen, but ${meta} does not exist`,
      {
        exitCode: exitCodes.labUnavailable,
        hint: 'docker context ls; docker context use NAME',
      },
    );
  }
  const endpoints = parseObject(meta).Endpoints as { docker?: { Host?: string } } | undefined;
  const host = endpoints?.docker?.Host;
  if (!host) {
    throw new AtomclockError('lab/bad-context', `Docker context "${name}" names no host (${meta})`, {
      exitCode: exitCodes.labUnavailable,
      hint: `docker context inspect ${name}`,
    });
  }
  const certificates = join(folder, 'contexts', 'tls', id, 'docker');
  return {
    host,
    ...(existsSync(certificates) && { certificates }),
    chosenBy: `the Docker context "${name}"`,
  };
}

function parseObject(file: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  } catch (cause) {
    throw new AtomclockError('lab/bad-context', `${file} is not JSON`, {
      exitCode: exitCodes.labUnavailable,
      hint: `mend or remove ${file}`,
      cause,
    });
  }
}
