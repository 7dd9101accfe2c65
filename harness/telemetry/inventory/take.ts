// Takes the inventory of a running target: the agent's looks, one question to each service manager, and everything else
// is pure.

import { posix } from 'node:path';
import type { Found, Question, Target } from '../../engine/ports.ts';
import type { Inventory } from '../../model/inventory.ts';
import { at } from '../../schedulers/at.ts';
import { cron, tableFolders } from '../../schedulers/cron.ts';
import type { RunningDaemon, SchedulerName } from '../../schedulers/index.ts';
import { look, programsToFind, unitFolders } from '../../schedulers/look.ts';
import { bootedFolder, systemd } from '../../schedulers/systemd.ts';
import { type Accounts, parseAccounts } from '../accounts.ts';
import { type FoundFile, foundFile } from '../found-file.ts';
import { type DaemonProcess, isDaemon, readProcess } from './daemon-process.ts';
import type { Dump } from './dump.ts';
import type { CronProcess } from './dumped-zone.ts';
import { lookAtFiles } from './files.ts';
import { askManager, type ManagerAnswer, privateSocket, unitNames } from './manager.ts';
import { readInventory } from './parse.ts';

/**
 * What is scheduled in the target at this moment.
 * @param earlier the inventory before an attack, where there is one
 * @param running daemons that are known to run, whatever they are called
 * What could not be looked at is told in the inventory's `problems`.
 * @throws as `Target.look` and `Target.exec`
 */
export async function takeInventory(
  target: Target,
  earlier?: Inventory,
  running: readonly RunningDaemon[] = [],
): Promise<Inventory> {
  return readInventory(await lookAround(target, earlier, running), earlier);
}

