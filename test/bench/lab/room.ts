// A room before a lab whose target floods: what the server keeps, how soon a page has an event, whether a page still
// answers, and whether all that happened is in the evidence.
//
//   node test/bench/lab/room.ts [VIEWERS=30] [PAGES=2] [PROCESSES=4000]
//
// The attack is a loop of so many processes, then a job for at. Of the viewers, PAGES are pages in Chromium (each a
// renderer of its own: thirty of them measure Chromium on one machine, where a room has thirty machines), the others
// sockets that take all they are sent. Needs Chromium.

import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { execa } from 'execa';
import { chromium, type Page } from 'playwright-core';
import { WebSocket } from 'ws';
import type { LabMessage, LabRequestMessage } from '../../../harness/lab/message.ts';
import { packageRoot } from '../../../harness/model/package-root.ts';
import { chromiumPath } from '../../chromium.ts';
import { measureDelays } from '../../event-delays.ts';
import { lineOn } from '../../lab/cli.ts';

const [viewers = 30, pages = 2, processes = 4_000] = process.argv.slice(2).map(Number);
if (chromiumPath === undefined) throw new RangeError('this bench opens pages: install Chromium');

const folder = mkdtempSync(join(tmpdir(), 'atomclock-room-'));
const guid = '6f1f0c7e-3a0b-4a0e-9d6b-0d2c6f5b9a11';
writeFileSync(
  join(folder, 'flood.yaml'),
  JSON.stringify({
    attack_technique: 'T1053.002',
    display_name: 'Scheduled Task/Job: At',
    atomic_tests: [
      {
        name: 'A job behind a flood of processes',
        auto_generated_guid: guid,
        description: 'Starts thousands of processes, and schedules a job.',
        supported_platforms: ['linux'],
        executor: {
          name: 'sh',
          elevation_required: false,
          command: `i=0; while [ $i -lt ${processes} ]; do /bin/true $i; i=$((i+1)); done; echo 'touch /tmp/after' | at now`,
        },
      },
    ],
  }),
);

/** Who looks on by a socket. */
class Viewer {
  readonly socket: WebSocket;
  got = 0;
  leftOut = 0;
  run: Extract<LabMessage, { say: 'run' }>['run'] | null = null;
  slug: string | null = null;

  constructor(url: URL) {
    this.socket = new WebSocket(`ws://${url.host}/live`, {
      headers: {
        Origin: url.origin,
        Cookie: `atomclock-lab-${url.port}=${url.searchParams.get('token') ?? ''}`,
      },
    });
    this.socket.on('message', (data) => this.#take(JSON.parse(String(data)) as LabMessage));
  }

  ask(request: LabRequestMessage): void {
    this.socket.send(JSON.stringify(request));
  }

  #take(message: LabMessage): void {
    if (message.say === 'hello')
      this.slug = message.offer.atomics.find(({ name }) => name.includes('flood'))?.slug ?? null;
    if (message.say === 'run') this.run = message.run;
    if (message.say === 'left-out') this.leftOut += message.count;
    if (message.say === 'facts') this.got += message.facts.filter(({ kind }) => kind === 'event').length;
  }
}

const lab = execa(
  process.execPath,
  [
    join(packageRoot, 'harness/cli/main.ts'),
    ...['lab', '--port', '0', '--atomics', join(folder, 'flood.yaml'), '--out', join(folder, 'runs')],
  ],
  { reject: false },
);
let said = '';
lab.stdout.on('data', (chunk: Buffer) => {
  said += chunk;
});
const browser = await chromium.launch({
  executablePath: chromiumPath,
  args: ['--no-sandbox', '--disable-gpu'],
});
try {
  await lineOn(lab.stdout, /Viewers: \S+\n/);
  const urlOf = (role: string) => new URL(new RegExp(`${role}: (\\S+)`).exec(said)?.[1] ?? '');
  const trainer = new Viewer(urlOf('Trainer'));
  const others = Array.from({ length: viewers - pages }, () => new Viewer(urlOf('Viewers')));
  await Promise.all([trainer, ...others].map(({ socket }) => once(socket, 'open')));
  const opened = await Promise.all(Array.from({ length: pages }, () => openPage(urlOf('Viewers'))));
  const before = serverMiB();
  let most = before;
  const answers: number[] = [];
  while (trainer.slug === null) await setTimeout(50);
  const { slug } = trainer;
  const detonation = { target: 'debian12', mitigation: null, user: null, isStepping: false } as const;
  trainer.ask({ ask: 'detonate', atomic: slug, ...detonation });
  while (trainer.run === null || trainer.run.state === 'running') {
    most = Math.max(most, serverMiB());
    if (trainer.got > 100) for (const page of opened) answers.push(await answerMs(page));
    await setTimeout(100);
  }
  // What is owed to those who are behind comes within a second.
  await setTimeout(2_000);
  const delays = (
    await Promise.all(opened.map((page) => page.evaluate('window.delays') as Promise<number[]>))
  ).flat();
  const recorded = recordedEvents(trainer.run.folder);
  const rows: [string, string][] = [
    ['viewers (of them pages)', `${viewers} (${pages})`],
    ['what came of it', trainer.run.sentence ?? '–'],
    ['events in the evidence', String(recorded)],
    ['told live: least and most by socket', spread(others.map(({ got }) => got))],
    ['left out and said so: least and most', spread(others.map(({ leftOut }) => leftOut))],
    ['their sum: least and most', spread(others.map(({ got, leftOut }) => got + leftOut))],
    ['server, MiB before and at most', `${before.toFixed(0)} ${most.toFixed(0)}`],
    ['event on a page after, ms: median and 95 %', quantiles(delays)],
    ['a page answers after, ms: median and 95 %', quantiles(answers)],
  ];
  process.stdout.write(`${rows.map(([name, value]) => `${name.padEnd(44)} ${value}`).join('\n')}\n`);
} finally {
  await browser.close();
  lab.kill('SIGINT');
  await lab;
  rmSync(folder, { recursive: true, force: true });
}

async function openPage(url: URL): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await page.addInitScript(measureDelays);
  await page.goto(String(url));
  await page.locator('#lessons li').first().waitFor();
  return page;
}

/** How long a page takes to run what somebody does with it, and to show it. */
async function answerMs(page: Page): Promise<number> {
  const began = performance.now();
  await page.evaluate(
    'new Promise((shown) => requestAnimationFrame(() => requestAnimationFrame(() => shown(null))))',
  );
  return performance.now() - began;
}

/** @source proc_pid_status(5), VmRSS */
function serverMiB(): number {
  const status = readFileSync(`/proc/${lab.pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? Number.NaN) / 1024;
}

function recordedEvents(run: string | null): number {
  if (run === null) return 0;
  const { cases } = JSON.parse(readFileSync(join(run, 'run.json'), 'utf8')) as { cases: { id: string }[] };
  const ids = cases.map(({ id }) => id).filter((id) => !id.startsWith('idle'));
  return ids
    .map((id) => readFileSync(join(run, 'cases', id, 'events.ndjson'), 'utf8').split('\n').length - 1)
    .reduce((sum, count) => sum + count, 0);
}

function spread(values: readonly number[]): string {
  return `${Math.min(...values)} ${Math.max(...values)}`;
}

function quantiles(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]?.toFixed(0) ?? '–';
  return `${at(0.5)} ${at(0.95)} (${sorted.length} of them)`;
}
