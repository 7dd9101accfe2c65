// Which engine was chosen: the variable first, then testcontainers' properties, then the Docker context.

import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addressFault, chosenEndpoint } from '../../../harness/docker/host/engine-endpoint.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'atomclock-home-'));
});
afterEach(() => rmSync(home, { recursive: true }));

function write(path: string, content: string): void {
  const file = join(home, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, content);
}

function context(name: string, meta: string): string {
  const id = createHash('sha256').update(name).digest('hex');
  write(`.docker/contexts/meta/${id}/meta.json`, meta);
  return id;
}

describe('the chosen engine', () => {
  it('is none where nothing is set, or the context is the default', () => {
    expect(chosenEndpoint({}, home)).toBeUndefined();
    write('.docker/config.json', '{"currentContext":"default"}');
    expect(chosenEndpoint({}, home)).toBeUndefined();
  });

  it('is DOCKER_HOST before any context', () => {
    write('.docker/config.json', '{"currentContext":"lab"}');
    expect(chosenEndpoint({ DOCKER_HOST: 'tcp://lab:2375' }, home)).toEqual({
      host: 'tcp://lab:2375',
      chosenBy: 'DOCKER_HOST',
    });
  });

  it("is testcontainers' own host even before DOCKER_HOST, as testcontainers has it", () => {
    write('.testcontainers.properties', 'tc.host=tcp://first:2375\n');
    expect(chosenEndpoint({ DOCKER_HOST: 'tcp://lab:2375' }, home)?.host).toBe('tcp://first:2375');
  });

  it("is what testcontainers' properties say", () => {
    write('.testcontainers.properties', '# engine\ndocker.host = tcp://other:2375\n');
    expect(chosenEndpoint({}, home)?.host).toBe('tcp://other:2375');
  });

  it('is the current context, with its certificates', () => {
    write('.docker/config.json', '{"currentContext":"lab"}');
    const id = context('lab', '{"Name":"lab","Endpoints":{"docker":{"Host":"tcp://lab:2376"}}}');
    write(`.docker/contexts/tls/${id}/docker/ca.pem`, '');
    expect(chosenEndpoint({}, home)).toEqual({
      host: 'tcp://lab:2376',
      certificates: join(home, `.docker/contexts/tls/${id}/docker`),
      chosenBy: 'the Docker context "lab"',
    });
  });

  it('is the context of DOCKER_CONTEXT before the current one', () => {
    context('mine', '{"Endpoints":{"docker":{"Host":"unix:///run/user/1000/docker.sock"}}}');
    expect(chosenEndpoint({ DOCKER_CONTEXT: 'mine' }, home)?.host).toBe('unix:///run/user/1000/docker.sock');
  });

  it.each([
    ['is missing', () => write('.docker/config.json', '{"currentContext":"gone"}')],
    [
      'names no host',
      () => {
        write('.docker/config.json', '{"currentContext":"a"}');
        context('a', '{}');
      },
    ],
    ['is not JSON', () => write('.docker/config.json', '{')],
  ])('is complained about when the context %s', (_, prepare) => {
    prepare();
    expect(() => chosenEndpoint({}, home)).toThrow(
      expect.objectContaining({ code: 'lab/bad-context', exitCode: 3 }),
    );
  });
});

describe('an address', () => {
  it.each([
    'unix:///var/run/docker.sock',
    'unix://',
    'npipe:////./pipe/docker_engine',
    'tcp://10.0.0.1:2375',
    'tcp://[::1]:2375',
    'https://lab.example:2376/prefix',
    'ssh://me@lab',
    'lab:2375',
    '10.0.0.1:2375',
  ])('%s can be asked', (host) => expect(addressFault(host)).toBeUndefined());

  it.each([
    ['/var/run/docker.sock', 'a socket is written unix:///var/run/docker.sock'],
    ['tcp://', /^expected unix:\/\/…, tcp:\/\/…/],
    ['bar://lab', /^expected unix/],
    [' ', /^expected unix/],
    ['tcp://lab :2375', /^expected unix/],
  ])('%j is none, and it is said what is', (host, fault) => {
    expect(addressFault(host)).toEqual(expect.stringMatching(fault));
  });
});
