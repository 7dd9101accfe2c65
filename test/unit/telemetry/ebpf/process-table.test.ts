// What is remembered of processes, and for how long.

import { describe, expect, it } from 'vitest';
import { entityId, ProcessTable } from '../../../../harness/telemetry/ebpf/process-table.ts';
import type { RawRecord } from '../../../../harness/telemetry/ebpf/raw.ts';
import { recorded } from './recorded.ts';

const template = (op: RawRecord['op']): RawRecord => recorded.find((record) => record.op === op) as RawRecord;
const fork = (pid: number, ppid: number): RawRecord => ({
  ...template('fork'),
  pid,
  start: String(pid),
  ppid,
  parent_start: String(ppid),
});
const exec = (pid: number, argv: string[]): RawRecord =>
  ({ ...template('exec'), pid, start: String(pid), argv, exe: `/bin/${argv[0]}` }) as RawRecord;
const exit = (pid: number): RawRecord => ({ ...template('exit'), pid, start: String(pid) });

describe('the process table', () => {
  it('gives a forked process what its parent has, until it executes something itself', () => {
    const table = new ProcessTable();
    table.observe(exec(1, ['parent', 'x']));
    expect(table.observe(fork(2, 1))).toMatchObject({ executable: '/bin/parent', args: ['parent', 'x'] });
    table.observe(exec(2, ['child']));
    expect(table.get(entityId(2, '2'))).toMatchObject({ executable: '/bin/child', commandLine: 'child' });
    expect(table.get(entityId(1, '1'))?.commandLine).toBe('parent x');
  });

  it('keeps an ended process for its children', () => {
    const table = new ProcessTable();
    table.observe(exec(1, ['parent']));
    table.observe(exit(1));
    expect(table.get(entityId(1, '1'))?.commandLine).toBe('parent');
  });

  it('tells processes of the same pid apart by their start', () => {
    const table = new ProcessTable();
    table.observe(exec(7, ['first']));
    table.observe({ ...exec(7, ['second']), start: '8' } as RawRecord);
    expect(table.get(entityId(7, '7'))?.commandLine).toBe('first');
  });

  it('lets go of the ended ones that are oldest, of living ones never', () => {
    const table = new ProcessTable();
    table.observe(exec(1, ['daemon']));
    for (let pid = 2; pid < 100_000; pid += 1) {
      table.observe(fork(pid, 1));
      table.observe(exit(pid));
    }
    expect(table.get(entityId(1, '1'))?.commandLine).toBe('daemon');
    expect(table.get(entityId(99_999, '99999'))).toBeDefined();
    expect(table.get(entityId(2, '2'))).toBeUndefined();
  });
});
