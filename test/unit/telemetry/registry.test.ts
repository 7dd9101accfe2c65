// A sensor of somebody else's, registered and no more: it can be chosen, is started, its events are recorded and judged,
// and rules, lint, help and lists know of it.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runProgram } from '../../../harness/cli/program.ts';
import { judgeCase } from '../../../harness/engine/judge/judge-case.ts';
import type { Target } from '../../../harness/engine/ports.ts';
import { runCase } from '../../../harness/engine/run/run-case.ts';
import { bookOf } from '../../../harness/main/load-content.ts';
import { chosenSensors } from '../../../harness/main/sensors.ts';
import { startSensors } from '../../../harness/main/start-sensors.ts';
import type { EcsEvent } from '../../../harness/model/event.ts';
import { emptyInventory } from '../../../harness/model/inventory.ts';
import type { Vocabulary } from '../../../harness/model/vocabularies/index.ts';
import {
  type LiveDescriptor,
  registerSensor,
  type SnapshotDescriptor,
} from '../../../harness/telemetry/registry.ts';
import { memoryIo } from '../cli/memory-io.ts';
import { anAtomic } from '../engine/content.ts';

const folder = mkdtempSync(join(tmpdir(), 'atomclock-registry-'));
afterAll(() => rmSync(folder, { recursive: true }));

const vocabulary = (sensor: string): Vocabulary => ({
  sensor,
  actions: { [`${sensor}_category`]: ['seen'] },
  fields: ['@timestamp', `process.${sensor}_mark`],
  families: [],
  values: {},
  sees: { processes: 'none', files: 'none', launches: [] },
});

const eventOf = (sensor: string): EcsEvent => ({
  '@timestamp': '2026-01-01T00:00:00Z',
  event: {
    id: `${sensor}-1`,
    kind: 'event',
    category: [`${sensor}_category`],
    type: ['info'],
    action: 'seen',
  },
  process: { entity_id: 'x', pid: 1, [`${sensor}_mark`]: 'yes' },
  atomclock: { sensor },
});

/** Tells one event of each target that it watches, and cannot tell what it lost. */
const wisp: LiveDescriptor = {
  kind: 'live',
  vocabulary: vocabulary('wisp'),
  summary: 'tells of wisps',
  byDefault: false,
  sidecar: null,
  start: async ({ onRaw }) => ({
    name: 'wisp',
    failed: new Promise<never>(() => {}),
    async watch(target, sink) {
      onRaw(target, 'raw wisp');
      sink(eventOf('wisp'));
      return { barrier: async () => {}, lost: () => 'unknown', async [Symbol.asyncDispose]() {} };
    },
    async [Symbol.asyncDispose]() {},
  }),
};

/** Tells in which order it was asked. */
const asked: string[] = [];
const twin: SnapshotDescriptor = {
  kind: 'snapshot',
  vocabulary: vocabulary('twin'),
  summary: 'tells twins apart',
  byDefault: false,
  start: () => ({
    name: 'twin',
    async begin() {
      asked.push('begin');
      return {
        async compare() {
          asked.push('compare');
          return { events: [eventOf('twin')], left: ['a twin'] };
        },
      };
    },
  }),
};

let registered: DisposableStack;
beforeEach(() => {
  registered = new DisposableStack();
  registered.use(registerSensor(wisp));
  registered.use(registerSensor(twin));
  asked.length = 0;
});
afterEach(() => registered.dispose());

async function atomclock(...words: string[]) {
  const { stdout, stderr, ...io } = memoryIo();
  const exitCode = await runProgram(words, { ...io, stdout, stderr }, '0');
  return { exitCode, out: stdout.text, err: stderr.text };
}

const rule = (sensor: string) => ({
  file: join(folder, `${sensor}-seen.eql`),
  text: `${sensor}_category where process.${sensor}_mark == "yes"`,
  bundled: false,
});

const idOf = (event: object | undefined) => (event as EcsEvent | undefined)?.event.id;

/** A target in which every command succeeds and nothing happens. */
const target = {
  id: 'target',
  accounts: [{ name: 'root', uid: 0, gid: 0, home: '/root' }],
  exec: async () => {
    asked.push('exec');
    return { exitCode: 0, stdout: '', stderr: '', startedAt: '2026-01-01T00:00:00Z', ms: 1 };
  },
  look: async () => ({ found: [], isCut: false }),
  writeFile: async () => {},
  async [Symbol.asyncDispose]() {},
} as unknown as Target;

