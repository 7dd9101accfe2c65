// The check that decides whether a run can see anything: the sensor that sees processes loads into this kernel.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Sidecar } from '../../../engine/ports.ts';
import { AtomclockError } from '../../../model/errors.ts';
import type { ImageSource } from '../../../model/image-source.ts';
import { startSidecar } from '../../container/sidecar.ts';
import type { EngineFacts } from '../../host/connection.ts';
import { withinLimit } from '../../host/deadline.ts';
import { isLocal } from '../../host/room.ts';
import { findImage } from '../../image/images.ts';
import type { Check } from './check.ts';

/** A sensor to be tried, as its descriptor has it. */
export interface SensorProbe {
  readonly image: ImageSource;
  readonly capAdd: readonly string[];
  /** What it says it cannot see, once it says that it is ready; undefined before. */
  hearReady(line: string): string | undefined;
}

/**
 * Starts the sensor and waits for its word that it watches.
 * @param trust takes an earlier success with this image since this boot for granted: loading takes a second
 */
export async function checkSensor(
  facts: EngineFacts,
  probe: SensorProbe | null,
  { trust }: { trust: boolean },
): Promise<Check> {
  if (probe === null) return { name: 'sensor', state: 'skipped', found: 'none is asked for that loads' };
  const image = await findImage(probe.image);
  if (image === undefined) return { name: 'sensor', state: 'skipped', found: 'needs its image' };
  const key = isLocal(facts) ? `${image} ${bootId()}` : undefined;
  if (trust && key !== undefined && remembered() === key) {
    return { name: 'sensor', state: 'ok', found: 'loaded before, with this image and since this boot' };
  }
  const began = performance.now();
  const answer = await load(image, probe);
  if ('wrong' in answer) {
    return {
      name: 'sensor',
      state: 'failed',
      found: image,
      wrong: answer.wrong,
      mend: 'see the rows btf and capabilities; the sensor needs CAP_SYS_ADMIN and Linux 5.17 or newer',
    };
  }
  if (key !== undefined) remember(key);
  return {
    name: 'sensor',
    state: 'ok',
    found: `ready after ${Math.round(performance.now() - began)} ms; ${answer.limits}`,
  };
}

/** What the loaded sensor cannot see on this kernel, or why there is none. */
type Answer = { limits: string } | { wrong: string };

const readyLimitMs = 60_000;

async function load(image: string, { capAdd, hearReady }: SensorProbe): Promise<Answer> {
  try {
    await using sidecar = await startSidecar({ image, capAdd }, { run: 'doctor' });
    return await readiness(sidecar, hearReady);
  } catch (error) {
    if (error instanceof AtomclockError) return { wrong: error.message };
    throw error;
  }
}

async function readiness(sidecar: Sidecar, hearReady: SensorProbe['hearReady']): Promise<Answer> {
  const word = firstWord(sidecar, hearReady);
  if (await withinLimit(word, readyLimitMs)) return word;
  return { wrong: `it does not say that it is ready within ${readyLimitMs / 1000} s` };
}

async function firstWord(sidecar: Sidecar, hearReady: SensorProbe['hearReady']): Promise<Answer> {
  for await (const line of sidecar.lines) {
    const limits = hearReady(line);
    if (limits !== undefined) return { limits };
  }
  const { exitCode, stderr } = await sidecar.exited;
  return { wrong: `it ended with ${exitCode}: ${stderr.trim() || 'without a word'}` };
}

const bootId = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

const memory = (): string =>
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'atomclock', 'sensor-loaded');

function remembered(): string | undefined {
  try {
    return readFileSync(memory(), 'utf8');
  } catch {
    return undefined;
  }
}

function remember(key: string): void {
  try {
    // One after the other: a recursive mkdir never ends where no folder can be made, as below /proc.
    const folder = dirname(memory());
    for (const each of [dirname(folder), folder]) if (!existsSync(each)) mkdirSync(each);
    writeFileSync(memory(), key);
  } catch {
    // A read-only home: the next check loads the sensor again.
  }
}
