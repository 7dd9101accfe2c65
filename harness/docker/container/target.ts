// A target: a disposable machine for one case, booted from its image, without privileges beyond its profile.

import type Docker from 'dockerode';
import type { Container } from 'dockerode';
import type {
  Account,
  BesideRequest,
  ClockJump,
  Conversation,
  ExecOptions,
  ExecResult,
  Follow,
  Question,
  Sight,
  Target,
  TerminalSession,
} from '../../engine/ports.ts';
import { AtomclockError, exitCodes } from '../../model/errors.ts';
import { agentPath, type Pair, type PrivilegeProfile } from '../../model/target.ts';
import { type BootFile, bootFiles } from '../../schedulers/index.ts';
import { connect } from '../host/connection.ts';
import { isEngineLoss } from '../host/engine-loss.ts';
import { createGiven, startActor } from './actor-container.ts';
import { advanceCommand, hasFastClockCommand } from './advance-clock.ts';
import { Agent } from './agent.ts';
import { isOfEnd } from './alive.ts';
import { targetGone } from './container-exec.ts';
import { type DiskGuard, guardDisk } from './disk-guard.ts';
import { labelsFor } from './labels.ts';
import { createPrivateNetwork, type PrivateNetwork } from './private-network.ts';
import { disposeContainer } from './remove.ts';
import { exchangeKeys } from './ssh-keys.ts';
import { onTmpfs, SystemContainer } from './system-container.ts';
import { fileArchive } from './tar.ts';
import { openTerminal } from './terminal.ts';
import { hasUnnamed } from './unnamed.ts';

export interface TargetSpec {
  /** Its tag, from `ensureImage`. */
  image: string;
  profile: PrivilegeProfile;
  /** Where attacks are run in a container beside it: what the two share. */
  pair?: Pair;
  run: string;
  case: string;
  /** `fast` runs the cron daemon, and it alone, 60 times as fast. */
  clock: 'fast' | 'real';
  /** After this the target ends by itself, also when nobody is left to end it. */
  lifetimeSeconds?: number;
  /** Users whose systemd user manager is up. */
  userManagers?: readonly string[];
  /** How the container beside it is set up; unless given it is nobody's but the harness's, and waits. */
  beside?: BesideRequest;
}

/**
 * Starts a target and returns when its machine is up.
 * @throws AtomclockError `lab/no-engine`; `lab/target-failed` when the engine refuses; `lab/boot-failed` with what the
 *   machine said
 * @source DESIGN, "The life of a case"
 */
export async function startTarget(spec: TargetSpec): Promise<Target> {
  if (!spec.pair?.ssh.length) return startMachine(spec, null);
  const network = await createPrivateNetwork({ run: spec.run, case: spec.case });
  try {
    return await startMachine(spec, network);
  } catch (error) {
    await network[Symbol.asyncDispose]();
    throw error;
  }
}

/** @param network of a pair that has one; it ends with the target */
async function startMachine(spec: TargetSpec, network: PrivateNetwork | null): Promise<Target> {
  const { docker, facts } = await connect();
  const { pair } = spec;
  // Names of its own cannot be written on a root that nobody can write on: there the engine mounts them.
  const alone = spec.profile.readOnlyRoot ? 'none' : null;
  const options = { pair, network: network?.name ?? alone };
  const system = new SystemContainer(spec.image, spec.profile, facts.cgroupVersion, options)
    .withLabels(labelsFor({ role: 'target', run: spec.run, case: spec.case }))
    .withEntrypoint(bootWords([...settings(spec), ...(options.network === null ? [hosts] : [])]))
    .withCommand(await commandOf(docker, spec.image));
  try {
    const container = docker.getContainer((await system.start()).getId());
    const agent = new Agent(container);
    const machine = await boot(container, agent);
    for (const user of spec.userManagers ?? []) await startUserManager(agent, user);
    const actor = pair && (await bootActor({ ...spec, pair }, { container, agent, network }));
    return new DockerTarget(container, agent, machine, spec.profile, actor ? { actor, network } : {});
  } catch (error) {
    if (system.createdId !== undefined) await disposeContainer(docker.getContainer(system.createdId));
    if (error instanceof AtomclockError) throw error;
    throw new AtomclockError(
      'lab/target-failed',
      `the engine does not start ${spec.image}: ${String(error)}`,
      {
        exitCode: exitCodes.labUnavailable,
        hint: 'atomclock doctor',
        cause: error,
      },
    );
  }
}

