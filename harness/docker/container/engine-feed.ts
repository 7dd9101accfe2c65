// What the container engine says of the containers of one run, as it says it: created, started, entered, ended.

import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { ContainerInspectInfo } from 'dockerode';
import type { EngineFeed } from '../../engine/ports.ts';
import { agentPath } from '../../model/target.ts';
import type { Engine } from '../host/connection.ts';
import { statusOf } from '../host/status.ts';
import { isOfEnd } from './alive.ts';
import { targetGone } from './container-exec.ts';
import { caseLabel, isOfHarness, runLabel } from './labels.ts';
import { LineReader } from './lines.ts';

/** As `GET /events` gives it. @source Docker Engine API, SystemEvents */
interface EngineEvent {
  Action: string;
  Actor: { ID: string; Attributes?: Record<string, string> };
  timeNano: number;
}

/**
 * Listens to the engine from now on, until it is disposed of.
 * @param run its id: containers of other runs and of nobody's are left out
 * @returns lines of JSON, see EngineFeed; of what was gone before it could be asked about, `setup` and `execUser` are null
 */
export async function followEngine({ docker }: Pick<Engine, 'docker'>, run: string): Promise<EngineFeed> {
  const filters = { type: ['container' as const], label: [`${runLabel}=${run}`] };
  const stream = (await docker.getEvents({ filters })) as unknown as IncomingMessage;
  const told = new LineReader(stream);
  stream.on('data', (bytes: Buffer) => told.push(bytes));
  stream.on('error', () => told.end());
  stream.once('close', () => told.end());

  const agents = new Set<string>();

  async function* lines(): AsyncGenerator<string, void, undefined> {
    for await (const line of told) {
      const event = JSON.parse(line) as EngineEvent;
      const { Attributes: labels = {} } = event.Actor;
      const setup = event.Action === 'create' ? await setupOf(event.Actor.ID) : null;
      const execUser = isEntry.test(event.Action) ? await userOf(labels.execID ?? '') : null;
      yield JSON.stringify({
        event,
        setup,
        execUser,
        case: labels[caseLabel] ?? null,
        // Also in a container that stands for one of the attack's, the agent is nobody's but the harness's.
        isOfHarness: isOfHarness(labels) || isOfAgent(event),
      });
    }
  }

  /** Made ready, started or ended: the engine names the words of what it does so to in the first two alone. */
  function isOfAgent({ Action: action, Actor: { Attributes: { execID = '' } = {} } }: EngineEvent): boolean {
    if (action.startsWith(`exec_create: ${agentPath}`)) agents.add(execID);
    return agents.has(execID);
  }

  async function setupOf(
    id: string,
  ): Promise<Pick<ContainerInspectInfo, 'Config' | 'HostConfig' | 'Mounts'> | null> {
    try {
      const { Config, HostConfig, Mounts } = await docker.getContainer(id).inspect();
      return { Config, HostConfig, Mounts };
    } catch (error) {
      if (statusOf(error) === 404) return null;
      throw error;
    }
  }

  async function userOf(exec: string): Promise<string | null> {
    const { ProcessConfig } = await docker.getExec(exec).inspect().catch(ignoreGone);
    return ProcessConfig?.user ?? null;
  }

  return {
    lines: { [Symbol.asyncIterator]: lines },
    async mark({ id }, mark) {
      // Made ready and never started: the engine says so, in its place among all that it says.
      const container = docker.getContainer(id);
      try {
        await container.exec({ Cmd: [mark] });
      } catch (error) {
        throw (await isOfEnd(error, container)) ? targetGone(container, error) : error;
      }
    },
    async [Symbol.asyncDispose]() {
      const closed = stream.closed ? undefined : once(stream, 'close');
      stream.destroy();
      await closed;
    },
  };
}

const isEntry = /^exec_create: (?!atomclock-mark-)/;

function ignoreGone(error: unknown): { ProcessConfig?: { user?: string } } {
  if (statusOf(error) === 404) return {};
  throw error;
}
