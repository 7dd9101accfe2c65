// The audit sensor on a real target and a real kernel. Audit has one reader per kernel: where another one has it, or
// the kernel has none, the tests are skipped with the sensor's own reason.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSidecar } from '../../harness/docker/container/sidecar.ts';
import { ensureImage } from '../../harness/docker/image/images.ts';
import type { LiveSensor, Sidecar, Target, Watch } from '../../harness/engine/ports.ts';
import { privileges } from '../../harness/main/start-sensors.ts';
import { parseAuditRules } from '../../harness/model/audit-rule-file.ts';
import { AtomclockError } from '../../harness/model/errors.ts';
import type { EcsEvent } from '../../harness/model/event.ts';
import { packageRoot } from '../../harness/model/package-root.ts';
import { auditDescriptor } from '../../harness/telemetry/audit/descriptor.ts';
import { startAuditSensor } from '../../harness/telemetry/audit/sensor.ts';
import { sensorOf } from './containers.ts';
import { bootDebian12, runId } from './fixture.ts';

const ruleFile = 'detections/audit/scheduled-tasks.rules';
const { rules } = parseAuditRules(ruleFile, readFileSync(join(packageRoot, ruleFile), 'utf8'));

async function startReader(): Promise<Sidecar> {
  const { sidecar: needs } = auditDescriptor;
  if (needs === null) throw new TypeError('the audit sensor lives in a container');
  const image = await ensureImage(needs.image, (line) => process.stderr.write(`${line}\n`));
  return startSidecar({ image, ...(await privileges(needs)) }, { run: runId });
}

/** Why the machine's audit system cannot be had; undefined when it can. */
async function whyNot(): Promise<string | undefined> {
  const sidecar = await startReader();
  try {
    await using sensor = await startAuditSensor(sidecar, { rules: [] });
    return sensor.name === 'audit' ? undefined : sensor.name;
  } catch (error) {
    if (error instanceof AtomclockError && error.code.startsWith('sensor/audit-')) return error.message;
    throw error;
  } finally {
    await sidecar[Symbol.asyncDispose]();
  }
}

const reason = await whyNot();
beforeEach((context) => context.skip(reason !== undefined, reason));

