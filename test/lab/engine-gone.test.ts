// The engine goes away in the middle of a run: the run ends at once and says so, what had ended is kept, and nothing is
// left behind. The engine is the real one behind a proxy: see engine-proxy.ts.

import { execa } from 'execa';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sweep } from '../../harness/docker/container/sweep.ts';
import { inPool } from '../../harness/engine/run/pool.ts';
import { type RunRecord, runRecordSchema } from '../../harness/model/run-record.ts';
import { atomclock, lineOn, recordOf, repository, temporaryFolder } from './cli.ts';
import { leftBehind } from './containers.ts';
import { type EngineProxy, engineProxy, type Traffic } from './engine-proxy.ts';

const words = ['run', 'at-stdin', 'cron-d-drop', '--mitigation', 'none', '--jobs', '2', '--json'];

/** Starts a run behind a proxy; both are gone after the test. */
async function startRun(more: readonly string[] = []) {
  const folder = await temporaryFolder();
  const proxy = await engineProxy(folder.path);
  const out = `${folder.path}/run`;
  const run = atomclock([...words, ...more, '--out', out], { env: proxy.env, forceKillAfterDelay: false });
  return {
    out,
    proxy,
    run,
    async [Symbol.asyncDispose]() {
      run.kill('SIGKILL');
      await run;
      await proxy[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

interface Moment {
  name: string;
  come(run: ReturnType<typeof atomclock>, proxy: EngineProxy): Promise<unknown>;
}

const after = (traffic: Traffic, count: number): Moment => ({
  name: `after ${count} ${traffic}`,
  come: (_, proxy) => proxy.reached(traffic, count),
});
const atLine = (line: RegExp): Moment => ({
  name: `at ${line}`,
  come: (run) => lineOn(run.stderr, line),
});

/** Of a run of about 44 requests and 1.4 MB: while it starts, between its events, when a case has ended. */
const moments: readonly Moment[] = [
  ...fc.sample(fc.integer({ min: 8, max: 36 }), 4).map((count) => after('requests', count)),
  ...fc.sample(fc.integer({ min: 20_000, max: 900_000 }), 4).map((count) => after('bytes', count)),
  atLine(/idle@debian12/),
  atLine(/pass .*at-stdin@debian12/),
];

/** The shortest limit of a command in a target: a run that waits for none ends sooner. */
const commandLimitMs = 60_000;

/** What merely to start a process of ours takes on this machine now: one that is busy may take longer for everything. */
async function startMs(): Promise<number> {
  const began = performance.now();
  // With all its work: what was compiled before says little of the machine.
  await atomclock(['--version'], { env: { NODE_DISABLE_COMPILE_CACHE: '1' } });
  return performance.now() - began;
}

/** Cuts the engine off at that moment, and looks at everything that must hold after it. */
async function cutAt({ name, come }: Moment) {
  await using started = await startRun();
  const { run, proxy, out } = started;
  await Promise.race([
    come(run, proxy),
    run.then(({ stderr }) => expect.fail(`${name}: it had ended\n${stderr}`)),
  ]);
  const began = performance.now();
  await proxy.cut();
  const { exitCode, stdout, stderr } = await run;
  const tookMs = performance.now() - began;
  const isAtOnce = tookMs < Math.max(commandLimitMs, 200 * (await startMs()));
  const record = stdout === '' ? null : runRecordSchema.parse(JSON.parse(stdout));
  const replayed = record && (await atomclock(['replay', out, '--json']));
  await sweep();
  return {
    name,
    exitCode,
    isAtOnce,
    complaints: stderr.split('\n').filter((line) => line.startsWith('error:')),
    stderr,
    record,
    isReplayable: replayed === null || (replayed.exitCode === 3 && replayed.stdout === stdout),
    left: record ? await leftBehind(record.run.id) : [],
  };
}

const isOfLoss = ({ reasons }: RunRecord['cases'][number]): boolean =>
  reasons.length === 1 &&
  /^the container engine at unix:.* has gone away: .*\[lab\/engine-gone\]$/.test(reasons[0] ?? '');

describe.concurrent('an engine', () => {
  it('that dies at any moment: exit 3 at once, the ended cases kept, the others errored for that reason', async () => {
    const outcomes = await inPool(moments, { busy: 3, open: 3 }, new AbortController().signal, cutAt);
    for (const { name, exitCode, isAtOnce, complaints, stderr, record, isReplayable, left } of outcomes) {
      expect({ name, exitCode, isReplayable, left, stderr }).toMatchObject({
        exitCode: 3,
        isReplayable: true,
        left: [],
      });
      expect(complaints, stderr).toEqual([
        expect.stringMatching(
          /^error: the container engine at unix:\S+ has gone away: .* \[lab\/engine-gone\]$/,
        ),
      ]);
      expect(stderr).not.toMatch(/Suppressed|bug|unsettled/);
      expect({ name, isAtOnce }).toEqual({ name, isAtOnce: true });
      for (const one of record?.cases ?? []) {
        expect({ name, verdict: one.verdict, isOfLoss: isOfLoss(one) }).toEqual(
          one.verdict === 'pass'
            ? { name, verdict: 'pass', isOfLoss: false }
            : { name, verdict: 'error', isOfLoss: true },
        );
      }
    }
    expect(outcomes.at(-1)?.record?.cases).toMatchObject([
      { id: 'at-stdin@debian12', observation: 'executed', verdict: 'pass' },
      { id: 'cron-d-drop@debian12', observation: 'errored', verdict: 'error' },
    ]);
  });

  it('that is stopped for 40 s and goes on: the run goes on, too', async () => {
    await using started = await startRun();
    const { run, proxy } = started;
    await lineOn(run.stderr, /idle@debian12/);
    proxy.freeze();
    await new Promise((resolve) => setTimeout(resolve, 40_000));
    proxy.thaw();
    const { exitCode, stdout, stderr } = await run;
    const { cases } = runRecordSchema.parse(JSON.parse(stdout));
    // What was silent for longer than its limit may be errored; what is said of the rest must be right.
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: cases.some(({ verdict }) => verdict === 'error') ? 3 : 0,
    });
    for (const { verdict, reasons } of cases) {
      if (verdict !== 'pass')
        expect({ verdict, reasons }).toMatchObject({
          verdict: 'error',
          reasons: [expect.stringMatching(/within \d+ s/)],
        });
    }
  });

  it('that is stopped when the run is interrupted: exit 130 in time, the ended cases kept', async () => {
    await using started = await startRun();
    const { run, proxy, out } = started;
    await lineOn(run.stderr, /pass .*at-stdin@debian12/);
    proxy.freeze();
    const began = performance.now();
    run.kill('SIGTERM');
    const { exitCode, stderr } = await run;
    expect(exitCode).toBe(130);
    expect(performance.now() - began).toBeLessThan(25_000);
    expect(stderr).toMatch(/\d of 3 cases are kept: atomclock replay/);
    const { record } = await recordOf(['replay', out]);
    expect(record.cases.find(({ id }) => id === 'at-stdin@debian12')).toMatchObject({ verdict: 'pass' });
    await sweep();
    expect(await leftBehind(record.run.id)).toEqual([]);
  });

  it('that is gone when the run is interrupted: exit 130, no word of a bug', async () => {
    await using started = await startRun();
    const { run, proxy } = started;
    await lineOn(run.stderr, /idle@debian12/);
    run.kill('SIGINT');
    await lineOn(run.stderr, /SIGINT: cleaning up/);
    await proxy.cut();
    const { exitCode, stderr } = await run;
    expect(exitCode).toBe(130);
    expect(stderr).not.toMatch(/error:|bug|Suppressed/);
  });
});

describe.skipIf(process.getuid?.() !== 0)('a disk that is full (only root can mount a small one)', () => {
  it('ends the run with what could not be written', async () => {
    await using folder = await temporaryFolder();
    const script = `mount -t tmpfs -o size=200k none "$0" && exec "$@"`;
    const argv = ['harness/cli/main.ts', ...words, '--out', `${folder.path}/run`];
    const mount = ['--mount', '--propagation', 'private', 'sh', '-c', script, folder.path];
    const { exitCode, stderr } = await execa('unshare', [...mount, process.execPath, ...argv], {
      cwd: repository,
      reject: false,
    });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^error: cannot write \S+ \[output\/unwritable\]\n {2}because: ENOSPC/m);
  });
});
