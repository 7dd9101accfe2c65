// What a case costs, as multiples of what its container costs: processor seconds and wall, a table of one session.
//
//   node test/bench/case/cost.ts [CASES=16] [ROUNDS=1] [CHECKOUT…]
//
// CASES is 16, 64 or 256. Measured in turns, so that what else the machine does hits all alike:
//
//   container   a target of the same image and profile is created, booted to `running` and removed, by the engine's API, two
//               abreast: what a case cannot go below
//   exec        the same with one at job each, queued and seen by an exec of the engine, four abreast: what a script would do
//   run         so many cases of the `core` set, by `atomclock run` of this checkout, and of each other one that is named:
//               before and after a change
//
// Processor seconds are those of the whole machine (/proc/stat: the engine's work is nobody's child) less those of processes
// that have nothing to do with containers or with this one. Another user of the same engine is not told apart: be alone
// with it.

import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseDocument } from 'yaml';
import { ContainerExec } from '../../../harness/docker/container/container-exec.ts';
import { labelsFor } from '../../../harness/docker/container/labels.ts';
import { removeContainer } from '../../../harness/docker/container/remove.ts';
import { SystemContainer } from '../../../harness/docker/container/system-container.ts';
import { connect } from '../../../harness/docker/host/connection.ts';
import { packageRoot } from '../../../harness/model/package-root.ts';
import { debian12, debian12Image, runId } from '../../lab/fixture.ts';

/** A second, in the kernel's own count of processor time. */
const ticks = 100;

const [cases = 16, rounds = 1] = process.argv.slice(2, 4).map(Number);
const checkouts = [packageRoot, ...process.argv.slice(4).map((path) => resolve(path))];

interface Cost {
  processor: number;
  wall: number;
}

const arms: readonly [name: string, work: () => Promise<void>][] = [
  ['container', () => inParallel(cases, 2, () => bareTarget(async () => {}))],
  ['exec', () => inParallel(cases, 4, () => bareTarget(atJob))],
  ...checkouts.map((folder): [string, () => Promise<void>] => [`run ${folder}`, () => runCore(folder)]),
];

const image = await debian12Image();
const { docker, facts } = await connect();
const folder = mkdtempSync(join(tmpdir(), 'atomclock-bench-'));
/** As bundled ones are kept: an atomics file, and beside it what they need. */
const atomics = join(folder, 'atomics', 'T1053');
try {
  writeAtomics();
  const costs = new Map<string, Cost[]>(arms.map(([name]) => [name, []]));
  for (let round = 0; round < rounds; round += 1)
    for (const [name, work] of arms) costs.get(name)?.push(await measured(work));
  print(costs);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function print(costs: ReadonlyMap<string, readonly Cost[]>): void {
  // The least of the rounds: what others did can only add.
  const least = (name: string, what: keyof Cost) =>
    Math.min(...(costs.get(name) ?? []).map((cost) => cost[what])) / cases;
  const rows = [...costs.keys()].map((name) => {
    const [processor, wall] = [least(name, 'processor'), least(name, 'wall')];
    const cells = [
      processor.toFixed(2),
      (processor / least('container', 'processor')).toFixed(2),
      wall.toFixed(2),
      (wall / least('exec', 'wall')).toFixed(2),
    ];
    return `${name.padEnd(40)} ${cells.map((cell) => cell.padStart(10)).join(' ')}`;
  });
  const head = ['CPU s', 'of container', 'wall s', 'of exec'].map((cell) => cell.padStart(10)).join(' ');
  process.stdout.write(
    `${`${cases} cases, each; least of ${rounds} round${rounds === 1 ? '' : 's'}`.padEnd(40)} ${head}\n${rows.join('\n')}\n`,
  );
}

async function measured(work: () => Promise<void>): Promise<Cost> {
  const before = { busy: busySeconds(), others: othersSeconds(), at: performance.now() };
  await work();
  const processor = busySeconds() - before.busy - Math.max(0, othersSeconds() - before.others);
  return { processor, wall: (performance.now() - before.at) / 1000 };
}

/* ---- the floors ---- */

async function bareTarget(use: (exec: ContainerExec) => Promise<void>): Promise<void> {
  // As the engine's own client starts it; a target goes without the engine's networks altogether.
  const network = 'none';
  const system = new SystemContainer(image, debian12.profile, facts.cgroupVersion, { network }).withLabels(
    labelsFor({ role: 'target', run: runId, case: 'bench' }),
  );
  const container = docker.getContainer((await system.start()).getId());
  try {
    const exec = new ContainerExec(container);
    // The manager listens a little after the container has been started.
    await until(async () => (await exec.run(['systemctl', 'is-system-running', '--wait'])) === 0);
    await use(exec);
  } finally {
    await removeContainer(container);
  }
}

async function atJob(exec: ContainerExec): Promise<void> {
  await exec.run(['sh', '-c', 'echo touch /tmp/seen | at now']);
  await exec.run(['sh', '-c', 'until [ -e /tmp/seen ]; do sleep 0.1; done']);
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await holds()) return;
    await setTimeout(100);
  }
  throw new RangeError('a bare target does not come up');
}

