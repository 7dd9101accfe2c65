// An engine that is down is started, whatever a killed one left behind. In a mount namespace with a /run of its own and
// a stub for dockerd: the machine's engine is not touched.

import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allNeed } from '../machine.ts';

interface Outcome {
  kind: string;
  progress: string[];
  failure: string | null;
}

const stub = fileURLToPath(new URL('stub-engine/dockerd.ts', import.meta.url));
const mender = fileURLToPath(new URL('stub-engine/mend.ts', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atomclock-engine-'));
  const script = `#!/bin/sh\nexec '${process.execPath}' '${stub}'\n`;
  await writeFile(join(folder, 'dockerd'), script);
  await chmod(join(folder, 'dockerd'), 0o755);
});
afterAll(() => rm(folder, { recursive: true }));

/** Mends the engine after `prepare`, a shell script that sets the scene. */
async function mend(prepare: string, env: Record<string, string> = {}): Promise<Outcome> {
  const script = `mount -t tmpfs none /run && mount -t tmpfs none /var/log && { ${prepare}; } && exec "$0" "$1"`;
  const { stdout } = await execa(
    'unshare',
    ['--mount', '--propagation', 'private', 'sh', '-c', script, process.execPath, mender],
    { env: { PATH: `${folder}:${process.env.PATH}`, DOCKER_HOST: '', ...env } },
  );
  return JSON.parse(stdout) as Outcome;
}

const started = {
  kind: 'stopped',
  progress: ['engine: starting dockerd (log: /var/log/dockerd.log)'],
  failure: null,
};

describe('an engine that is down', () => {
  allNeed('root', 'a mount namespace');

  it('is started', async () => {
    expect(await mend('true')).toEqual(started);
  });

  it('is started after a kill -9: dead socket, pid files whose pids are other processes now', async () => {
    const leftovers = `
      mkdir -p /run/docker/containerd
      "${process.execPath}" -e "require('net').createServer().listen('/run/docker.sock',()=>process.kill(process.pid,9))" || :
      test -S /run/docker.sock
      echo 1 >/run/docker.pid
      echo 1 >/run/docker/containerd/containerd.pid`;
    expect(await mend(leftovers)).toEqual(started);
  });

  it('says what the engine said when that does not come up', async () => {
    const { failure } = await mend('true', { STUB_FAILS: '1' });
    expect(failure).toBe("dockerd ended with 1:\nfailed to start daemon: Devices cgroup isn't mounted");
  });

  it('is waited for, not started twice, when somebody has started it already', async () => {
    const starting = 'dockerd & until [ -s /run/docker.pid ]; do :; done';
    const { kind, progress, failure } = await mend(starting);
    expect({ kind, failure }).toEqual({ kind: 'unresponsive', failure: null });
    expect(progress).toEqual([expect.stringContaining('waiting for it')]);
  });

  it('is installed where there is none, with what that takes', async () => {
    const apt = `
      mkdir /run/bin
      printf '#!/bin/sh\\n[ "$1" = install ] && cp "${folder}/dockerd" /run/bin/\\nexit 0\\n' >/run/bin/apt-get
      chmod +x /run/bin/apt-get
      for real in /usr/sbin/dockerd /usr/local/sbin/dockerd; do [ -e "$real" ] && mount --bind /dev/null "$real"; done
      export PATH=/run/bin:/usr/bin:/bin`;
    const { kind, progress, failure } = await mend(apt);
    expect({ kind, failure }).toEqual({ kind: 'absent', failure: null });
    expect(progress).toEqual([
      'engine: apt-get install --no-install-recommends docker.io',
      ...started.progress,
    ]);
  });
});
