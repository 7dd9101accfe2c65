// A debian12 target in which things are scheduled, recorded under the bundled rules: each act with its canonical path.

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseAuditLog } from '../../../../harness/telemetry/audit/index.ts';

const log = readFileSync(new URL('fixtures/debian12.log', import.meta.url), 'utf8').split('\n');
const events = [...parseAuditLog(log)];

it('shows every act, with actor and path', async () => {
  const rows = events.map(({ event, process, file }) => {
    const line = process?.command_line?.replace(/x{20,}/, 'x…');
    return [
      event.action,
      event.type.join(),
      event.outcome,
      process?.name,
      line,
      file?.path,
      file?.target_path,
      file?.Ext?.original?.path,
    ]
      .map((cell) => cell ?? '')
      .join(' | ');
  });
  await expect(`${rows.join('\n')}\n`).toMatchFileSnapshot('fixtures/debian12.events.txt');
});

it('keeps long, empty and spaced arguments apart', () => {
  const args = events.at(-1)?.process?.args;
  expect(args?.map((arg) => arg.length)).toEqual(['/usr/bin/printf'.length, 2, 9000, 0, 'last one'.length]);
});
