// What being watched costs a target: the same work with the sensor and without, in turns.
//
//   node test/bench/sensor/overhead.ts [ROUNDS]
//
// CPU time is that of the work itself (user and system, with its children), so other load on the machine counts little.

import { startLab } from '../../lab/sensor-fixture.ts';

const rounds = Number(process.argv[2] ?? 3);

const measured = (work: string): string => `
  sub cpu { my @t = times; $t[0] + $t[1] + $t[2] + $t[3] }
  my $began = cpu; ${work} printf "%.3f", cpu - $began;`;

const workloads: [name: string, perl: string][] = [
  [
    '2,000 short processes',
    measured('for (1..2000) { my $p = fork; exec "/bin/true" unless $p; waitpid $p, 0 }'),
  ],
  [
    '20,000 files made, written, removed',
    measured(
      'for (1..20000) { open $f, ">", "/dev/shm/f$_"; print $f "x"; close $f; unlink "/dev/shm/f$_" }',
    ),
  ],
  [
    'a package of 500 files, installed',
    measured('system "dpkg --install /srv/bench.deb > /dev/null"; system "dpkg --purge bench > /dev/null";'),
  ],
  ['300,000 system calls of no interest', measured('for (1..300000) { stat "/etc/passwd" }')],
];

const packageScript = `set -e; mkdir -p /srv/bench/DEBIAN /srv/bench/usr/share/bench; cd /srv
  printf 'Package: bench\\nVersion: 1\\nArchitecture: all\\nMaintainer: nobody <n@example.org>\\nDescription: files\\n' > bench/DEBIAN/control
  for i in $(seq 500); do echo "$i" > bench/usr/share/bench/$i; done; dpkg-deb --build bench bench.deb > /dev/null`;

await using lab = await startLab();
await using one = await lab.watched();
const { target } = one;
await target.exec(['sh', '-c', packageScript]);

async function cpuSeconds(perl: string): Promise<number> {
  const { stdout, stderr, exitCode } = await target.exec(['perl', '-e', perl]);
  if (exitCode !== 0) throw new TypeError(`the workload ended with ${exitCode}: ${stderr}`);
  return Number(stdout);
}

const best = new Map<string, { without: number; watched: number }>();
await one.watch[Symbol.asyncDispose]();
for (let round = 0; round < rounds; round += 1) {
  for (const [name, perl] of workloads) {
    const without = await cpuSeconds(perl);
    const watch = await lab.sensor.watch(target, () => {});
    const watched = await cpuSeconds(perl);
    await watch[Symbol.asyncDispose]();
    const before = best.get(name);
    best.set(name, {
      without: Math.min(without, before?.without ?? without),
      watched: Math.min(watched, before?.watched ?? watched),
    });
  }
}

process.stdout.write(`${'CPU seconds, best of rounds'.padEnd(38)} alone  watched  ratio\n`);
for (const [name, { without, watched }] of best) {
  const cells = [
    without.toFixed(2).padStart(5),
    watched.toFixed(2).padStart(8),
    (watched / without).toFixed(2).padStart(6),
  ];
  process.stdout.write(`${name.padEnd(38)} ${cells.join(' ')}\n`);
}
