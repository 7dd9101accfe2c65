// How fast the sensor's lines become events, on one core: node test/bench/sensor/throughput.ts
//
// The kernel side has been seen to produce 34,000 records a second; the reader must not be outrun.

import { EcsMapper } from '../../../harness/telemetry/ebpf/ecs.ts';
import { parseLine } from '../../../harness/telemetry/ebpf/raw.ts';
import { recordedLines } from '../../unit/telemetry/ebpf/recorded.ts';

const rounds = 2000;
const count = rounds * recordedLines.length;
const bytes = recordedLines.reduce((sum, line) => sum + line.length, 0) * rounds;

/** CPU microseconds for one line, the best of three. */
function cost(work: (line: string) => void): number {
  const tries = Array.from({ length: 3 }, () => {
    const before = process.cpuUsage();
    for (let round = 0; round < rounds; round += 1) for (const line of recordedLines) work(line);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / count;
  });
  return Math.min(...tries);
}

const mapper = new EcsMapper({ targetId: 'f'.repeat(64), bootTime: '1795297047.370217350' });
const rows: [string, number][] = [
  ['JSON.parse alone', cost((line) => void JSON.parse(line))],
  ['checked record', cost((line) => void parseLine(line))],
  [
    'ECS event',
    cost((line) => {
      const parsed = parseLine(line);
      if (parsed.kind === 'record') mapper.map(parsed.record);
    }),
  ],
];

process.stdout.write(`${count} lines, ${Math.round(bytes / count)} bytes each\n`);
for (const [name, microseconds] of rows) {
  const rate = Math.round(1e6 / microseconds).toLocaleString('en');
  process.stdout.write(
    `${name.padEnd(20)} ${microseconds.toFixed(2).padStart(6)} µs  ${rate.padStart(10)} lines/s\n`,
  );
}