async function inParallel(count: number, abreast: number, work: () => Promise<void>): Promise<void> {
  let left = count;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      await work();
    }
  };
  await Promise.all(Array.from({ length: abreast }, worker));
}

/* ---- the run ---- */

/** So many atomics: the core set as often as it takes, under other names, and what they need of a target. */
function writeAtomics(): void {
  const core = ['T1053.002', 'T1053.003', 'T1053.006'].flatMap((technique) => {
    const read = (name: string): unknown =>
      parseDocument(readFileSync(join(packageRoot, 'atomics', technique, name), 'utf8')).toJS();
    const { atomic_tests: tests } = read(`${technique}.yaml`) as { atomic_tests: Atomic[] };
    const expectations = read('expectations.yaml') as Readonly<Record<string, Needs>>;
    // As many of each belong to the set.
    return tests.slice(0, technique === 'T1053.002' ? 2 : 3).map((test) => {
      const { user = 'root', needs = [] } = expectations[test.auto_generated_guid] ?? {};
      return { test, needs: { user, needs } };
    });
  });
  const copies = Array.from({ length: cases }, (_, index) => ({
    ...(core[index % core.length] as (typeof core)[number]),
    slug: `bench-${index}`,
    guid: randomUUID(),
  }));
  const tests = copies.map(({ test, slug, guid }) => ({ ...test, name: slug, auto_generated_guid: guid }));
  mkdirSync(atomics, { recursive: true });
  writeFileSync(
    join(atomics, 'T1053.yaml'),
    JSON.stringify({ attack_technique: 'T1053', display_name: 'bench', atomic_tests: tests }),
  );
  const expected = Object.fromEntries(copies.map(({ guid, slug, needs }) => [guid, { slug, ...needs }]));
  writeFileSync(join(atomics, 'expectations.yaml'), JSON.stringify(expected));
}

interface Atomic {
  name: string;
  auto_generated_guid: string;
}
/** Who runs it, and whether that user's own service manager must be up. */
interface Needs {
  user?: string;
  needs?: string[];
}

async function runCore(checkout: string): Promise<void> {
  const out = join(folder, randomUUID());
  const words = ['run', '--atomics', atomics, '--mitigation', 'none', '--out', out];
  const child = spawn(process.execPath, [join(checkout, 'harness/cli/main.ts'), ...words], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const code = await new Promise<number | null>((ended) => child.once('exit', ended));
  // 1 says that an expectation failed: the copies have no rules that must fire.
  if (code !== 0 && code !== 1) throw new RangeError(`the run of ${checkout} ended with ${code}`);
  const { cases: ran } = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as {
    cases: { kind: string; observation: string | null }[];
  };
  const done = ran.filter(({ kind, observation }) => kind === 'attack' && observation === 'executed').length;
  if (done !== cases)
    throw new RangeError(`of ${cases} cases ${done} were executed in the run of ${checkout}`);
}

/* ---- processor time ---- */

/** Of the whole machine since its start. @source proc_stat(5) */
function busySeconds(): number {
  const [user, nice, system, , , irq, softirq, steal] = (
    /^cpu +(.*)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1] ?? ''
  )
    .split(' ')
    .map(Number) as [number, number, number, number, number, number, number, number];
  return (user + nice + system + irq + softirq + steal) / ticks;
}

/** Of processes that neither are this one or its children, nor the engine or in a container, with the children they had. */
function othersSeconds(): number {
  const own = readlinkSync('/proc/self/ns/pid');
  const processes = new Map(
    readdirSync('/proc').flatMap((pid) => (/^\d+$/.test(pid) ? processFacts(pid) : [])),
  );
  const isOurs = (pid: string): boolean => {
    for (let at = processes.get(pid), id = pid; at; id = at.parent, at = processes.get(id)) {
      if (id === String(process.pid) || /^(?:dockerd|containerd|runc)/.test(at.name) || at.space !== own)
        return true;
    }
    return false;
  };
  let sum = 0;
  for (const [pid, { seconds }] of processes) if (!isOurs(pid)) sum += seconds;
  return sum;
}

function processFacts(
  pid: string,
): [string, { name: string; parent: string; space: string; seconds: number }][] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const seconds = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) / ticks;
    const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    return [[pid, { name, parent: fields[1] ?? '', space: readlinkSync(`/proc/${pid}/ns/pid`), seconds }]];
  } catch {
    // Gone meanwhile, or a thread of the kernel.
    return [];
  }
}
