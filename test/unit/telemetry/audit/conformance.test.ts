// Records and events against go-libaudit's own goldens, the reader behind Elastic's auditd integration.
// Skipped where the corpora are absent. Where we differ on purpose, `differences` says so and why.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Coalescer } from '../../../../harness/telemetry/audit/coalesce.ts';
import { auditEcsEvent } from '../../../../harness/telemetry/audit/ecs.ts';
import { interpret } from '../../../../harness/telemetry/audit/interpret.ts';
import { type AuditRecord, parseAuditLine } from '../../../../harness/telemetry/audit/record.ts';

const folder = join(process.env.CORPORA ?? '../shared/corpora', 'go-libaudit');
const isPresent = existsSync(folder);
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const linesOf = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '');

interface GoldenRecord {
  '@timestamp': string;
  record_type: string;
  sequence: number;
  data: Record<string, string>;
  tags?: string[];
}

describe.skipIf(!isPresent)('records parse to the goldens’ fields (skipped without the corpora)', () => {
  it.each(['audit-ubuntu16.log'])('%s', (name) => {
    const golden = JSON.parse(read(`${name}.golden`)) as GoldenRecord[];
    const records = linesOf(read(name)).map((line) => parseAuditLine(line) as AuditRecord);
    expect(records).toHaveLength(golden.length);
    for (const [index, record] of records.entries()) {
      const { data, tags } = interpret(record);
      const expected = golden[index] as GoldenRecord;
      expect(Object.fromEntries(data)).toEqual(expected.data);
      expect(record.type.toLowerCase()).toBe(expected.record_type);
      expect(record.serial).toBe(expected.sequence);
      expect(record.time).toBe(Date.parse(expected['@timestamp']));
      expect(tags).toEqual(expected.tags ?? []);
    }
  });
});

describe.skipIf(!isPresent)('records of one event find together (skipped without the corpora)', () => {
  // What go-libaudit's own test expects of these logs.
  it.each([
    ['normal.log', 0, { 58: 2, 59: 5, 60: 5, 61: 4, 62: 1 }],
    ['out_of_order.log', 0, { 58: 2, 59: 5, 60: 5, 61: 4, 62: 1 }],
    ['lost_messages.log', 9, { 49: 2, 59: 5, 60: 5, 61: 4, 62: 1 }],
    ['rollover.log', 0, { 4294967294: 1, 4294967295: 1, 0: 1, 1: 1, 2: 1 }],
  ])('%s', (name, lost, counts) => {
    const coalescer = new Coalescer();
    const groups = linesOf(read(name)).flatMap((line) => coalescer.push(parseAuditLine(line) as AuditRecord));
    groups.push(...coalescer.flush());
    expect(Object.fromEntries(groups.map(({ serial, records }) => [serial, records.length]))).toEqual(counts);
    expect(coalescer.lost).toBe(lost);
  });
});

interface GoldenEvent {
  '@timestamp': string;
  sequence: number;
  record_type: string;
  result: string;
  session?: string;
  tags?: string[];
  summary: {
    actor: object;
    action?: string;
    object: { type?: string; primary?: string; secondary?: string };
    how?: string;
  };
  user: { ids?: Record<string, string>; selinux?: Record<string, string> };
  process: Record<string, unknown>;
  file?: Record<string, unknown>;
  source?: object;
  destination?: object;
  network?: object;
  data?: Record<string, string>;
  paths?: Record<string, string>[];
  ecs: {
    event: { category?: string[]; type?: string[] };
    user: Record<'id' | 'name', string> & Record<'effective' | 'target', { id?: string; name?: string }>;
  };
}

/**
 * Where our events say something else than the goldens, by ECS field:
 *
 * - event.type has `creation` besides, where a PATH record says that the name was created.
 * - event.type is `info` where the golden has none, since ECS wants one.
 * - event.action is the system call's name where Elastic's table has no action for it (`getpeername`).
 * - auditd.message_type lists the types of all records; Elastic has the first one's. Sigma rules ask for EXECVE, PATH…
 * - auditd.data.a0… of an execve hold the program's arguments beside the call's registers, for the same reason.
 * - file.path is absolute, and of a rename the new name; the old one is file.Ext.original.path.
 * - file.inode, owner and mode of a rename are those of that record.
 * - user.id of logins: Elastic has the string `unset` where nobody is logged in; we have the uid of the program.
 * - where Red Hat 7 calls nametype objtype, Elastic takes the parent folder for the file; we do not.
 * - process.name falls back to the program's name where a record has no comm.
 */