/** The container beside it: there is nothing to boot in it. */
async function bootActor(
  { image, profile, run, case: caseId, lifetimeSeconds = usualLifetimeSeconds, pair, beside }: PairSpec,
  machine: { container: Container; agent: Agent; network: PrivateNetwork | null },
): Promise<DockerTarget> {
  const spec = { image, profile, run, case: caseId, lifetimeSeconds };
  const network = machine.network && {
    name: machine.network.name,
    address: await addressIn(machine.container, machine.network.name),
  };
  // Who has nothing of the machine mounted is another machine: nobody has started it here.
  const isOfProcedure = pair.shares.length > 0 && beside?.isOfProcedure === true;
  const request = { ...beside, isOfProcedure };
  const container = await startActor({ ...spec, machine: machine.container.id, network, beside: request });
  let given: Container | null = null;
  try {
    if (request.given) given = await createGiven({ ...spec, beside: request }, request.given);
    const agent = new Agent(container);
    const { stdout } = await agent.run(['sh', '-c', 'stat -Lc %i /proc/self/ns/pid; getent passwd'], {
      timeoutMs: bootLimitMs,
    });
    if (pair.ssh.length > 0) await exchangeKeys(pair.ssh, machine.agent, agent);
    const [inode, ...passwd] = stdout.trimEnd().split('\n');
    const facts = { pidNamespace: Number(inode), accounts: passwd.map(account) };
    return new DockerTarget(container, agent, facts, { ...profile, tmpfs: { '/tmp': '' } }, { given });
  } catch (error) {
    if (given) await disposeContainer(given);
    await disposeContainer(container);
    throw error;
  }
}

interface PairSpec extends TargetSpec {
  pair: Pair;
}

async function addressIn(container: Container, network: string): Promise<string> {
  const { NetworkSettings } = await container.inspect();
  return NetworkSettings.Networks[network]?.IPAddress ?? '';
}

/** What ends with a target. */
interface Beside {
  readonly actor?: DockerTarget;
  readonly network?: PrivateNetwork | null;
  /** A container that was created and never started. */
  readonly given?: Container | null;
}

class DockerTarget implements Target {
  readonly id: string;
  readonly actor?: DockerTarget;
  readonly #network: PrivateNetwork | null;
  readonly #given: Container | null;
  readonly pidNamespace: number;
  readonly accounts: readonly Account[];
  readonly #container: Container;
  readonly #agent: Agent;
  readonly #profile: PrivilegeProfile;
  readonly #disk: DiskGuard;

  constructor(
    container: Container,
    agent: Agent,
    machine: Machine,
    profile: PrivilegeProfile,
    { actor, network = null, given = null }: Beside,
  ) {
    this.id = container.id;
    if (actor) this.actor = actor;
    this.#network = network;
    this.#given = given;
    this.pidNamespace = machine.pidNamespace;
    this.accounts = machine.accounts;
    this.#container = container;
    this.#agent = agent;
    this.#profile = profile;
    this.#disk = guardDisk(container, profile.diskMiB);
  }

  async exec(argv: readonly string[], options?: ExecOptions): Promise<ExecResult> {
    try {
      return await this.#agent.run(argv, options);
    } catch (error) {
      throw this.#disk.reason ?? error;
    }
  }

  follow(argv: readonly string[], options?: ExecOptions): Promise<Follow> {
    return this.#agent.follow(argv, options);
  }

