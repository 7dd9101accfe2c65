// The Debian that all images are built on: one that is here, else a registry's, else one made from packages.

import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { execa } from 'execa';
import { $ } from 'zx';
import { AtomclockError, exitCodes } from '../model/errors.ts';
import type { TargetDefinition } from '../model/target.ts';
import { buildProgress } from './build-progress.ts';
import { connect, type Engine } from './connection.ts';
import { findExecutable } from './executable.ts';
import { hostApt } from './host-apt.ts';
import { imageId } from './image-id.ts';
import { rootPrefix } from './privileged-command.ts';
import type { Progress } from './progress.ts';

/**
 * Makes sure that the base image is here.
 * @returns its tag and its id
 * @throws AtomclockError `lab/no-base-image` when no way leads to one
 */
export async function ensureBaseImage(
  base: TargetDefinition['base'],
  progress: Progress,
): Promise<{ tag: string; id: string }> {
  const { docker, facts } = await connect();
  const tag = baseTag(base.suite);
  const found = await imageId(docker, tag);
  if (found) return { tag, id: found };
  if (!(await imageId(docker, base.image))) await pull(docker, base.image, progress);
  if (await imageId(docker, base.image)) {
    await docker.getImage(base.image).tag({ repo: repository(tag), tag: base.suite });
  } else await bootstrap(docker, facts, base, progress);
  const id = await imageId(docker, tag);
  if (id) return { tag, id };
  throw new AtomclockError('lab/no-base-image', `${tag} was made, but the engine does not have it`, {
    exitCode: exitCodes.labUnavailable,
  });
}

/** `localhost/`: no engine will ever look for an image of ours at a public registry, where anybody could offer one. */
export const baseTag = (suite: string): string => `localhost/atomclock/base:${suite}`;

const repository = (tag: string): string => tag.slice(0, tag.lastIndexOf(':'));

/** How long a registry may take to say its first word, and to deliver. */
const answerLimitMs = 4000;
const pullLimitMs = 180_000;

/** Tries a registry; whether it worked shows in the engine's images. */
async function pull(docker: Engine['docker'], image: string, progress: Progress): Promise<void> {
  progress(`base image: asking a registry for ${image}`);
  const giveUp = new AbortController();
  let timer = setTimeout(() => giveUp.abort(), answerLimitMs);
  try {
    const stream = (await docker.pull(image, { abortSignal: giveUp.signal })) as Readable;
    stream.once('data', () => {
      clearTimeout(timer);
      timer = setTimeout(() => giveUp.abort(), pullLimitMs);
    });
    giveUp.signal.addEventListener('abort', () => stream.destroy());
    await buildProgress(Promise.resolve(stream), progress);
  } catch {
    progress('base image: no registry answers');
  } finally {
    clearTimeout(timer);
  }
}

/** Makes the image from Debian packages with mmdebstrap, by the way in which this machine's own apt gets them. */
async function bootstrap(
  docker: Engine['docker'],
  { architecture }: Engine['facts'],
  { suite, image }: TargetDefinition['base'],
  progress: Progress,
): Promise<void> {
  const refuse = (why: string, hint: string): AtomclockError =>
    new AtomclockError('lab/no-base-image', `no registry answers for ${image}, and ${why}`, {
      exitCode: exitCodes.labUnavailable,
      hint,
    });
  const debian = debianArchitectures[architecture];
  if (debian === undefined) {
    throw refuse(`mmdebstrap is not tried on ${architecture}`, 'docker load -i IMAGE.tar');
  }
  await ensureMmdebstrap(refuse, progress);
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
  // Only now does it get its name: an archive that was cut off imports, too.
  await docker.getImage(imported.id).tag({ repo: repository(baseTag(suite)), tag: suite });
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
  const packages = ['mmdebstrap', 'debian-archive-keyring'];
  await $({ quiet: true })`${root} env DEBIAN_FRONTEND=noninteractive apt-get update`;
  await $({
    quiet: true,
  })`${root} env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ${packages}`;
}
