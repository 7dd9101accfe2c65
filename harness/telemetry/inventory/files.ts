// The files and folders that decide about schedules, as they lie in a target, with what links there lead to.

import { posix } from 'node:path';
import type { FilesQuestion, Found, Target } from '../../engine/ports.ts';
import { look } from '../../schedulers/look.ts';
import type { Accounts } from '../accounts.ts';
import { type FileFacts, type FoundFile, foundFile } from '../found-file.ts';
import { contentFields, type DumpedFile, octal } from './dump.ts';
import { unitNames } from './manager.ts';

export interface FilesContext {
  readonly homes: readonly string[];
  /** When this machine was made: of what packages ship, what changed since then counts. */
  readonly madeAt: string;
  /** Whether /lib is /usr/lib under another name. */
  readonly libIsLink: boolean;
  readonly accounts: Accounts;
}

/**
 * All of them, by path; and names of the system's timers that have come to the folders of packages since the machine was
 * made: its manager may not have loaded them.
 * @throws as `Target.look` and `Target.exec`
 */
export async function lookAtFiles(
  target: Target,
  { homes, madeAt, libIsLink, accounts }: FilesContext,
): Promise<{ files: DumpedFile[]; lateTimers: string[]; isCut: boolean }> {
  const inHomes = homes.flatMap((home) => look.homes.map((folder) => `${home}/${folder}`));
  const shipped = look.shipped.filter((path) => !libIsLink || !path.startsWith('/lib/'));
  const questions: readonly (readonly FilesQuestion[])[] = [
    inHomes.map((path) => ({ ask: 'files', path, withContents: true })),
    look.places.map((path) => ({
      ask: 'files',
      path,
      withContents: true,
      ...(path.includes('*') && { isPattern: true }),
    })),
    look.nested.map((path) => ({ ask: 'files', path, depth: 0 })),
    shipped.map((path) => ({
      ask: 'files',
      path,
      withContents: true,
      onlyIf: { ending: '.timer', since: madeAt },
    })),
  ];
  const sight = await target.look(questions.flat());
  let at = 0;
  const [ofHomes = [], ofPlaces = [], ofNested = [], ofShipped = []] = questions.map(({ length }) => {
    at += length;
    return sight.found.slice(at - length, at).map((found) => found.map(foundFile));
  });
  // A place of a home counts where it is a folder, of its own or behind a link.
  const own = [...ofHomes.filter(([start]) => start && leadsToFolder(start)), ...ofPlaces].flat();
  const starts = [
    ...ofHomes,
    ...ofPlaces.filter((_, index) => !look.places[index]?.includes('*')),
    ...ofNested,
  ];
  const linked = new Set(
    [...starts.flatMap(([start]) => start ?? []), ...own.filter(isLinkOfUnits)]
      .filter((file) => file.type === 'l' && leadsToFolder(file))
      .map(({ path }) => path),
  );
  const behind = await lookBehind(target, [...linked]);
  const files = new Map<string, DumpedFile>();
  const add = (found: readonly FoundFile[], follows: (file: FoundFile) => boolean, hasLarge: boolean) => {
    for (const file of found) {
      const dumped = dumpedFile(file, follows(file), hasLarge, accounts);
      if (dumped && !files.has(file.path)) files.set(file.path, dumped);
    }
  };
  add(own, isForeign, true);
  add(behind.files, () => true, true);
  add(ofShipped.flat(), () => false, false);
  await addSums(target, files);
  return {
    files: [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
    lateTimers: unitNames(
      ofShipped
        .flat()
        .filter(({ path, changed }) => isSystemUnit(path) && Number(changed) > Number(madeAt))
        .map(({ path }) => posix.basename(path)),
    ),
    isCut: sight.isCut || behind.isCut,
  };
}

/** What lies in folders that are links; deeper than schedulers look is not theirs. */
async function lookBehind(
  target: Target,
  folders: readonly string[],
): Promise<{ files: FoundFile[]; isCut: boolean }> {
  if (folders.length === 0) return { files: [], isCut: false };
  const { found, isCut } = await target.look(
    folders.map((path) => ({
      ask: 'files',
      path,
      depth: 2,
      throughLink: true,
      onOneDevice: true,
      withContents: true,
    })),
  );
  // The first of each is the link itself.
  return { files: found.flatMap(([, ...files]: readonly Found[]) => files.map(foundFile)), isCut };
}

const leadsToFolder = ({ type, behind }: FoundFile): boolean => (behind?.type ?? type) === 'd';

const isSystemUnit = (path: string): boolean => /\/systemd\/system\/[^/]+$/.test(path);

/** Where drop-ins lie, or what enables units. */
const isLinkOfUnits = ({ path }: FoundFile): boolean => /\.(?:d|wants|requires)$/.test(path);

/** A link to anything but a unit of a package, which is told with its folder. */
const isForeign = ({ path, link }: FoundFile): boolean =>
  link !== '/dev/null' && !/^(?:\/usr)?\/lib\/systemd\//.test(posix.resolve(posix.dirname(path), link));

/** As an inventory has it; undefined for what it does not have. */
function dumpedFile(
  file: FoundFile,
  follows: boolean,
  hasLarge: boolean,
  accounts: Accounts,
): DumpedFile | undefined {
  const { path, type, link, behind, content, names } = file;
  switch (type) {
    case 'l': {
      const followed = follows && behind?.type === 'f' && content;
      const what = followed ? contentFields(content) : nothing;
      return {
        path,
        type: 'symlink',
        ...ownership(followed ? behind : file, accounts),
        links: false,
        ...what,
        target: link,
      };
    }
    case 'f':
      if (content)
        return {
          path,
          type: 'file',
          ...ownership(file, accounts),
          links: hasLarge && names > 1,
          ...contentFields(content),
        };
      // Too large to be taken whole.
      return hasLarge
        ? { path, type: 'file', ...ownership(file, accounts), links: false, ...nothing }
        : undefined;
    case 'p':
    case 'b':
    case 'c':
      return {
        path,
        type: type === 'p' ? 'pipe' : 'device',
        ...ownership(file, accounts),
        links: false,
        ...contentFields(Buffer.alloc(0)),
      };
    default:
      return undefined;
  }
}

const nothing = { content: null, sha256: '' } as const;

const ownership = ({ permissions, uid, modified }: FileFacts, accounts: Accounts) => ({
  mode: octal(permissions),
  permissions,
  owner: accounts.users.get(uid) ?? uid,
  uid,
  mtime: Math.floor(Number(modified)),
});

/** Of large files, which are seldom: read by a program of the target's. */
async function addSums(target: Target, files: Map<string, DumpedFile>): Promise<void> {
  const large = [...files.values()].filter(
    ({ type, content, sha256 }) => type === 'file' && content === null && sha256 === '',
  );
  if (large.length === 0) return;
  const { stdout } = await target.exec(['sha256sum', '--', ...large.map(({ path }) => path)], {
    env: { LC_ALL: 'C' },
    timeoutMs: sumLimitMs,
  });
  for (const line of stdout.split('\n')) {
    const [, sha256 = '', path = ''] = /^([0-9a-f]{64}) [ *](.*)$/.exec(line) ?? [];
    const file = files.get(path);
    if (file) files.set(path, { ...file, sha256 });
  }
}

const sumLimitMs = 60_000;
