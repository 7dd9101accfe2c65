// The program as a process: streams, signals, exit codes.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeRun } from '../../../harness/main/run-file.ts';
import { packageRoot } from '../../../harness/model/package-root.ts';
import { sampleRecord } from '../report/fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'atomclock-process-'));
beforeAll(() => writeRun(folder, sampleRecord()));
afterAll(() => rmSync(folder, { recursive: true }));

const main = join(packageRoot, 'harness/cli/main.ts');
const start = (args: string[], options: { env?: Record<string, string>; stdout?: number } = {}) =>
  spawn(process.execPath, [main, ...args], {
    stdio: ['ignore', options.stdout ?? 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '', FORCE_COLOR: '', ...options.env },
  });

async function finish(child: ReturnType<typeof start>) {
  const output = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk) => {
    output.stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    output.stderr += chunk;
  });
  const [exitCode] = await once(child, 'close');
  return { ...output, exitCode };
}

it('writes data on standard output, in full, also into a pipe', async () => {
  const { stdout, stderr, exitCode } = await finish(start(['report', folder, '--json']));
  expect(JSON.parse(stdout)).toEqual(sampleRecord());
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
});

it('says that its folder is gone', async () => {
  const gone = mkdtempSync(join(tmpdir(), 'atomclock-gone-'));
  const child = spawn(
    '/bin/sh',
    ['-c', 'rmdir "$1"; exec "$2" "$3" list', 'sh', gone, process.execPath, main],
    { cwd: gone, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const { stdout, stderr, exitCode } = await finish(child);
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
  expect(stderr).toMatch(/^error: the working directory is not there any more \[process\/no-folder\]/);
});

// As long as nothing is written there, Node's own mkdir never ends: it cannot be interrupted but from outside.
it.runIf(process.platform === 'linux').each([
  ['a run is to be kept', ['report', folder, '--report', 'json=/proc/none/report.json'], 2],
  ['the user has their home', ['list', 'at-stdin'], 0],
])('ends where %s below /proc', { timeout: 120_000 }, async (_, args, code) => {
  const env = { HOME: '/proc/none', XDG_CACHE_HOME: '', NODE_COMPILE_CACHE: '' };
  const child = start(args, { env });
  const limit = setTimeout(() => child.kill('SIGKILL'), 100_000);
  const { stderr, exitCode } = await finish(child);
  clearTimeout(limit);
  expect({ exitCode, stderr: stderr.split('\n')[0] }).toEqual({
    exitCode: code,
    stderr: code === 0 ? '' : 'error: cannot write /proc/none/report.json [output/unwritable]',
  });
});

it('writes complaints on standard error', async () => {
  const { stdout, stderr, exitCode } = await finish(start(['rum']));
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
  expect(stderr).toContain('Did you mean run?');
});

it('colours a pipe only when forced to', async () => {
  expect((await finish(start(['report', folder]))).stdout).not.toContain('\u001b');
  expect((await finish(start(['report', folder], { env: { FORCE_COLOR: '1' } }))).stdout).toContain(
    '\u001b[32m',
  );
});

it('is quiet when its reader leaves', async () => {
  const child = start(['report', folder]);
  child.stdout?.destroy();
  expect(await finish(child)).toMatchObject({ exitCode: 0, stderr: '' });
});

it('says so when the output cannot be written', async () => {
  const full = openSync('/dev/full', 'w');
  const { stderr, exitCode } = await finish(start(['report', folder], { stdout: full }));
  closeSync(full);
  expect(exitCode).toBe(3);
  expect(stderr).toContain('cannot write the output');
});

/** A report that waits for its record: the pipe's other end opens as soon as the command reads from it. */
async function waitingReport() {
  const fifo = join(folder, `run-${process.hrtime.bigint()}`);
  execFileSync('mkfifo', [fifo]);
  const child = start(['report', fifo]);
  const done = finish(child);
  return { child, done, writer: await open(fifo, 'w') };
}

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'exits 130 on %s, when it has cleaned up',
  async (signal) => {
    const { child, done, writer } = await waitingReport();
    child.kill(signal);
    await once(child.stderr as Readable, 'data');
    await writer.close();
    const { exitCode, stdout, stderr } = await done;
    expect({ exitCode, stdout }).toEqual({ exitCode: 130, stdout: '' });
    expect(stderr).toBe(`\n${signal}: cleaning up; once more to leave at once\nInterrupted.\n`);
  },
);

it('leaves at once on the second signal, whatever it waits for', async () => {
  const muteEngine = createServer().listen(0, '127.0.0.1');
  await once(muteEngine, 'listening');
  const { port } = muteEngine.address() as AddressInfo;
  const child = start(['run', 'at-stdin'], { env: { DOCKER_HOST: `tcp://127.0.0.1:${port}` } });
  const done = finish(child);
  await Promise.race([once(muteEngine, 'connection'), done]);
  child.kill('SIGINT');
  await Promise.race([once(child.stderr as Readable, 'data'), done]);
  child.kill('SIGINT');
  expect(await done).toEqual({
    exitCode: 130,
    stdout: '',
    stderr: expect.stringContaining('SIGINT: cleaning up'),
  });
  muteEngine.close();
});

it('says that it is a bug when nothing is left that could bring its answer', async () => {
  // A promise that nobody settles: files that are never found.
  const preload = `import fs from 'node:fs'; import { syncBuiltinESMExports } from 'node:module';
    fs.promises.stat = () => new Promise(() => {}); syncBuiltinESMExports();`;
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(preload)}` };
  const { exitCode, stdout, stderr } = await finish(start(['report', folder], { env }));
  expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
  expect(stderr).toContain('this is a bug in atomclock');
  expect(stderr).toContain(`'report ${folder}' ended before it had an answer`);
  expect(stderr).not.toContain('top-level await');
});
