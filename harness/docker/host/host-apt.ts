// How this machine reaches Debian's packages: what works for its own apt must work for the images made here.

import { execa } from 'execa';

export interface HostApt {
  /** Lines of sources.list for the suite; none where this machine is not a Debian of that suite. */
  sources: string[];
  /** Settings that concern how packages are fetched, as lines of apt.conf. */
  settings: string[];
}

/** Reads the machine's apt configuration; one without apt gives nothing. */
export async function hostApt(suite: string): Promise<HostApt> {
  const [targets, dump] = await Promise.all([
    aptOutput('apt-get', ['indextargets', '--format', targetFormat, 'Created-By: Packages']),
    aptOutput('apt-config', ['dump']),
  ]);
  return { sources: sourceLines(targets, suite), settings: fetchSettings(dump) };
}

const targetFormat = '$(CODENAME) $(COMPONENT) $(REPO_URI)';

/** From lines of `CODENAME COMPONENT URI`, the archive of the suite itself with its updates and security fixes. */
export function sourceLines(targets: string, suite: string): string[] {
  const wanted = [suite, `${suite}-updates`, `${suite}-security`];
  const lines = targets
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([codename = '', component]) => wanted.includes(codename) && component === 'main')
    .map(([codename, component, uri]) => `deb ${uri} ${codename} ${component}`);
  // Updates without the suite that they update come from somewhere else's configuration.
  return lines.some((line) => line.includes(` ${suite} `)) ? [...new Set(lines)] : [];
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
