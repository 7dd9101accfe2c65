// Why no engine answers: what may be mended, and what is somebody else's to decide.

import { existsSync } from 'node:fs';
import { connect as openSocket } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { AtomclockError } from '../../model/errors.ts';
import { livingDaemon } from './daemon-pid.ts';
import { chosenEndpoint, defaultSocket } from './engine-endpoint.ts';
import { findExecutable } from './executable.ts';

export interface EngineTrouble {
  kind:
    | 'absent'
    | 'stopped'
    /** The user has chosen an engine, by DOCKER_HOST or a context, and it is down. */
    | 'chosen'
    | 'no-permission'
    /** A dockerd runs and does not answer: it may be starting, or hold other people's containers. */
    | 'unresponsive'
    | 'rootless-stopped';
  wrong: string;
  /** The command that mends it. */
  mend: string;
}

/**
 * Finds out why the engine does not answer.
 * @param error what `connect` threw
 */
export async function engineTrouble(error: unknown): Promise<EngineTrouble> {
  if (concernsChoice(error)) {
    return { kind: 'chosen', wrong: error.message, mend: error.hint ?? 'docker context use default' };
  }
  if ((await socketState()) === 'EACCES') {
    return {
      kind: 'no-permission',
      wrong: `an engine runs, but ${defaultSocket} is not open to this user`,
      mend: 'sudo usermod -aG docker "$USER", then log in again',
    };
  }
  const pid = livingDaemon('/var/run/docker.pid', 'dockerd');
  if (pid !== undefined) {
    return {
      kind: 'unresponsive',
      wrong: `dockerd runs (pid ${pid}) but does not answer`,
      mend: 'wait for it, or see its log',
    };
  }
  if (existsSync(join(homedir(), '.config/systemd/user/docker.service'))) {
    return {
      kind: 'rootless-stopped',
      wrong: 'a rootless engine is set up for this user, but it is not running',
      mend: 'systemctl --user start docker',
    };
  }
  // The client alone is no engine: `docker` may be there without `dockerd`.
  return findExecutable('dockerd') !== undefined
    ? {
        kind: 'stopped',
        wrong: 'the engine is installed but not running',
        mend: 'systemctl start docker (or: dockerd)',
      }
    : {
        kind: 'absent',
        wrong: 'there is no container engine on this machine',
        mend: existsSync('/etc/debian_version')
          ? 'sudo apt-get install --no-install-recommends docker.io'
          : 'install Docker Engine: https://docs.docker.com/engine/install/',
      };
}

/** Whether the engine that fails is one that the user has chosen, or the choice itself cannot be read. */
const concernsChoice = (error: unknown): error is AtomclockError =>
  error instanceof AtomclockError && (error.code === 'lab/bad-context' || chosenEndpoint() !== undefined);

/** What connecting to the default socket gives: `open`, or the error's code. */
export function socketState(path: string = defaultSocket): Promise<string> {
  return new Promise((resolve) => {
    const socket = openSocket(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve('open');
    });
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
  });
}
