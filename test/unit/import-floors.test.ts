// The house has floors (each folder's imports): the linter holds them, and here it is shown that it really does.

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { packageRoot } from '../../harness/model/package-root.ts';

const allowed: [file: string, specifier: string][] = [
  ['rules/sigma/modifier/cidr.ts', '../../match/text.ts'],
  ['rules/sigma/parse.ts', '../match/text.ts'],
  ['rules/index.ts', './match/text.ts'],
  ['rules/index.ts', '../model/event.ts'],
  ['content/lint/check.ts', '../../rules/index.ts'],
  ['content/load.ts', 'node:fs'],
  ['engine/judge.ts', '../rules/index.ts'],
  ['docker/container/target.ts', '../../engine/ports.ts'],
  ['docker/container/target.ts', 'dockerode'],
  ['telemetry/ebpf/sensor.ts', '../../engine/ports.ts'],
  ['report/console.ts', '../model/run-record.ts'],
  ['main/run.ts', '../docker/container/target.ts'],
  ['main/run.ts', '../report/json.ts'],
  ['lab/session.ts', '../main/run.ts'],
  ['lab/server.ts', '../report/html/page.ts'],
  ['lab/page-files.ts', 'node:fs'],
  ['cli/commands/lab.ts', '../../lab/server.ts'],
  ['cli/commands/run.ts', '../../main/run.ts'],
  ['cli/commands/run.ts', '../../report/console.ts'],
  ['library/run.ts', '../main/run.ts'],
  ['library/result.ts', '../cli/outcome.ts'],
];

const refused: [file: string, specifier: string][] = [
  ['model/event.ts', '../rules/index.ts'],
  ['rules/index.ts', '../engine/ports.ts'],
  ['rules/sigma/parse.ts', '../../engine/ports.ts'],
  ['rules/sigma/modifier/cidr.ts', '../../../engine/ports.ts'],
  ['rules/index.ts', '../content/load.ts'],
  ['rules/sigma/parse.ts', 'node:fs'],
  ['content/load.ts', '../engine/plan.ts'],
  ['engine/judge.ts', '../docker/target.ts'],
  ['engine/judge.ts', 'node:fs/promises'],
  ['engine/judge.ts', 'dockerode'],
  ['docker/container/target.ts', '../../engine/run/plan.ts'],
  ['docker/container/target.ts', '../../cli/io.ts'],
  ['telemetry/ebpf/sensor.ts', '../../engine/plan.ts'],
  ['telemetry/ebpf/sensor.ts', '../../docker/target.ts'],
  ['telemetry/ebpf/sensor.ts', 'testcontainers'],
  ['report/console.ts', '../engine/diff.ts'],
  ['report/html/page.ts', '../../cli/io.ts'],
  ['report/console.ts', 'node:fs'],
  ['main/run.ts', '../cli/io.ts'],
  ['main/run.ts', 'testcontainers'],
  ['main/run.ts', '../lab/server.ts'],
  ['report/html/page.ts', '../../lab/page-files.ts'],
  ['lab/session.ts', '../docker/container/target.ts'],
  ['lab/session.ts', '../content/lesson.ts'],
  ['lab/session.ts', '../engine/ports.ts'],
  ['lab/server.ts', '../cli/io.ts'],
  ['lab/server.ts', 'dockerode'],
  ['cli/commands/run.ts', '../../docker/container/target.ts'],
  ['cli/commands/run.ts', '../../engine/run/plan.ts'],
  ['cli/commands/list.ts', '../../rules/index.ts'],
  ['cli/options.ts', '../telemetry/wall-clock.ts'],
  ['cli/main.ts', 'testcontainers'],
  ['library/run.ts', '../cli/io.ts'],
  ['library/run.ts', '../docker/container/target.ts'],
];

const folder = mkdtempSync(join(tmpdir(), 'atomclock-floors-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('refuses what leads up or sideways, and nothing else', () => {
  cpSync(join(packageRoot, '.biome.json'), join(folder, '.biome.json'));
  const files = new Map([...allowed, ...refused].map((pair) => [fileOf(pair), pair]));
  for (const [file, [, specifier]] of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), `import { thing } from '${specifier}';\n\nthing();\n`);
  }
  expect([...restricted()].toSorted()).toEqual(refused.map(fileOf).toSorted());
});

/** Each import in a file of its own: `harness/rules/index-2.ts`. */
const fileOf = ([file, specifier]: [string, string]): string =>
  `harness/${file.replace(/\.ts$/, '')}-${[...allowed, ...refused].findIndex((pair) => pair[0] === file && pair[1] === specifier)}.ts`;

function restricted(): Set<string> {
  const biome = join(packageRoot, 'node_modules/.bin/biome');
  const args = ['lint', '--vcs-enabled=false', '--only=style/noRestrictedImports', '--reporter=json', '.'];
  let report: string;
  try {
    report = execFileSync(biome, args, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch (error) {
    report = (error as { stdout: string }).stdout;
  }
  const { diagnostics } = JSON.parse(report) as { diagnostics: { location: { path: string } }[] };
  return new Set(diagnostics.map(({ location }) => location.path));
}
