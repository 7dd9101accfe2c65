// Our rules on what a container engine says: which containers they see, which near ones they leave alone, and why.

import { expect, it } from 'vitest';
import { loadRuleFiles } from '../../../harness/content/rule-files.ts';
import type { EcsEvent } from '../../../harness/model/event.ts';
import { compileRules, loadRules } from '../../../harness/rules/index.ts';
import { engineEvent } from '../../../harness/telemetry/engine/ecs.ts';
import { parseRecord } from '../../../harness/telemetry/engine/record.ts';

const { rules } = loadRules(loadRuleFiles({ bundled: true, foreign: [] }).sources);
const mounts = 'container-given-schedules';
const daemon = 'container-runs-scheduler-as-root';

interface Container {
  action?: string;
  user?: string;
  command?: string[];
  /** As `docker run --volume` takes them. */
  volumes?: string[];
  volumesFrom?: string[];
}

function eventOf({
  action = 'create',
  user = '',
  command = ['sleep', '9'],
  volumes = [],
  volumesFrom,
}: Container): EcsEvent {
  const Mounts = volumes.map((text) => {
    const [Source = '', Destination = '', mode] = text.split(':');
    return { Type: 'bind', Source, Destination, RW: mode !== 'ro' };
  });
  const setup = { Config: { User: user, Cmd: command }, HostConfig: { VolumesFrom: volumesFrom }, Mounts };
  const event = { Action: action, Actor: { ID: 'x', Attributes: { image: 'alpine' } }, timeNano: 0 };
  const record = parseRecord(JSON.stringify({ event, setup, case: 'c', isOfHarness: false }));
  return engineEvent(record, 1, record.setup ?? undefined);
}

function firedOn(container: Container): string[] {
  const session = compileRules(rules, { fields: 'ecs' }).session();
  const matches = [...session.push(eventOf(container), 0), ...session.finish()];
  return [...new Set(matches.map(({ rule }) => rule.slug))].sort();
}

it.each<[string, Container, string[]]>([
  ['cron.d, to write in', { volumes: ['/etc/cron.d:/jobs'] }, [mounts]],
  ['a script folder of run-parts', { volumes: ['/etc/cron.daily:/x:rw'] }, [mounts]],
  ['the main table', { volumes: ['/etc/crontab:/etc/crontab'] }, [mounts]],
  ["users' tables", { volumes: ['/var/spool/cron/crontabs:/t'] }, [mounts]],
  ["at's spool", { volumes: ['/var/spool/at:/t'] }, [mounts]],
  ["anacron's notes", { volumes: ['/var/spool/anacron:/t'] }, [mounts]],
  ['the units of the system', { volumes: ['/etc/systemd/system:/u'] }, [mounts]],
  ['a folder of wants', { volumes: ['/etc/systemd/system/timers.target.wants:/u'] }, [mounts]],
  ['transient units', { volumes: ['/run/systemd:/u'] }, [mounts]],
  ['all of /etc', { volumes: ['/srv:/srv:ro', '/etc:/host/etc'] }, [mounts]],
  ['the whole machine', { volumes: ['/:/host'] }, [mounts]],
  ['both', { volumes: ['/var/spool:/s'], command: ['/usr/sbin/cron', '-f'] }, [mounts, daemon]],
  ["another one's /etc", { volumes: ['/vol/1:/etc'], volumesFrom: ['machine'] }, [mounts]],
  ["another one's spool", { volumes: ['/vol/1:/var/spool/cron'], volumesFrom: ['machine:rw'] }, [mounts]],
  ["another one's /etc, to read", { volumes: ['/vol/1:/etc:ro'], volumesFrom: ['machine:ro'] }, []],
  ["another one's data", { volumes: ['/vol/1:/var/lib/postgresql'], volumesFrom: ['database'] }, []],
  // A backup, which has a good reason to see all of it.
  [
    'all of /etc, to read',
    { volumes: ['/etc:/etc:ro', '/var/spool/cron:/s:ro'], command: ['restic', 'backup'] },
    [],
  ],
  ['the whole machine, to read', { volumes: ['/:/host:ro'] }, []],
  ['names that begin alike', { volumes: ['/etcetera:/e', '/var/spooler:/v', '/srv/etc/cron.d:/c'] }, []],
  ['the time zone', { volumes: ['/etc/localtime:/etc/localtime', '/etc/ssl:/etc/ssl'] }, []],
  ['the journal of the machine', { volumes: ['/run/systemd/journal:/j', '/var/log:/l'] }, []],
  ['its own schedules in a volume', { volumes: ['cron-data:/etc/cron.d'] }, []],
  ['started after that', { action: 'start', volumes: ['/etc/cron.d:/jobs'] }, []],
])('a container that is given %s', (_, container, wanted) => {
  expect(firedOn(container)).toEqual(wanted);
});

it.each<[string, Container, string[]]>([
  ['cron', { command: ['cron', '-f'] }, [daemon]],
  ['cron by its path, as user 0', { command: ['/usr/sbin/crond', '-n'], user: '0:0' }, [daemon]],
  ['busybox', { command: ['busybox', 'crond', '-f'], user: 'root' }, [daemon]],
  ['a shell that starts it', { command: ['sh', '-c', 'atd; exec nginx'] }, [daemon]],
  ['one that is entered for it', { action: 'exec_create: crond -b' }, [daemon]],
  ['cron as somebody', { command: ['crond', '-f'], user: '1000' }, []],
  ['cron as somebody with a name', { command: ['supercronic', '/tab'], user: 'app' }, []],
  ['a question to cron', { command: ['crond', '--help'] }, []],
  ['what is called alike', { command: ['/opt/cronicle/run', 'batd', '--crond-like'] }, []],
  ['a client', { action: 'exec_create: crontab -l' }, []],
])('a container that runs %s', (_, container, wanted) => {
  const { action = 'create' } = container;
  expect(firedOn(action === 'create' ? container : { ...container, command: [] })).toEqual(wanted);
});
