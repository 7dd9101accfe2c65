// The mapping to ECS, on lines recorded from a target: every operation, and an at job as it runs.

import { describe, expect, it } from 'vitest';
import type { EcsEvent } from '../../../../harness/model/event.ts';
import type { RawRecord } from '../../../../harness/telemetry/ebpf/raw.ts';
import { goldenEvents, mapRecorded, newMapper, recorded } from './recorded.ts';

const events = mapRecorded();
const one = (op: RawRecord['op'], which: (record: RawRecord) => boolean = () => true): EcsEvent => {
  const record = recorded.find((candidate) => candidate.op === op && which(candidate));
  return events.find(({ atomclock }) => atomclock.sequence === record?.target_seq) as EcsEvent;
};

describe('the mapping', () => {
  it('gives the golden events', () => {
    expect(JSON.parse(JSON.stringify(events))).toEqual(goldenEvents());
  });

  const table: [RawRecord['op'], string, string, string][] = [
    ['exec', 'process', 'start', 'exec'],
    ['fork', 'process', 'start', 'fork'],
    ['exit', 'process', 'end', 'end'],
    ['alive', 'process', 'info', 'already_running'],
    ['exec_failed', 'process', 'info', 'exec-attempt'],
    ['create', 'file', 'creation', 'creation'],
    ['open_write', 'file', 'access', 'open'],
    ['write', 'file', 'change', 'modification'],
    ['close_write', 'file', 'info', 'close'],
    ['rename', 'file', 'change', 'rename'],
    ['unlink', 'file', 'deletion', 'deletion'],
    ['rmdir', 'file', 'deletion', 'deletion'],
    ['mkdir', 'file', 'creation', 'creation'],
    ['symlink', 'file', 'creation', 'creation'],
    ['link', 'file', 'creation', 'creation'],
    ['mknod', 'file', 'creation', 'creation'],
    ['chmod', 'file', 'change', 'permissions'],
    ['chown', 'file', 'change', 'ownership'],
    ['truncate', 'file', 'change', 'modification'],
    ['mount', 'file', 'change', 'mount'],
    ['umount', 'file', 'change', 'umount'],
    ['chroot', 'process', 'change', 'chroot'],
  ];
  it.each(table)('calls %s %s, %s, %s', (op, category, type, action) => {
    expect(one(op).event).toMatchObject({ kind: 'event', category: [category], type: [type], action });
  });

  it('tells a close without a known change as the modification', () => {
    const close = recorded.find(({ op }) => op === 'close_write') as Extract<
      RawRecord,
      { op: 'close_write' }
    >;
    const { created, told, ...unannounced } = close;
    const [event] = newMapper().map(unannounced);
    expect(event?.event).toMatchObject({ type: ['change'], action: 'modification' });
  });

  it('names the leaders of session and process group as far as they are known', () => {
    const exec = recorded.find(({ op }) => op === 'exec') as RawRecord;
    const child = { ...exec, pid: 4_000_001, ns_pid: 99, ppid: exec.pid, parent_start: exec.start };
    const mapper = newMapper();
    const [own] = mapper.map({ ...exec, session: exec.pid, process_group: exec.pid, interactive: true });
    const [other] = mapper.map({ ...child, session: exec.pid, process_group: 4_000_002 });
    const leader = { entity_id: own?.process?.entity_id, pid: own?.process?.pid, name: own?.process?.name };
    expect(own?.process).toMatchObject({
      interactive: true,
      session_leader: { ...leader, same_as_process: true },
      group_leader: { ...leader, same_as_process: true },
    });
    expect(other?.process).toMatchObject({
      interactive: false,
      session_leader: { ...leader, same_as_process: false },
      parent: { interactive: true, user: own?.process?.user },
    });
    expect(other?.process).not.toHaveProperty('group_leader');
  });

  it('keeps apart what was refused: no success type, no success action, the reason', () => {
    for (const event of events.filter(({ event }) => event.outcome !== 'success')) {
      expect(event.event.type).toEqual(['info']);
      expect(event.event.action).toMatch(/-attempt$/);
    }
    expect(one('mkdir', (record) => 'ret' in record && record.ret < 0)).toMatchObject({
      event: { outcome: 'failure', action: 'creation-attempt' },
      error: { code: 'EEXIST' },
    });
    expect(one('io_uring').event).toMatchObject({ outcome: 'unknown', action: 'creation-attempt' });
  });

  it('puts a program that was tried beside the process that tried it', () => {
    expect(one('exec_failed').process).toMatchObject({
      executable: '/usr/sbin/chroot',
      Ext: { attempt: { executable: '/srv/none', args: ['/none'], command_line: '/none' } },
    });
  });

  it('gives both names of a rename, and one event for each of two exchanged', () => {
    expect(one('rename').file).toMatchObject({
      path: '/srv/work/b',
      name: 'b',
      directory: '/srv/work',
      Ext: { original: { path: '/srv/work/a', name: 'a' } },
    });
    const exchange = events.filter(({ event }) => event.id.startsWith('ebpf-58'));
    expect(exchange.map(({ event, file }) => [event.id, file?.path, file?.Ext?.original?.path])).toEqual([
      ['ebpf-58', '/srv/other/b', '/srv/work/c'],
      ['ebpf-58-back', '/srv/work/c', '/srv/other/b'],
    ]);
  });

  const extensions: [string, string | undefined][] = [
    ['backup.timer', 'timer'],
    ['a.timer.d', 'd'],
    ['.placeholder', undefined],
    ['.hidden.sh', 'sh'],
    ['trailing.', undefined],
    ['plain', undefined],
  ];
  it.each(extensions)('finds the extension of %s', (name, extension) => {
    const create = recorded.find(({ op }) => op === 'create') as Extract<RawRecord, { op: 'create' }>;
    const [event] = newMapper().map({ ...create, path: `/etc/${name}` });
    expect(event?.file).toMatchObject({ name, directory: '/etc', path: `/etc/${name}` });
    expect(event?.file?.extension).toBe(extension);
  });

  const types: [string, string][] = [
    ['100644', 'file'],
    ['40755', 'dir'],
    ['120777', 'symlink'],
    ['60660', 'device'],
    ['20620', 'device'],
    ['10600', 'pipe'],
    ['140755', 'socket'],
  ];
  it.each(types)('reads the mode %s as a %s', (mode, type) => {
    const create = recorded.find(({ op }) => op === 'create') as Extract<RawRecord, { op: 'create' }>;
    expect(newMapper().map({ ...create, mode })[0]?.file).toMatchObject({ type, mode: `0${mode.slice(-3)}` });
  });

  it('has the root directory as the parent of what lies in it', () => {
    const create = recorded.find(({ op }) => op === 'create') as Extract<RawRecord, { op: 'create' }>;
    expect(newMapper().map({ ...create, path: '/x' })[0]?.file?.directory).toBe('/');
  });

  it('keeps the nanoseconds of the sensor', () => {
    const [record] = recorded;
    expect(events[0]?.['@timestamp']).toBe(
      `${new Date(Number(record?.time.split('.')[0]) * 1000).toISOString().slice(0, 19)}.${record?.time.split('.')[1]}Z`,
    );
  });
});

