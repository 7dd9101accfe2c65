// The one connection to the container engine, found as testcontainers finds it, and what that engine can do.

import type Docker from 'dockerode';
import { AtomclockError, exitCodes } from '../../model/errors.ts';
import { addressFault, chosenEndpoint, defaultSocket, type EngineEndpoint } from './engine-endpoint.ts';
import { addressOf, type EngineStreams, settleRequests } from './settled-requests.ts';

// Ryuk, testcontainers' reaper, is an image that a lab without a registry cannot pull, and it needs the engine's
// socket inside a container. Labels, sweep.ts and the lifetime inside each target do its work.
process.env.TESTCONTAINERS_RYUK_DISABLED = 'true';

export interface EngineFacts {
  version: string;
  apiVersion: string;
  cgroupVersion: 1 | 2;
  cgroupDriver: string;
  kernel: string;
  operatingSystem: string;
  /** As uname says it: `x86_64`, `aarch64`. */
  architecture: string;
  cpus: number;
  memoryBytes: number;
  rootless: boolean;
  rootDirectory: string;
  /** What chose this engine; `the default socket` where nothing did. */
  chosenBy: string;
}

export interface Engine {
  docker: Docker;
  facts: EngineFacts;
  /** As DOCKER_HOST would name it. */
  address: string;
  streams: Readonly<EngineStreams>;
}

/**
 * Connects to the engine; the first success is remembered.
 * @throws AtomclockError `lab/no-engine` when no engine answers
 */
export async function connect(): Promise<Engine> {
  engine ??= open().catch((error: unknown) => {
    engine = undefined;
    throw error;
  });
  return engine;
}

let engine: Promise<Engine> | undefined;

async function open(): Promise<Engine> {
  const endpoint = chosenEndpoint();
  if (endpoint) await mustAnswer(endpoint);
  else await mustNotHang();
  const { getContainerRuntimeClient } = await import('testcontainers');
  try {
    const docker = (await getContainerRuntimeClient()).container.dockerode;
    const [info, version] = await Promise.all([docker.info() as Promise<EngineInfo>, docker.version()]);
    return {
      docker,
      address: addressOf(docker),
      streams: settleRequests(docker),
      facts: {
        version: version.Version,
        apiVersion: version.ApiVersion,
        cgroupVersion: info.CgroupVersion === '2' ? 2 : 1,
        cgroupDriver: info.CgroupDriver,
        kernel: info.KernelVersion,
        operatingSystem: info.OperatingSystem,
        architecture: info.Architecture,
        cpus: info.NCPU,
        memoryBytes: info.MemTotal,
        rootless: info.SecurityOptions?.some((option) => option.includes('rootless')) ?? false,
        rootDirectory: info.DockerRootDir,
        chosenBy: endpoint?.chosenBy ?? 'the default socket',
      },
    };
  } catch (cause) {
    throw noEngine('no container engine answers', 'atomclock doctor --fix', cause);
  }
}

const noEngine = (message: string, hint: string, cause?: unknown): AtomclockError =>
  new AtomclockError('lab/no-engine', message, { exitCode: exitCodes.labUnavailable, hint, cause });

/** What `GET /info` gives of what is read here; dockerode leaves it untyped. */
interface EngineInfo {
  CgroupVersion?: string;
  CgroupDriver: string;
  KernelVersion: string;
  OperatingSystem: string;
  Architecture: string;
  NCPU: number;
  MemTotal: number;
  SecurityOptions?: string[];
  DockerRootDir: string;
}

/** A chosen engine that is down must be named: testcontainers would go on to the next socket, another machine's. */
async function mustAnswer({ host, certificates, chosenBy }: EngineEndpoint): Promise<void> {
  const fault = addressFault(host);
  if (fault !== undefined)
    throw noEngine(`${chosenBy} is '${host}', which is no address of an engine`, fault);
  if (host.startsWith('ssh:')) {
    const forward =
      'ssh -nNTL /tmp/engine.sock:/var/run/docker.sock HOST & export DOCKER_HOST=unix:///tmp/engine.sock';
    throw noEngine(`${chosenBy} is ${host}; engines over ssh are not supported`, forward);
  }
  // testcontainers knows no contexts: what a context says reaches it as these variables.
  process.env.DOCKER_HOST = host;
  if (certificates) {
    process.env.DOCKER_CERT_PATH = certificates;
    process.env.DOCKER_TLS_VERIFY = '1';
  }
  const { default: Docker } = await import('dockerode');
  try {
    await new Docker({ timeout: pingLimitMs }).ping();
  } catch (cause) {
    const hint = 'start that engine, or choose another: unset DOCKER_HOST, docker context use default';
    throw noEngine(`${chosenBy} names ${host}, which does not answer`, hint, cause);
  }
}

/** An engine at the default socket that takes connections and never answers: testcontainers would wait for ever. */
async function mustNotHang(): Promise<void> {
  const { default: Docker } = await import('dockerode');
  try {
    await new Docker({ socketPath: defaultSocket, timeout: pingLimitMs }).ping();
  } catch (cause) {
    const isAbsent = cause instanceof Error && 'code' in cause && absent.has(String(cause.code));
    // Nobody there, or not for us: testcontainers may still find a rootless one.
    if (!isAbsent) throw noEngine(`the engine at ${defaultSocket} does not answer`, 'see its log', cause);
  }
}

const absent: ReadonlySet<string> = new Set(['ENOENT', 'ECONNREFUSED', 'EACCES']);
const pingLimitMs = 20_000;