/** Questions whose answers others depend on, by name. */
const first = {
  clock: [{ ask: 'clock' }],
  accounts: [content('/etc/passwd'), content('/etc/group')],
  localtime: [content('/etc/localtime')],
  debian: [content('/etc/debian_version')],
  booted: [fact(bootedFolder)],
  made: [fact('/.dockerenv'), fact('/run/systemd/private'), fact('/lib')],
  daemons: [cron, at, systemd].map(({ daemons }) => ({
    ask: 'processes' as const,
    names: daemons.map(({ program, applet }) => applet ?? program.replace(/.*\//, '')),
  })),
  tableFolders: tableFolders.map(fact),
  programs: programsToFind.map(({ program }) => ({ ask: 'program', path: program })),
  systemUnits: unitFolders.system.map((path) => ({ ask: 'names', path })),
  wanted: look.shipped.map((path) => ({ ask: 'names', path: `${path}/timers.target.wants` })),
} as const satisfies Record<string, readonly Question[]>;

function content(path: string): Question {
  return { ask: 'files', path, depth: 0, withContents: true };
}
function fact(path: string): Question {
  return { ask: 'files', path, depth: 0 };
}

async function lookAround(
  target: Target,
  earlier: Inventory | undefined,
  running: readonly RunningDaemon[],
): Promise<Dump> {
  const seen = await askAll(target, first);
  const files = (name: keyof typeof first): (FoundFile | undefined)[] =>
    seen[name].map(([found]) => found && foundFile(found));
  const [now = '0', uptime = '0', offset = '0'] = seen.clock[0]?.[0]?.facts.split(' ') ?? [];
  const [passwd = '', group = ''] = files('accounts').map((file) => textOf(file));
  const homes = homesOf(passwd);
  const [localtime] = files('localtime');
  const [debian] = files('debian');
  const [dockerenv, managerSocket, lib] = files('made');

  const [ofCron = [], ofAt = [], ofManagers = []] = seen.daemons;
  const managers = [...ofManagers, ...(await othersNamed(target, running))];
  const daemons = await withZones(target, ofCron.flatMap(cronProcess));
  const former = earlier?.zones?.find(({ scheduler }) => scheduler === 'cron')?.daemon?.pid;
  const programs = await installed(target, seen.programs);
  const wanted = unitNames(namesIn(seen.wanted));
  const ask = async (names: readonly string[]): Promise<ManagerAnswer[]> =>
    files('booted')[0]
      ? [
          ...(await askManagers(target, homes, names, wanted, earlier)),
          ...(await askOwnManagers(target, managers, homes, parseAccounts(passwd, group), earlier)),
        ]
      : [];
  const named = unitNames(namesIn(seen.systemUnits));
  const soFar = await ask(named);
  const {
    files: found,
    lateTimers,
    isCut,
  } = await lookAtFiles(target, {
    homes: [...new Set(homes.map(({ home }) => home))],
    madeAt: (dockerenv ?? managerSocket)?.modified ?? '0',
    libIsLink: lib?.type === 'l',
    accounts: parseAccounts(passwd, group),
  });
  const unasked = lateTimers.filter((timer) => !named.includes(timer));
  const answers = unasked.length === 0 ? soFar : await ask([...named, ...unasked]);
  const sections = new Map<string, string>([['table-folders', '']]);
  if (debian) sections.set('debian', textOf(debian).trimEnd());
  for (const { name, text } of answers) if (text !== null) sections.set(name, text);
  return {
    nowMs: Math.round(Number(now) * 1000),
    uptimeMs: Math.round(Number(uptime) * 1000),
    offsetMinutes: Number(offset) / 60,
    localtime: {
      target: localtime?.type === 'l' ? localtime.link : null,
      changedMs: Math.floor(Number(localtime?.changed ?? 0)) * 1000,
      content: localtime?.content ?? Buffer.alloc(0),
    },
    cronDaemons: daemons,
    running: new Set<SchedulerName>([
      ...running.map(({ scheduler }) => scheduler),
      ...(ofCron.flatMap(daemonProcess).some((one) => isDaemon(one, former)) ? [cron.name] : []),
      ...(ofAt.flatMap(daemonProcess).some((one) => isDaemon(one, undefined)) ? [at.name] : []),
    ]),
    tableFolders: files('tableFolders').flatMap((folder) => {
      const facts = folder?.type === 'l' ? folder.behind : folder;
      return folder && facts?.type === 'd'
        ? [{ path: folder.path, mtime: Math.floor(Number(facts.modified)) }]
        : [];
    }),
    accounts: parseAccounts(passwd, group),
    programs,
    sections,
    files: found,
    problems: [
      ...answers.flatMap(({ problem }) => problem ?? []),
      ...(isCut ? ['there is more than can be read: files are missing from this inventory'] : []),
    ],
  };
}

type Asked = Record<string, readonly Question[]>;

/** Asks all in one go. @returns what was found, by name and question */
async function askAll<Names extends Asked>(
  target: Target,
  asked: Names,
): Promise<{ [Name in keyof Names]: readonly (readonly Found[])[] }> {
  const { found } = await target.look(Object.values(asked).flat());
  let at = 0;
  const entries = Object.entries(asked).map(([name, { length }]) => {
    at += length;
    return [name, found.slice(at - length, at)];
  });
  return Object.fromEntries(entries);
}

const namesIn = (found: readonly (readonly Found[])[]): string[] => found.flat().map(({ path }) => path);

const textOf = (file: FoundFile | undefined): string => file?.content?.toString('utf8') ?? '';

interface Home {
  readonly user: string;
  readonly uid: string;
  readonly home: string;
}

/** Accounts that have a home. */
const homesOf = (passwd: string): Home[] =>
  passwd.split('\n').flatMap((line) => {
    const [user = '', , uid = '', , , home = ''] = line.split(':');
    return ['', '/', '/nonexistent'].includes(home) ? [] : [{ user, uid, home }];
  });

/** Processes of service managers whose program is called otherwise. */
async function othersNamed(target: Target, running: readonly RunningDaemon[]): Promise<readonly Found[]> {
  const names = running
    .filter(({ scheduler, program }) => scheduler === systemd.name && !isOf(systemd, program))
    .map(({ program }) => posix.basename(program).slice(0, longestName));
  if (names.length === 0) return [];
  return (await target.look([{ ask: 'processes', names }])).found.flat();
}

const isOf = ({ daemons }: typeof systemd, path: string): boolean =>
  daemons.some(({ program }) => posix.basename(program) === posix.basename(path));

/** @source proc_pid_comm(5): TASK_COMM_LEN with its ending NUL */
const longestName = 15;

/** Managers that somebody started by hand: their runtime folder is another than a login's. */
async function askOwnManagers(
  target: Target,
  processes: readonly Found[],
  homes: readonly Home[],
  { users }: Accounts,
  earlier: Inventory | undefined,
): Promise<ManagerAnswer[]> {
  const usual = new Set(homes.map(({ uid }) => `/run/user/${uid}`));
  const folders = new Set(
    processes
      .flatMap((process) => variableOf(process, 'XDG_RUNTIME_DIR') ?? [])
      .filter((one) => !usual.has(one)),
  );
  if (folders.size === 0) return [];
  const asked = [...folders];
  const { found } = await target.look(asked.map((folder) => fact(privateSocket(folder))));
  const answers = await Promise.all(
    asked.map((folder, index) => {
      const [socket] = found[index] ?? [];
      const { type, uid } = (socket && foundFile(socket)) ?? {};
      if (type !== 's' || uid === undefined) return null;
      const owner = { user: users.get(uid) ?? uid, uid, folder };
      return askManager(target, owner, { names: [], wanted: [], earlier });
    }),
  );
  return answers.filter((answer) => answer !== null);
}

/** A variable of the environment that a process was executed with. */
const variableOf = ({ content: environment }: Found, name: string): string | undefined =>
  environment
    .toString('latin1')
    .split('\0')
    .find((variable) => variable.startsWith(`${name}=`))
    ?.slice(name.length + 1);

function daemonProcess({ path: pid, facts, link: name }: Found): DaemonProcess[] {
  const process = readProcess(facts);
  return process ? [{ pid: Number(pid), ...process, name }] : [];
}

function cronProcess(found: Found): CronProcess[] {
  const tz = variableOf(found, 'TZ') ?? null;
  return daemonProcess(found).map(({ session: _, ...process }) => ({
    ...process,
    tz,
    zoneFile: Buffer.alloc(0),
  }));
}

/** With the files of the daemons' own zones. */
async function withZones(target: Target, daemons: readonly CronProcess[]): Promise<CronProcess[]> {
  const paths = daemons.map(({ tz }) => {
    const zone = (tz ?? '').replace(/^:/, '');
    return zone === '' || zone.startsWith('/') ? zone : `/usr/share/zoneinfo/${zone}`;
  });
  if (paths.every((path) => path === '')) return [...daemons];
  const { found } = await target.look(paths.map(content));
  return daemons.map((daemon, index) => {
    const [file] = found[index] ?? [];
    return { ...daemon, zoneFile: (file && foundFile(file).content) ?? daemon.zoneFile };
  });
}

/** Programs that are there, with what they link to; one of many names counts where it knows the one in question. */
async function installed(
  target: Target,
  seen: readonly (readonly Found[])[],
): Promise<ReadonlyMap<string, string>> {
  const programs = new Map<string, string>();
  for (const [index, { program, applet }] of programsToFind.entries()) {
    const [found] = seen[index] ?? [];
    if (!found) continue;
    if (applet === undefined) programs.set(program, found.link);
    else if (found.facts === 'x') {
      const { stdout } = await target.exec([program, '--list'], { timeoutMs: appletLimitMs });
      if (stdout.split('\n').includes(applet)) programs.set(program, '');
    }
  }
  return programs;
}

const appletLimitMs = 60_000;

/** The system's manager, and those of users that run. */
async function askManagers(
  target: Target,
  homes: readonly Home[],
  names: readonly string[],
  wanted: readonly string[],
  earlier: Inventory | undefined,
): Promise<ManagerAnswer[]> {
  const sockets = await target.look(homes.map(({ uid }) => fact(`/run/user/${uid}/systemd/private`)));
  const running = homes.filter((_, index) => sockets.found[index]?.[0]?.facts.startsWith('s'));
  const folders = running.map(({ uid, home }) =>
    unitFolders.user.map((folder) =>
      folder.startsWith('~/') ? `${home}/${folder.slice(2)}` : folder.replace('/*/', `/${uid}/`),
    ),
  );
  const inFolders =
    running.length === 0
      ? []
      : (await target.look(folders.flat().map((path) => ({ ask: 'names', path })))).found;
  const asked = [
    askManager(target, null, { names, wanted, earlier }),
    ...running.map(({ user, uid }, index) => {
      const own = inFolders.slice(index * unitFolders.user.length, (index + 1) * unitFolders.user.length);
      return askManager(target, { user, uid }, { names: unitNames(namesIn(own)), wanted: [], earlier });
    }),
  ];
  return (await Promise.all(asked)).filter((answer) => answer !== null);
}