describe('a watched target', () => {
  const events: EcsEvent[] = [];
  const notes: string[] = [];
  let sensor: LiveSensor;
  let target: Target;
  let watch: Watch;
  beforeAll(async () => {
    if (reason) return;
    sensor = await startAuditSensor(await startReader(), { rules, onNote: (note) => notes.push(note) });
    target = await bootDebian12();
    watch = await sensor.watch(target, (event) => events.push(event));
  });
  afterAll(async () => {
    await watch?.[Symbol.asyncDispose]();
    await target?.[Symbol.asyncDispose]();
    await sensor?.[Symbol.asyncDispose]();
  });
  const run = async (script: string, user = 'root'): Promise<string> =>
    (await target.exec(['bash', '-c', script], { user })).stdout.trim();
  /** What was done to a path, by which program. */
  const done = (path: string) =>
    events
      .filter(({ file, event }) => file?.path === path && event.outcome === 'success')
      .map(({ event, process }) => `${event.action} by ${process?.name}`);

  it('loads every rule but those for what lies on mounts of its own', () => {
    expect(notes.map((note) => note.replace(/^.*?: /, ''))).toEqual(
      ['system', 'transient', 'user'].map(
        (folder) => `/run/systemd/${folder} lies on /run, a mount that audit does not see from outside`,
      ),
    );
  });

  it('sees at put a job into the spool and atd run it', async () => {
    await run('echo /usr/bin/true seen-by-audit | at now', 'alice');
    await expect
      .poll(
        async () => {
          await watch.barrier();
          return events.some(({ process }) => process?.args?.join(' ') === '/usr/bin/true seen-by-audit');
        },
        { timeout: 120_000 },
      )
      .toBe(true);
    const spooled = events.find(
      ({ file, event }) =>
        /^\/var\/spool\/cron\/atjobs\/a/.test(file?.path ?? '') && event.type.includes('creation'),
    );
    expect(spooled).toMatchObject({
      process: { name: 'at', executable: '/usr/bin/at' },
      user: { name: 'alice' },
      tags: ['at'],
    });
    const job = events.find(({ process }) => process?.args?.[1] === 'seen-by-audit');
    expect(job).toMatchObject({
      event: { action: 'executed', type: ['start'] },
      user: { name: 'alice', audit: { name: 'alice' } },
      tags: ['exec'],
    });
  });

  it('sees crontab rename its table into place', async () => {
    await run('echo "@yearly true" | crontab -', 'alice');
    await watch.barrier();
    expect(done('/var/spool/cron/crontabs/alice')).toEqual(['renamed by crontab']);
  });

  it('sees files by their canonical path, however they were named', async () => {
    await run(
      'cd /etc; echo "@yearly root true" > cron.d/relative; ln -s /etc/cron.d /tmp/l; ln cron.d/relative cron.d/hard; ln -s ../crontab cron.d/soft; rm cron.d/soft',
    );
    await watch.barrier();
    expect(await run('ls /etc/cron.d')).toContain('relative');
    expect(done('/etc/cron.d/relative')).toEqual(['opened-file by bash']);
    expect(done('/etc/cron.d/hard')).toEqual(['linked by ln']);
    expect(done('/etc/cron.d/soft')).toEqual(['symlinked by ln', 'deleted by rm']);
  });

  it('sees the service manager enable a timer', async () => {
    await run(
      'cd /etc/systemd/system; printf "[Timer]\\nOnBootSec=1d\\n[Install]\\nWantedBy=timers.target\\n" > x.timer; systemctl enable x.timer',
    );
    await watch.barrier();
    expect(done('/etc/systemd/system/x.timer')).toContain('opened-file by bash');
    expect(done('/etc/systemd/system/timers.target.wants/x.timer')).toEqual(['symlinked by systemd']);
  });

  it('sees what is refused, as a failure', async () => {
    await run('echo x > /etc/cron.d/mine', 'alice');
    await watch.barrier();
    const refused = events.filter(
      ({ event, user, file }) =>
        event.outcome === 'failure' && user?.name === 'alice' && file?.path?.startsWith('/etc/cron.d'),
    );
    expect(refused).toHaveLength(1);
  });

  const createdIn = (directory: string): number =>
    new Set(
      events
        .filter(({ file, event }) => file?.directory === directory && event.type.includes('creation'))
        .map(({ file }) => file?.name),
    ).size;

  it('loses nothing in a flood', async () => {
    await run(
      'mkdir /etc/cron.d/flood; cd /etc/cron.d/flood; for i in {1..5000}; do : > $i; done; for i in {1..500}; do /bin/true $i; done',
    );
    await watch.barrier();
    expect(createdIn('/etc/cron.d/flood')).toBe(5000);
    const executed = events.filter(
      ({ process }) => process?.executable === '/usr/bin/true' && /^\d+$/.test(process.args?.[1] ?? ''),
    );
    expect(executed).toHaveLength(500);
    expect(watch.lost()).toBe(0);
  });

  it('tells how many events a reader that stood still has missed', async () => {
    const sidecar = await sensorOf(process.pid);
    await sidecar?.pause();
    await run('mkdir /etc/cron.d/unread; cd /etc/cron.d/unread; for i in {1..10000}; do : > $i; done');
    // The kernel gives up on a reader after half a second.
    await setTimeout(2000);
    await sidecar?.unpause();
    await watch.barrier();
    const missed = 10_000 - createdIn('/etc/cron.d/unread');
    // Whole events are counted by their numbers: one at the edge of a gap may have come in part.
    expect(watch.lost()).toBeGreaterThanOrEqual(missed * 0.99);
  });

  it('puts on record what a mitigation asks for, although its own rules see the same', async () => {
    const { recorder } = sensor;
    await using listener = await recorder?.listen(target, ['at-use', 'at-typo', 'jobs', 'gone']);
    await run('at -l', 'alice');
    await listener?.load('audit-rules', [
      '-w /usr/bin/at -p x -k at-use',
      '-w /usr/bin/att -p x -k at-typo',
      '-w /etc/cron.d -p wa -k jobs',
      '-w /run/systemd/system -p wa -k gone',
    ]);
    await run('at -l', 'alice');
    await run('echo x > /etc/cron.d/mine', 'alice');
    const { loaded, records, lost } = (await listener?.recording()) ?? {};
    expect(loaded).toEqual([
      {
        mitigation: 'audit-rules',
        rules: 3,
        problems: [
          '-w /run/systemd/system -p wa -k gone: /run/systemd/system lies on /run, a mount that audit does not see from outside',
        ],
      },
    ]);
    expect(records?.map(({ tags, user, event }) => [tags, user?.name, event.outcome])).toEqual([
      [['at-use'], 'alice', 'success'],
      [['jobs'], 'alice', 'failure'],
    ]);
    expect(lost).toBe(0);
  });

  it('is the only one: a second reader is refused by name', async () => {
    const second = await startReader();
    await expect(startAuditSensor(second, { rules: [] })).rejects.toThrow(
      expect.objectContaining({ code: 'sensor/audit-owned' }),
    );
    await second[Symbol.asyncDispose]();
  });
});

describe('the machine', () => {
  /** The rules that are loaded, from a reader that has just begun: its note of what it found is among them. */
  async function loadedRules(): Promise<string> {
    const sidecar = await startReader();
    try {
      await sidecar.send('run 1 -l');
      for await (const line of sidecar.lines) {
        const said = line.startsWith('{') ? (JSON.parse(line) as { op: string; output?: string }) : undefined;
        if (said?.op === 'ran') return said.output ?? '';
      }
      return '';
    } finally {
      await sidecar.send('stop');
      await sidecar.exited;
      await sidecar[Symbol.asyncDispose]();
    }
  }

  it('is as it was after a run, and after a reader that was killed', async () => {
    const found = await loadedRules();
    expect(found.match(/atomclock-found/g)).toHaveLength(1);
    const killed = await startReader();
    const sensor = await startAuditSensor(killed, { rules });
    const target = await bootDebian12();
    await sensor.watch(target, () => {});
    // Without a word, as kill -9 does it.
    await killed[Symbol.asyncDispose]();
    await expect(sensor.failed).rejects.toThrow(AtomclockError);
    await target[Symbol.asyncDispose]();
    expect(await loadedRules()).toBe(found);
  });
});
