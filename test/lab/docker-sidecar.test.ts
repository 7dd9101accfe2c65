// A sidecar: locked down, driven over its streams, and fast enough for a sensor.

import { describe, expect, it } from 'vitest';
import { startSidecar } from '../../harness/docker/container/sidecar.ts';
import { debian12Image, runId } from './fixture.ts';

const start = async (script: string) =>
  startSidecar({ image: await debian12Image(), command: ['sh', '-c', script], capAdd: [] }, { run: runId });

describe('a sidecar', () => {
  it('has no capabilities, no network, no writable root', async () => {
    await using sidecar = await start(
      'grep CapEff /proc/self/status; ls /sys/class/net; touch /x 2>&1; read -r end',
    );
    const lines: string[] = [];
    for await (const line of sidecar.lines) {
      lines.push(line);
      if (lines.length === 3) break;
    }
    expect(lines[0]).toMatch(/^CapEff:\s+0+$/);
    expect(lines[1]).toBe('lo');
    expect(lines[2]).toMatch(/Read-only file system/);
  });

  it('answers what it is sent, and reports its end with the exit code and the last words', async () => {
    await using sidecar = await start(
      'while read -r word; do [ "$word" = stop ] && break; echo "<$word>"; done; echo bye >&2; exit 7',
    );
    await sidecar.send('one');
    await sidecar.send('two');
    await sidecar.send('stop');
    const lines: string[] = [];
    for await (const line of sidecar.lines) lines.push(line);
    expect(lines).toEqual(['<one>', '<two>']);
    expect(await sidecar.exited).toEqual({ exitCode: 7, stderr: 'bye\n' });
    await expect(sidecar.send('late')).rejects.toMatchObject({ code: 'lab/sidecar-gone' });
  });

  it('passes 200,000 lines of 400 bytes, complete and in order, with time for 10,000 a second', async () => {
    const padding = 'x'.repeat(390);
    await using sidecar = await start(`read -r go; seq -f "%08.0f ${padding}" 200000`);
    const began = process.cpuUsage();
    await sidecar.send('go');
    let count = 0;
    for await (const line of sidecar.lines) {
      count += 1;
      if (Number(line.slice(0, 8)) !== count) throw new TypeError(`line ${count} is ${line.slice(0, 20)}`);
    }
    // This process's own time: how long it takes depends on what else the machine does.
    const { user, system } = process.cpuUsage(began);
    expect(count).toBe(200_000);
    expect(count / ((user + system) / 1_000_000)).toBeGreaterThan(10_000);
  });

  it('loses nothing when its reader is slow', async () => {
    await using sidecar = await start('seq 400000');
    let count = 0;
    for await (const line of sidecar.lines) {
      count += 1;
      if (Number(line) !== count) throw new TypeError(`line ${count} is ${line}`);
      if (count % 50_000 === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(count).toBe(400_000);
  });

  it('is refused with a reason when its image is missing', async () => {
    const spec = { image: 'localhost/atomclock/none:0', capAdd: [] };
    await expect(startSidecar(spec, { run: runId })).rejects.toMatchObject({ code: 'lab/sidecar-failed' });
  });
});