  openTerminal(
    argv: readonly string[],
    options: Parameters<Target['openTerminal']>[1],
  ): Promise<TerminalSession> {
    return openTerminal(this.#container, argv, options);
  }

  look(questions: readonly Question[]): Promise<Sight> {
    return this.#agent.look(questions);
  }

  talk(path: string, words: string | Uint8Array, timeoutMs: number): Promise<Conversation> {
    return this.#agent.talk(path, words, timeoutMs);
  }

  sendDatagram(path: string, content: string | Uint8Array): Promise<void> {
    return this.#agent.sendDatagram(path, content);
  }

  wakeWatchers(folders: readonly string[]): Promise<void> {
    return this.#agent.wakeWatchers(folders);
  }

  async advanceClock(jump: ClockJump): Promise<void> {
    const { exitCode, stderr } = await this.#agent.run(advanceCommand(jump, Date.now()), {
      timeoutMs: clockLimitMs,
    });
    if (exitCode === 0) return;
    throw new AtomclockError('lab/clock', `cannot move the clock of ${jump.scheduler}: ${stderr.trim()}`, {
      exitCode: exitCodes.labUnavailable,
    });
  }

  async hasFastClock(): Promise<boolean> {
    const { exitCode } = await this.#agent.run(hasFastClockCommand, { timeoutMs: clockLimitMs });
    return exitCode === 0;
  }

  /** Owned by root. Leaves no trace on the sensors, except on a tmpfs, where only a process in the target can write. */
  async writeFile(
    path: string,
    content: string | Uint8Array,
    { mode = 0o644 }: { mode?: number } = {},
  ): Promise<void> {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    if (onTmpfs(path, this.#profile)) await this.#agent.writeFile(path, bytes, mode);
    else await this.#upload(path, bytes, mode);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disk[Symbol.dispose]();
    // First what uses the other's volumes: these go with the last that does.
    try {
      await this.actor?.[Symbol.asyncDispose]();
    } finally {
      if (this.#given) await disposeContainer(this.#given);
      await disposeContainer(this.#container);
      await this.#network?.[Symbol.asyncDispose]();
    }
  }

  async #upload(path: string, bytes: Uint8Array, mode: number): Promise<void> {
    try {
      await this.#container.putArchive(fileArchive(path, bytes, mode), { path: '/' });
    } catch (error) {
      throw (await isOfEnd(error, this.#container)) ? targetGone(this.#container, error) : error;
    }
  }
}

/* Against what hangs: a busy machine may take ten times as long as an idle one. */
const clockLimitMs = 120_000;
const bootLimitMs = 180_000;
const usualLifetimeSeconds = 3600;

/** Files that the image's units read at boot. */
const settings = ({ clock, lifetimeSeconds = usualLifetimeSeconds }: TargetSpec): BootFile[] => [
  { path: '/etc/atomclock/lifetime.env', content: `LIFETIME_SECONDS=${lifetimeSeconds}\n` },
  ...bootFiles(clock, new Date()),
];

/** As the engine mounts it in a container without a network. @source hosts(5) */
const hosts: BootFile & { mode: string } = {
  path: '/etc/hosts',
  content: `127.0.0.1\tlocalhost
::1\tlocalhost ip6-localhost ip6-loopback
fe00::0\tip6-localnet
ff00::0\tip6-mcastprefix
ff02::1\tip6-allnodes
ff02::2\tip6-allrouters
`,
  mode: '644',
};

/** What is written before what the image starts is started. The agent does it: for an upload the engine starts itself anew. */
const bootWords = (files: readonly (BootFile & { mode?: string })[]): string[] => [
  ...[agentPath, '--boot'],
  ...files.flatMap(({ path, mode = '600', content }) => [path, mode, content]),
  '--',
];

/** What an image starts: what is put before it would take its place. */
async function commandOf(docker: Docker, image: string): Promise<string[]> {
  const { Config } = await docker.getImage(image).inspect();
  return [Config.Cmd ?? []].flat();
}

/** What one look at the booted machine tells. */
interface Machine {
  pidNamespace: number;
  accounts: Account[];
}

/** Waits for the machine to say that it is up. */
async function boot(container: Container, agent: Agent): Promise<Machine> {
  const script = `
    ${hasUnnamed('/proc')}
    read -r _ < /etc/atomclock/booted
    systemctl is-system-running --wait
    code=$? looks=0
    while has_unnamed && [ $looks -lt 200 ]; do
      looks=$((looks + 1))
      sleep 0.05
    done
    exit $code`;
  const id = container.id.slice(0, 12);
  const { exitCode, stdout, stderr } = await agent
    .run(['sh', '-c', script], { timeoutMs: bootLimitMs })
    .catch((cause: unknown) => {
      if (isEngineLoss(cause)) throw cause;
      const isGone = cause instanceof AtomclockError && cause.code === 'lab/target-gone';
      throw bootFailure(`target ${id}: ${isGone ? 'it ended while it booted' : messageOf(cause)}`, cause);
    });
  const state = stdout.trim();
  if (state === 'running') {
    const pidNamespace = await agent.settle();
    const { found } = await agent.look([{ ask: 'files', path: '/etc/passwd', depth: 0, withContents: true }]);
    const passwd = found[0]?.[0]?.content.toString('utf8') ?? '';
    return { pidNamespace, accounts: passwd.trimEnd().split('\n').map(account) };
  }
  if (exitCode === null) throw bootFailure(`target ${id}: not up after ${bootLimitMs} ms\n${stderr}`.trim());
  const failed = await agent.run(['systemctl', 'list-units', '--failed', '--plain', '--no-legend'], {
    timeoutMs: bootLimitMs,
  });
  throw bootFailure(
    `target ${id}: its systemd is ${state || 'silent'}\n${stderr}${failed.stdout}${failed.stderr}`.trim(),
  );
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const bootFailure = (message: string, cause?: unknown): AtomclockError =>
  new AtomclockError('lab/boot-failed', message, {
    exitCode: exitCodes.labUnavailable,
    hint: 'atomclock doctor',
    cause,
  });

function account(passwdLine: string): Account {
  const [name = '', , uid, gid, , home = '/'] = passwdLine.split(':');
  return { name, uid: Number(uid), gid: Number(gid), home };
}

/** Brings up the user's systemd manager, as a login would, and returns when its bus answers. */
async function startUserManager(agent: Agent, user: string): Promise<void> {
  // Lingering, so that it stays without a session. Starting the unit that logind starts anyway waits for its READY.
  const script = 'loginctl enable-linger "$1" && systemctl start "user@$(id -u "$1").service"';
  const { exitCode, stderr } = await agent.run(['sh', '-c', script, 'sh', user], { timeoutMs: bootLimitMs });
  if (exitCode !== 0) throw bootFailure(`the user manager of ${user} does not start: ${stderr.trim()}`);
}