describe.skipIf(!isPresent)('events agree in the ECS fields (skipped without the corpora)', () => {
  const names = [
    'rhel-7-linux-3.10.0',
    'ubuntu-16.04-linux-4.13.0',
    'ubuntu-17.04-linux-4.10.0',
    'ubuntu-20.04.6-linux-5.15.0-1034-gcp',
  ];
  const cases = (isPresent ? names : []).flatMap((name) => {
    const { tests } = parse(read(`${name}.yaml`)) as { tests: Record<string, string> };
    const golden = JSON.parse(read(`${name}.json.golden`)) as { test_name: string; event: GoldenEvent }[];
    return golden.map(
      ({ test_name, event }) => [`${name}: ${test_name}`, tests[test_name] ?? '', event] as const,
    );
  });

  it.each(cases)('%s', (_, log, golden) => {
    const records = linesOf(log)
      .map((line) => parseAuditLine(line) as AuditRecord)
      .filter(({ type }) => type !== 'EOE');
    const event = auditEcsEvent(records, 1);
    const audit = event.auditd as Record<string, unknown> & {
      message_type: string[];
      data: Record<string, unknown>;
    };

    expect(Date.parse(event['@timestamp'])).toBe(Date.parse(golden['@timestamp']));
    expect(audit.sequence).toBe(golden.sequence);
    expect(audit.message_type[0]).toBe(golden.record_type);
    expect(audit.result).toBe(golden.result);
    expect(audit.session).toBe(golden.session);
    expect(event.tags ?? []).toEqual(golden.tags ?? []);
    expect(audit.paths ?? []).toEqual(golden.paths ?? []);

    if (golden.summary.action) expect(event.event.action).toBe(golden.summary.action);
    expect(event.event.category).toEqual(golden.ecs.event.category ?? []);
    const creates =
      golden.paths?.some(({ nametype }) => nametype === 'CREATE') &&
      golden.ecs.event.category?.includes('file');
    const types = golden.ecs.event.type ?? ['info'];
    expect(event.event.type).toEqual(creates && !types.includes('creation') ? [...types, 'creation'] : types);

    const { pid, ppid, title, name, exe, cwd, args } = golden.process;
    expect(
      [event.process?.pid, event.process?.parent?.pid].map((id) => (id === undefined ? id : String(id))),
    ).toEqual([pid, ppid]);
    expect([
      event.process?.title,
      event.process?.executable,
      event.process?.working_directory,
      event.process?.args,
    ]).toEqual([title, exe, cwd, args]);
    if (name) expect(event.process?.name).toBe(name);

    const isRename = golden.summary.action === 'renamed';
    const knowsNoParent = golden.paths?.[0]?.objtype === 'PARENT';
    expect(event.file === undefined).toBe(golden.file === undefined);
    if (golden.file && isRename) expect(event.file?.Ext?.original?.path).toBeDefined();
    else if (knowsNoParent) {
      expect(event.file?.inode).toBe(golden.paths?.find(({ objtype }) => objtype === 'CREATE')?.inode);
    } else if (golden.file) {
      const { path, device, inode, mode, uid, gid, selinux } = golden.file;
      expect(event.file).toMatchObject({
        path,
        device,
        inode,
        mode,
        uid,
        gid,
        ...(selinux ? { selinux } : {}),
      });
    }
    expect(event.source).toEqual(golden.source);
    expect(event.destination).toEqual(golden.destination);
    expect(event.network).toEqual(golden.network);

    const ids = golden.user.ids ?? {};
    const user = (event.user ?? {}) as Record<string, Record<string, unknown>>;
    expect(user.audit?.id).toBe(ids.auid === 'unset' ? undefined : ids.auid);
    expect(user.saved?.id).toBe(ids.suid);
    expect(user.filesystem?.id).toBe(ids.fsuid);
    expect((user.group as { id?: string } | undefined)?.id).toBe(ids.gid);
    const actor = golden.ecs.user.id;
    expect(user.id).toBe(actor && actor !== 'unset' ? actor : ids.uid);
    const { effective, target } = golden.ecs.user;
    if (effective.id ?? effective.name) expect(user.effective).toMatchObject(effective);
    else expect(user.effective?.id).toBe(ids.euid);
    if (target.id ?? target.name) expect(user.target).toMatchObject(target);
    expect(user.selinux).toEqual(golden.user.selinux);

    const first = (value: unknown): unknown => (Array.isArray(value) ? value[0] : value);
    expect(
      Object.fromEntries(Object.entries(audit.data).map(([key, value]) => [key, first(value)])),
    ).toMatchObject(golden.data ?? {});
    const more = Object.keys(audit.data).filter((key) => !(key in (golden.data ?? {})));
    expect(more.filter((key) => !/^a\d+$/.test(key))).toEqual([]);

    const summary = audit.summary as GoldenEvent['summary'];
    expect(summary.actor).toEqual(golden.summary.actor);
    expect(summary.how).toBe(golden.summary.how);
    if (!isRename && !knowsNoParent) expect(summary.object).toEqual(golden.summary.object);
  });
});
