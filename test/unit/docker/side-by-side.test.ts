// Set-up does side by side what does not depend on each other, and once what several need.

import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { buildImages } from '../../../harness/docker/doctor/checks/images.ts';
import { whileUnderway } from '../../../harness/docker/image/underway.ts';
import { packageRoot } from '../../../harness/model/package-root.ts';

const image = (name: string) => ({
  name,
  context: name,
  base: { image: 'debian:12', suite: 'bookworm' },
  buildArgs: {},
});

describe('images', () => {
  it('are begun together, and each says whose step it is', async () => {
    const said: string[] = [];
    const begun: string[] = [];
    const both = Promise.withResolvers<void>();
    await buildImages(
      { needed: [image('a'), image('b')] },
      (line) => said.push(line),
      async (source, say) => {
        begun.push(source.name);
        // Neither ends before the other has begun.
        if (begun.length === 2) both.resolve();
        await both.promise;
        say('  Step 1/2 : FROM debian');
        return source.name;
      },
    );
    expect(said.sort()).toEqual(['a: Step 1/2 : FROM debian', 'b: Step 1/2 : FROM debian']);
  });

  it('that fail are told of when the others have ended', async () => {
    const ended: string[] = [];
    const building = buildImages(
      { needed: [image('bad'), image('good')] },
      () => {},
      async ({ name }) => {
        if (name === 'bad') throw new TypeError('no space');
        await Promise.resolve();
        ended.push(name);
        return name;
      },
    );
    await expect(building).rejects.toThrow('no space');
    expect(ended).toEqual(['good']);
  });
});

describe('work of one name', () => {
  it('is done once for all who wait, and anew for who comes later', async () => {
    let times = 0;
    const work = async () => ++times;
    expect(await Promise.all([whileUnderway('w', work), whileUnderway('w', work)])).toEqual([1, 1]);
    expect(await whileUnderway('w', work)).toBe(2);
    expect(await Promise.all([whileUnderway('v', work), whileUnderway('u', work)])).toEqual([3, 4]);
  });

  it('fails for all who wait, and may be tried again', async () => {
    const fails = () => Promise.reject(new TypeError('busy'));
    const waiting = [whileUnderway('f', fails), whileUnderway('f', fails)];
    for (const each of waiting) await expect(each).rejects.toThrow('busy');
    expect(await whileUnderway('f', async () => 'well')).toBe('well');
  });
});

// Elsewhere there is nothing that it could do.
describe.skipIf(!existsSync('/etc/debian_version'))('fetch-packages.sh', () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });

  /** What apt-get is asked for, on a machine that has these commands and nothing else; it fails, as without a network. */
  function asked(commands: readonly string[], env: Record<string, string> = {}): string[] {
    const folder = mkdtempSync(join(tmpdir(), 'atomclock-fetch-'));
    folders.push(folder);
    const log = join(folder, 'log');
    writeFileSync(log, '');
    const programs = { 'apt-get': `echo "$*" >> '${log}'; exit 100`, id: 'echo 0', env: 'shift; exec "$@"' };
    for (const [name, body] of Object.entries({
      ...programs,
      ...Object.fromEntries(commands.map((c) => [c, ''])),
    })) {
      writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`);
      chmodSync(join(folder, name), 0o755);
    }
    const script = join(packageRoot, 'harness/docker/host/fetch-packages.sh');
    const socket = join(folder, 'no-socket');
    execFileSync('/bin/sh', [script], {
      env: { PATH: folder, ENGINE_SOCKET: socket, ...env },
      stdio: 'ignore',
    });
    return readFileSync(log, 'utf8').split('\n').slice(0, -1);
  }

  it('downloads, and installs nothing', () => {
    const [update, install, ...more] = asked([]);
    expect(update).toBe('update');
    expect(install).toMatch(/ --download-only docker\.io mmdebstrap /);
    expect(more).toEqual([]);
  });

  it('leaves out what is there', () => {
    expect(asked(['mmdebstrap'])[1]).toMatch(/--download-only docker\.io$/);
    expect(asked(['docker'])).toEqual([]);
    expect(asked(['dockerd'])).toEqual([]);
    expect(asked(['podman'])).toEqual([]);
    expect(asked([], { DOCKER_HOST: 'tcp://engine:2375' })).toEqual([]);
  });
});