describe('a process', () => {
  const job = events.filter(({ process }) => process?.pid === 96);

  it('is one entity from fork to end, with the arguments of its program', () => {
    expect(new Set(job.map(({ process }) => process?.entity_id)).size).toBe(1);
    expect(job.map(({ event }) => event.action)).toEqual(['fork', 'close', 'exec', 'end']);
    expect(job.map(({ process }) => process?.command_line)).toEqual([
      '/usr/sbin/atd -f',
      '/usr/sbin/atd -f',
      'sh',
      'sh',
    ]);
  });

  it('knows its parent’s program and arguments, back to the daemon that lived before', () => {
    const fork = job[0]?.process?.parent;
    expect(fork).toMatchObject({ pid: 94, executable: '/usr/sbin/atd', args: ['/usr/sbin/atd', '-f'] });
    const daemon = events.find(({ process }) => process?.pid === 94)?.process?.parent;
    expect(daemon?.entity_id).toBe(events.find(({ process }) => process?.pid === 41)?.process?.entity_id);
  });

  it('has real, effective and saved users, named by the target’s own tables', () => {
    const at = one('exec', (record) => record.comm === 'at');
    expect(at.process).toMatchObject({
      user: { id: '1', name: 'daemon' },
      real_user: { id: '1000', name: 'alice' },
      saved_user: { id: '1', name: 'daemon' },
    });
    expect(at.user).toEqual({ id: '1', name: 'daemon', Ext: { real: { id: '1000', name: 'alice' } } });
  });

  it('of a login has its user and its session', () => {
    const [event] = newMapper().map({ ...(recorded[0] as RawRecord), loginuid: 1000, sessionid: 39 });
    expect(event?.user?.audit).toEqual({ id: '1000', name: 'alice' });
    expect(event?.process?.attested_user).toEqual({ id: '1000', name: 'alice' });
    expect(event?.atomclock.session_id).toBe(39);
    expect(events[0]?.user?.audit).toBeUndefined();
  });

  it('that a signal ended has 128 and the signal as its code', () => {
    const killed = one('exit', (record) => record.op === 'exit' && record.signal === 9);
    expect(killed.process?.exit_code).toBe(137);
    expect(killed.atomclock.signal).toBe(9);
  });

  it('keeps its executable when the kernel has already let go of it', () => {
    const mapper = newMapper();
    const id = recorded.find(({ op, comm }) => op === 'exec' && comm === 'touch')?.pid;
    const last = recorded
      .filter(({ pid }) => pid === id)
      .map(({ exe, ...record }) => (record.op === 'exit' ? record : { exe, ...record }) as RawRecord)
      .flatMap((record) => mapper.map(record))
      .at(-1);
    expect(last?.process).toMatchObject({ name: 'touch', executable: '/usr/bin/touch' });
  });

  it('shares its fields between events, until something of it changes', () => {
    const mapper = newMapper();
    const [first, second] = recorded.filter(({ comm, op }) => comm === 'perl' && op !== 'exec');
    const exec = {
      ...recorded.find(({ op }) => op === 'exec'),
      ...identityOf(first as RawRecord),
    } as RawRecord;
    mapper.map(exec);
    const a = mapper.map(first as RawRecord)[0]?.process;
    expect(mapper.map(second as RawRecord)[0]?.process).toBe(a);
    const asAlice = mapper.map({ ...(second as RawRecord), euid: 1000 })[0]?.process;
    expect(asAlice?.user?.name).toBe('alice');
    expect(a?.user?.name).toBe('root');
  });

  it('without names in the tables has its ids', () => {
    const mapper = newMapper();
    const [event] = mapper.map({ ...(recorded[0] as RawRecord), euid: 4711 });
    expect(event?.process?.user).toEqual({ id: '4711' });
  });
});

const identityOf = ({ pid, start, ppid, parent_start }: RawRecord) => ({ pid, start, ppid, parent_start });