describe('a registered sensor', () => {
  it('is started, watches a case, and its events are judged', async () => {
    const raw: string[] = [];
    const tap = (sensor: string) => (_: unknown, line: string) => void raw.push(`${sensor}: ${line}`);
    await using running = await startSensors(chosenSensors(['twin', 'wisp']), {
      run: 'test',
      recorder: { tap },
      records: false,
      note: () => {},
      env: {},
    });
    const atomic = anAtomic({});
    const { evidence, events } = await runCase(
      {
        ...{ id: 'atomic@debian12', kind: 'attack', atomic, expectation: null, target: 'debian12' },
        ...{ key: { atomic: 'atomic', variant: {}, target: 'debian12', mitigations: [] }, variant: null },
        ...{ mitigations: [], user: 'root', needsUserManager: false, skipped: null },
      },
      {
        lab: {
          start: async () => target,
          gone: new Promise<never>(() => {}),
          reasonOf: async (error) => error,
        },
        sensors: running.sensors,
        snapshots: running.snapshots,
        recorder: running.recorder,
        clock: 'fast',
        getsPrereqs: false,
        takeInventory: async () => emptyInventory,
        aside: (wait) => wait(),
        filesBeside: () => [],
        now: Date.now,
        nonce: () => 'c0ffee',
        signal: new AbortController().signal,
        say: () => {},
      },
    );
    expect(evidence.faults).toEqual([]);
    expect(raw).toEqual(['wisp: raw wisp']);
    // Before the attack, and after it.
    expect(asked).toEqual(['begin', 'exec', 'compare']);
    expect(evidence.filesystem).toEqual(['a twin']);
    expect(evidence.telemetry.perSensor).toEqual({
      wisp: { events: 1, lost: 'unknown' },
      twin: { events: 1, lost: 0 },
    });

    const book = bookOf([rule('wisp'), rule('twin')]);
    const { matches, record } = judgeCase(evidence, events, book);
    expect(matches.map(({ rule: fired, events: on }) => [fired.slug, idOf(on[0])])).toEqual([
      ['wisp-seen', 'wisp-1'],
      ['twin-seen', 'twin-1'],
    ]);
    expect(record?.telemetry.lost).toBe(0);
    expect(book.rules.map((one) => book.unavailable(one, ['ebpf']))).toEqual([
      'needs the sensor wisp, which this run did not use',
      'needs the sensor twin, which this run did not use',
    ]);
  });

  it('is named by help, completion, list and explain', async () => {
    expect((await atomclock('run', '--help')).out).toMatch(/inventory,\s+residue,\s+wisp,\s+twin/);
    expect((await atomclock('replay', '--help')).out).toMatch(/wisp,\s+twin/);
    expect((await atomclock('completion', 'bash')).out).toContain('residue wisp twin');
    expect((await atomclock('list', 'wisp', 'twin')).out).toMatch(
      /wisp\s+live\s+no\s+tells of wisps\n\s+twin\s+snapshot/,
    );
    const { file, text } = rule('wisp');
    writeFileSync(file, text);
    expect((await atomclock('explain', 'wisp-seen', '--rules', file)).out).toContain('- the sensor wisp\n');
    const { rules } = JSON.parse((await atomclock('list', 'wisp-seen', '--rules', file, '--json')).out) as {
      rules: { needs: unknown }[];
    };
    expect(rules[0]?.needs).toEqual({
      sensors: ['wisp'],
      categories: [{ name: 'wisp_category', sensors: ['wisp'] }],
      actions: [],
      fields: [{ name: 'process.wisp_mark', sensors: ['wisp'] }],
    });
  });

  it('gives its fields to rules as long as it is registered', async () => {
    const { file, text } = rule('wisp');
    writeFileSync(file, text);
    const complaint = async () =>
      (await atomclock('lint', '--rules', file)).out.includes('has no field process.wisp_mark');
    expect(await complaint()).toBe(false);
    registered.dispose();
    expect(await complaint()).toBe(true);
    expect((await atomclock('run', '--sensor', 'wisp')).err).toContain('[usage/invalid-value]');
    expect(() => chosenSensors(['wisp'])).toThrow(expect.objectContaining({ code: 'run/unknown-sensor' }));
  });

  it.each(['ebpf', 'wisp', '../etc', 'a,b', ''])('cannot be called %j', (name) => {
    expect(() => registerSensor({ ...wisp, vocabulary: vocabulary(name) })).toThrow(TypeError);
  });
});
