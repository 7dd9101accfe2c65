// The checks on the container engine: does one answer, is it new enough, can it run systemd.

import { connect, type Engine, type EngineFacts } from '../../host/connection.ts';
import { type EngineTrouble, engineTrouble } from '../../host/engine-fault.ts';
import type { Check } from './check.ts';

/** The engine, or why there is none. */
export type EngineLook = { engine: Engine } | { trouble: EngineTrouble };

export async function lookForEngine(): Promise<EngineLook> {
  try {
    return { engine: await connect() };
  } catch (error) {
    return { trouble: await engineTrouble(error) };
  }
}

export function checkEngine(look: EngineLook): Check {
  if ('trouble' in look) {
    const { wrong, mend } = look.trouble;
    return { name: 'engine', state: 'failed', found: 'none answers', wrong, mend };
  }
  const { version, chosenBy, operatingSystem } = look.engine.facts;
  return { name: 'engine', state: 'ok', found: `Docker ${version} by ${chosenBy}, ${operatingSystem}` };
}

/** The first version that lets a container share the host's cgroup namespace, which systemd needs. */
const oldestApi = '1.41';

export function checkApi({ apiVersion }: EngineFacts): Check {
  if (isAtLeast(apiVersion, oldestApi)) return { name: 'api', state: 'ok', found: apiVersion };
  return {
    name: 'api',
    state: 'failed',
    found: apiVersion,
    wrong: `${oldestApi} (Docker 20.10) or newer is needed`,
    mend: 'install a newer Docker Engine: https://docs.docker.com/engine/install/',
  };
}

function isAtLeast(version: string, needed: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [neededMajor = 0, neededMinor = 0] = needed.split('.').map(Number);
  return major > neededMajor || (major === neededMajor && minor >= neededMinor);
}

export const checkCgroup = ({ cgroupVersion, cgroupDriver }: EngineFacts): Check => ({
  name: 'cgroup',
  state: 'ok',
  found: `version ${cgroupVersion}, driver ${cgroupDriver}`,
});
