// A Debian image where no registry answers: made from packages, as a chroot is.

import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { execa } from 'execa';
import { $ } from 'zx';
import { AtomclockError, exitCodes } from '../../model/errors.ts';
import type { BaseImage } from '../../model/target.ts';
import type { Engine } from '../host/connection.ts';
import { findExecutable } from '../host/executable.ts';
import { hostApt } from '../host/host-apt.ts';
import { rootPrefix } from '../host/privileged-command.ts';
import type { Progress } from '../host/progress.ts';
import { buildProgress } from './build-progress.ts';
import { whileUnderway } from './underway.ts';

/**
 * Makes an image from Debian packages with mmdebstrap, by the way in which this machine's own apt gets them.
 * @returns the image's id; it has no name yet, since an archive that was cut off imports, too
 * @throws AtomclockError `lab/no-base-image` when it cannot be made here
 */
export async function bootstrapImage(
  docker: Engine['docker'],
  { architecture }: Engine['facts'],
  { suite, image }: BaseImage,
  progress: Progress,
): Promise<string> {
  const refuse = (why: string, hint: string): AtomclockError =>
    new AtomclockError('lab/no-base-image', `no registry answers for ${image}, and ${why}`, {
      exitCode: exitCodes.labUnavailable,
      hint,
    });
  if (suite === undefined)
    throw refuse(
      'it is no Debian that could be made here from packages',
      `docker pull ${image} where one answers, docker save it there, and docker load -i IMAGE.tar here`,
    );
  const debian = debianArchitectures[architecture];
  if (debian === undefined) {
    throw refuse(`mmdebstrap is not tried on ${architecture}`, 'docker load -i IMAGE.tar');
  }
  // apt lets one at a time install.
  await whileUnderway('mmdebstrap', () => ensureMmdebstrap(refuse, progress));
  const root = (await rootPrefix()) ?? [];
  const { sources, settings } = await hostApt(suite);
  const from = sources[0]?.split(' ')[1] ?? 'deb.debian.org';
  progress(`base image: making ${suite} with mmdebstrap from ${from} (half a minute)`);
  const args = [
    '--variant=minbase',
    `--architectures=${debian}`,
    ...settings.map((line) => `--aptopt=${line}`),
    // A mirror behind TLS: the images' own apt must trust what this machine trusts.
    ...(sources.some((line) => line.includes(' https:'))
      ? ['--include=ca-certificates', `--customize-hook=copy-in ${certificates} /etc/ssl/certs`]
      : []),
    suite,
    '-',
    ...sources,
  ];
  const [command = 'mmdebstrap', ...rest] = [...root, 'mmdebstrap', ...args];
  const making = execa(command, rest, { buffer: { stdout: false }, reject: false });
  const archive = new PassThrough();
  const importing = buildProgress(
    docker.importImage(archive, { changes: 'CMD ["/bin/bash"]' }),
    progress,
  ).catch((error: Error) => {
    // Nobody reads any more: mmdebstrap must not wait for a reader.
    archive.destroy(error);
    throw error;
  });
  const [, imported, { exitCode, stderr }] = await Promise.all([
    pipeline(making.stdout, archive).catch(() => {}),
    importing.then(
      (id) => ({ id }),
      (error: unknown) => ({ error }),
    ),
    making,
  ]);
  if ('error' in imported) throw imported.error;
  if (exitCode !== 0) {
    const end = stderr.split('\n').slice(-8).join('\n');
    throw refuse(`mmdebstrap failed:\n${end}`, 'see that apt-get update works on this machine');
  }
  return imported.id;
}

const certificates = '/etc/ssl/certs/ca-certificates.crt';

/** Debian's names for what the kernel calls an architecture. */
const debianArchitectures: Readonly<Record<string, string>> = { x86_64: 'amd64', aarch64: 'arm64' };

async function ensureMmdebstrap(
  refuse: (why: string, hint: string) => AtomclockError,
  progress: Progress,
): Promise<void> {
  if (findExecutable('mmdebstrap')) return;
  const root = await rootPrefix();
  if (root === undefined || findExecutable('apt-get') === undefined) {
    throw refuse(
      'there is no mmdebstrap to make it with',
      'sudo apt-get install mmdebstrap, or docker load -i IMAGE.tar',
    );
  }
  progress('base image: installing mmdebstrap');
  const shell = $({ quiet: true, nothrow: true });
  await shell`${root} env DEBIAN_FRONTEND=noninteractive apt-get update`;
  const install = ['install', '-y', '--no-install-recommends', 'mmdebstrap', 'debian-archive-keyring'];
  const { exitCode, stderr } = await shell`${root} env DEBIAN_FRONTEND=noninteractive apt-get ${install}`;
  if (exitCode !== 0) {
    throw refuse(`mmdebstrap cannot be installed:\n${stderr.slice(-1000)}`, 'apt-get install mmdebstrap');
  }
}
