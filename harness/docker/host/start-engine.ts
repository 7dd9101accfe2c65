// Starts the Docker engine of this machine: through systemd where that is PID 1, else in a session of its own.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, type FSWatcher, openSync, readFileSync, watch } from 'node:fs';
import { dirname } from 'node:path';
import Docker from 'dockerode';
import { $ } from 'zx';
import { AtomclockError, exitCodes } from '../../model/errors.ts';
import { livingDaemon, removeStalePidFile } from './daemon-pid.ts';
import { defaultSocket } from './engine-endpoint.ts';
import { socketState } from './engine-fault.ts';
import { administratorPath } from './executable.ts';
import { rootPrefix } from './privileged-command.ts';
import type { Progress } from './progress.ts';

/**
 * Starts the engine and returns when it answers.
 * @throws AtomclockError `lab/engine-failed` with the end of its log
 */
export async function startEngine(progress: Progress): Promise<void> {
  // Installing the package may have started it.
  if ((await socketState()) === 'open') return answers();
  if (existsSync('/run/systemd/system')) return startUnit(progress);
  if (process.getuid?.() !== 0) {
    throw failure('the engine is not running, and starting it needs root', 'sudo dockerd');
  }
  // dockerd takes a pid file for a running dockerd when any process has that pid, and containerd's likewise. A
  // containerd that outlived its dockerd is taken over by the next one, and with it the containers.
  removeStalePidFile(daemonPidFile, 'dockerd');
  removeStalePidFile('/var/run/docker/containerd/containerd.pid', 'containerd');
  progress(`engine: starting dockerd (log: ${logFile})`);
  const log = openSync(logFile, 'a');
  const daemon = spawn('dockerd', [], {
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, PATH: administratorPath() },
  });
  closeSync(log);
  const giveUp = new AbortController();
  const died = new Promise<never>((_, reject) => {
    daemon.once('error', (cause) =>
      reject(failure('dockerd cannot be run', 'apt-get install docker.io', cause)),
    );
    daemon.once('exit', (code) => {
      // Another one was quicker, the package's own start for example: then that is the one to wait for.
      if (livingDaemon(daemonPidFile, 'dockerd') !== undefined) return;
      reject(failure(`dockerd ended with ${code}:\n${endOfLog()}`, `less ${logFile}`));
    });
  });
  try {
    await Promise.race([awaitEngine(giveUp.signal), died]);
  } finally {
    giveUp.abort();
    daemon.removeAllListeners();
    daemon.unref();
  }
}

/**
 * Waits for an engine that is coming up.
 * @param giveUp ends the wait
 * @throws AtomclockError `lab/engine-failed` when it does not answer in time
 */
export async function awaitEngine(giveUp?: AbortSignal): Promise<void> {
  const limit = AbortSignal.timeout(startLimitMs);
  await socketOpens(giveUp ? AbortSignal.any([giveUp, limit]) : limit);
  await answers();
}

const daemonPidFile = '/var/run/docker.pid';
const logFile = '/var/log/dockerd.log';
const startLimitMs = 60_000;

async function startUnit(progress: Progress): Promise<void> {
  const root = await rootPrefix();
  if (root === undefined) throw failure('the engine is not running', 'sudo systemctl start docker');
  progress('engine: systemctl start docker');
  const { exitCode, stderr } = await $({ quiet: true, nothrow: true })`${root} systemctl start docker`;
  if (exitCode !== 0) throw failure(`systemctl start docker: ${stderr.trim()}`, 'journalctl -u docker');
  await answers();
}

/** Resolves when the default socket takes connections. */
async function socketOpens(limit: AbortSignal): Promise<void> {
  const changes = watch(dirname(defaultSocket));
  try {
    for (;;) {
      // Listening before looking: a change in between must not be missed.
      const changed = nextChange(changes, limit);
      if ((await socketState()) === 'open') return;
      await changed;
      if (limit.aborted) throw failure(`the engine is not up after ${startLimitMs} ms`, `less ${logFile}`);
    }
  } finally {
    changes.close();
  }
}

/** Resolves at the next change, or after a second: the socket's file appears before it takes connections. */
async function nextChange(changes: FSWatcher, limit: AbortSignal): Promise<void> {
  const signal = AbortSignal.any([limit, AbortSignal.timeout(1000)]);
  await once(changes, 'change', { signal }).catch(() => {});
}

/** dockerd takes connections before it serves them: the answer comes when it is ready. */
async function answers(): Promise<void> {
  try {
    await new Docker({ socketPath: defaultSocket, timeout: startLimitMs }).ping();
  } catch (cause) {
    throw failure('the engine takes connections, but does not answer', `less ${logFile}`, cause);
  }
}

const endOfLog = (): string => readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-8).join('\n');

const failure = (message: string, hint: string, cause?: unknown): AtomclockError =>
  new AtomclockError('lab/engine-failed', message, { exitCode: exitCodes.labUnavailable, hint, cause });
