// The sensor itself: many targets at a time, its end, and what it says of loss.

import { describe, expect, it } from 'vitest';
import type { Target } from '../../harness/engine/ports.ts';
import type { EcsEvent } from '../../harness/model/event.ts';
import { killSensorOf } from './containers.ts';
import { bootDebian12 } from './fixture.ts';
import { startLab, type Watched } from './sensor-fixture.ts';

const creations = (events: readonly EcsEvent[]): (string | undefined)[] =>
  events.filter(({ event }) => event.action === 'creation').map(({ file }) => file?.path);

describe('one sensor', () => {
  it('keeps its targets apart, takes new ones and lets go of old ones while it runs', async () => {
    await using lab = await startLab();
    await using a = await lab.watched();
    await a.target.exec(['touch', '/srv/a1']);
    const b = await lab.watched();
    await Promise.all([a.target.exec(['touch', '/srv/a2']), b.target.exec(['touch', '/srv/b1'])]);
    await Promise.all([a.watch.barrier(), b.watch.barrier()]);
    await b.watch[Symbol.asyncDispose]();
    const seenOfB = b.events.length;
    await b.target.exec(['touch', '/srv/b2']);
    await a.run(['touch', '/srv/a3']);
    await b[Symbol.asyncDispose]();

    const ofSrv = (watched: Watched) => creations(watched.events).filter((path) => path?.startsWith('/srv/'));
    expect(ofSrv(a)).toEqual(['/srv/a1', '/srv/a2', '/srv/a3']);
    expect(ofSrv(b)).toEqual(['/srv/b1']);
    expect(b.events).toHaveLength(seenOfB);
    expect([a.watch.lost(), b.watch.lost()]).toEqual([0, 0]);
  });

  it('watches a target again after it was let go', async () => {
    await using lab = await startLab();
    await using target = await bootDebian12();
    for (const name of ['first', 'second']) {
      const events: EcsEvent[] = [];
      await using watch = await lab.sensor.watch(target, (event) => events.push(event));
      await target.exec(['touch', `/srv/${name}`]);
      await watch.barrier();
      expect(creations(events)).toContain(`/srv/${name}`);
      expect(events[0]?.event).toMatchObject({ id: 'ebpf-1', action: 'already_running' });
    }
  });

  it('numbers the events of a target without a gap, in their order', async () => {
    await using lab = await startLab();
    await using one = await lab.watched();
    await one.run(['sh', '-c', 'for i in $(seq 200); do (: > /srv/$i) & done; wait']);
    const numbers = one.events.map(({ atomclock }) => atomclock.sequence as number).sort((a, b) => a - b);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    expect(one.raw).toHaveLength(one.events.length);
  });

  it('asks for no more than one process per barrier', async () => {
    await using lab = await startLab();
    await using one = await lab.watched();
    const before = one.events.length;
    await one.watch.barrier();
    const ofBarrier = one.events.slice(before).filter(({ process }) => process?.parent?.name === 'agent');
    expect(ofBarrier.map(({ event }) => event.action)).toEqual(['fork', 'exec', 'end']);
  });

  it('rejects `failed` and every barrier when it is killed', async () => {
    await using lab = await startLab();
    await using one = await lab.watched();
    expect(await killSensorOf(process.pid)).toBe(true);
    await expect(lab.sensor.failed).rejects.toMatchObject({ code: 'sensor/failed', exitCode: 3 });
    await expect(one.watch.barrier()).rejects.toMatchObject({ code: 'sensor/failed' });
  });

  it('refuses a target that it does not see', async () => {
    await using lab = await startLab();
    await using target = await bootDebian12();
    const elsewhere: Target = {
      id: target.id,
      accounts: target.accounts,
      pidNamespace: 1,
      exec: (...given) => target.exec(...given),
      follow: (...given) => target.follow(...given),
      openTerminal: (...given) => target.openTerminal(...given),
      look: (questions) => target.look(questions),
      talk: (...given) => target.talk(...given),
      sendDatagram: (...given) => target.sendDatagram(...given),
      wakeWatchers: (folders) => target.wakeWatchers(folders),
      writeFile: (...given) => target.writeFile(...given),
      advanceClock: (jump) => target.advanceClock(jump),
      hasFastClock: () => target.hasFastClock(),
      [Symbol.asyncDispose]: async () => {},
    };
    await expect(lab.sensor.watch(elsewhere, () => {})).rejects.toMatchObject({ code: 'sensor/blind' });
  });
});

const flood = (files: number, processes: number): string[] => [
  'perl',
  '-e',
  `mkdir "/dev/shm/flood"; for (1..${files}) { open $f, ">", "/dev/shm/flood/$_"; print $f "x"; close $f; unlink "/dev/shm/flood/$_" }
   for (1..${processes}) { my $p = fork; exec "/bin/true" unless $p; waitpid $p, 0 }`,
];

describe('a flood', () => {
  it('of 50,000 files and 5,000 processes loses nothing', async () => {
    await using lab = await startLab();
    await using one = await lab.watched();
    const { events } = await one.run(flood(50_000, 5_000));
    expect(one.watch.lost()).toBe(0);
    const counts = new Map<string, number>();
    for (const { event, file, process } of events) {
      if (!file?.path?.startsWith('/dev/shm/flood/') && process?.name !== 'true') continue;
      counts.set(event.action, (counts.get(event.action) ?? 0) + 1);
    }
    expect(Object.fromEntries(counts)).toMatchObject({
      creation: 50_000,
      close: 50_000,
      deletion: 50_000,
      exec: 5_000,
      end: 5_000,
    });
  });

  it('that a tiny buffer cannot hold is told as loss, to the number', async () => {
    await using lab = await startLab(['--ring-kib', '16']);
    await using one = await lab.watched();
    await one.run(flood(20_000, 0));
    const lost = one.watch.lost();
    const highest = Math.max(...one.events.map(({ atomclock }) => atomclock.sequence as number));
    expect(lost).toBeGreaterThan(0);
    // The barrier's own records are the last, unless they are among the lost.
    expect(one.events.length + Number(lost)).toBeGreaterThanOrEqual(highest);
    expect(one.events.length).toBeLessThan(highest);
  });
});
