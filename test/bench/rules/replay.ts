// `node --expose-gc test/bench/rules/replay.ts [EVENTS]`: a long stream through sequences and correlations that keep
// state per process and per user; what they hold on to must not grow with the stream.

import { compileRules, loadRules } from '../../../harness/rules/index.ts';

const eventCount = Number(process.argv[2] ?? 10_000_000);
const reports = 10;

const rules = [
  {
    file: 'bounded-by-time.eql',
    text: `sequence by process.entity_id with maxspan=1m
      [process where event.action == "exec"]
      [file where event.action == "creation"]
      [process where event.action == "end" and process.exit_code == 7]`,
  },
  {
    // Nothing but the bounds ends these: two of three processes never create a file.
    file: 'bounded-by-number.eql',
    text: `sequence by process.entity_id
      [process where event.action == "exec"]
      [file where event.action == "creation" and file.name == "never"]`,
  },
  {
    file: 'missing.eql',
    text: `sequence by user.id with maxspan=1s
      [process where event.action == "exec"]
      ![file where event.action == "creation"]
      [process where event.action == "end" and process.exit_code == 7]`,
  },
  {
    file: 'many.yml',
    text: `
title: Ends
name: ends
logsource: { category: process_termination, product: linux }
detection: { selection: { ProcessId|gte: 0 }, condition: selection }
---
title: Many ends
correlation: { type: event_count, rules: [ends], group-by: [user.id], timespan: 1m, condition: { gte: 1000000 } }
`,
  },
];

const loaded = loadRules(rules);
if (loaded.problems.length > 0) throw new TypeError(JSON.stringify(loaded.problems, null, 2));
const session = compileRules(loaded.rules, { fields: 'ecs' }).session();

process.stdout.write(
  '| events | events/s | heap MiB | live keys | evicted | matches |\n|---:|---:|---:|---:|---:|---:|\n',
);
let started = performance.now();
let matches = 0;
for (let index = 0; index < eventCount; index++) {
  matches += session.push(processLife(index), index).length;
  if ((index + 1) % Math.ceil(eventCount / reports) === 0) {
    report(index + 1);
    started = performance.now();
  }
}

function report(events: number): void {
  const rate = eventCount / reports / ((performance.now() - started) / 1000);
  globalThis.gc?.();
  const { machines } = session.stats();
  const live = machines.reduce((sum, machine) => sum + machine.live, 0);
  const evicted = machines.reduce((sum, machine) => sum + machine.evicted, 0);
  const heap = process.memoryUsage().heapUsed / 2 ** 20;
  process.stdout.write(
    `| ${events.toLocaleString('en')} | ${Math.round(rate).toLocaleString('en')} | ${heap.toFixed(1)} | ${live.toLocaleString('en')} | ${evicted.toLocaleString('en')} | ${matches.toLocaleString('en')} |\n`,
  );
}

/** Processes start, one in three creates a file, and end; a new one with every third event, 1 ms apart. */
function processLife(index: number): object {
  const life = Math.floor(index / 3);
  const phase = index % 3;
  const base = {
    '@timestamp': 1_735_689_600_000 + index,
    process: { entity_id: `p${life}`, pid: life % 32_768, executable: '/usr/bin/job' },
    user: { id: String(life % 50) },
  };
  if (phase === 0) return { ...base, event: { category: ['process'], action: 'exec' } };
  if (phase === 1 && life % 3 === 0) {
    return {
      ...base,
      event: { category: ['file'], action: 'creation' },
      file: { name: 'out', path: '/tmp/out' },
    };
  }
  const process = { ...base.process, exit_code: life % 1000 === 0 ? 7 : 0 };
  return { ...base, process, event: { category: ['process'], action: 'end' } };
}
