// How this machine reaches Debian's packages: what works for its own apt must work for the images made here.

import { execa } from 'execa';

export interface HostApt {
  /** The Debian archive this machine uses; undefined when it is not a Debian of that suite. */
  mirror?: string;
  /** Settings that concern how packages are fetched, as lines of apt.conf. */
  settings: string[];
}

/** Reads the machine's apt configuration; one without apt gives nothing. */
export async function hostApt(suite: string): Promise<HostApt> {
  const [targets, dump] = await Promise.all([
    aptOutput('apt-get', ['indextargets', '--format', '$(CODENAME) $(REPO_URI)', 'Created-By: Packages']),
    aptOutput('apt-config', ['dump']),
  ]);
  return { ...parseMirror(targets, suite), settings: fetchSettings(dump) };
}

/** From lines of `CODENAME URI`, the archive of the suite itself. */
export function parseMirror(targets: string, suite: string): { mirror?: string } {
  const line = targets.split('\n').find((candidate) => candidate.startsWith(`${suite} `));
  return line === undefined ? {} : { mirror: line.slice(suite.length + 1) };
}

/** Of a dump of apt's configuration, the lines on proxies, retries and validity; never credentials, which are files. */
export const fetchSettings = (dump: string): string[] =>
  dump
    .split('\n')
    .filter((line) => /^Acquire::(https?::|Retries |Check-Date |Check-Valid-Until |ForceIPv)/.test(line))
    .filter((line) => !line.endsWith(' "";'));

async function aptOutput(command: string, args: string[]): Promise<string> {
  const { stdout, failed } = await execa(command, args, { reject: false });
  return failed ? '' : stdout;
}
