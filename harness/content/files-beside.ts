// What an atomic needs beside it (PathToAtomicsFolder): which files, and whether they are there.

import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type Atomic, atomicsFolder, defaultInputs, renderCommand } from '../model/atomic.ts';
import type { TargetFile } from '../model/target.ts';
import { findFiles } from './folder.ts';

type Needs = Pick<Atomic, 'technique' | 'inputs' | 'dependencies' | 'executor'>;

/**
 * All files of the techniques whose folders the atomic names.
 * @param file the file in which the atomic stands
 */
export function filesBeside(atomic: Needs, file: string): TargetFile[] {
  const folders = new Set(namedPaths(atomic).map(folderOf));
  return [...folders].flatMap((folder) =>
    placesOf(folder, atomic.technique, file).flatMap(({ place, below }) =>
      filesIn(place).map(({ path, relativePath }) => ({
        path: join(atomicsFolder, folder, below, relativePath),
        content: readFileSync(path),
        mode: statSync(path).mode & 0o777,
      })),
    ),
  );
}

/** Payloads (`src/`, `bin/`) that the atomic names, that are not there, and that none of its prerequisites is about. */
function missingFiles(atomic: Needs, file: string): string[] {
  const fetched = atomic.dependencies
    .flatMap(({ check, get }) => [check, get ?? ''])
    .map((text) => rendered(atomic, text))
    .join('\n');
  return namedPaths(atomic).filter(
    (path) =>
      isPayload.test(path) &&
      !fetched.includes(join(atomicsFolder, path)) &&
      !placesOf(folderOf(path), atomic.technique, file).some(({ place, below }) =>
        existsSync(join(place, path.slice(join(folderOf(path), below).length))),
      ),
  );
}

/** Why an atomic cannot run for want of such files; null where none is missing. */
export function whyIncomplete(atomic: Needs, file: string): string | null {
  const missing = missingFiles(atomic, file);
  return missing.length > 0 ? `needs ${missing.join(', ')}, not found beside it` : null;
}

/** A path that a shell would not change: no pattern, no variable. */
const isPayload = /^T\d{4}(?:\.\d{3})?\/(?:src|bin)\/[\w./+-]*[\w]$/;

const pathInFolder = new RegExp(`${atomicsFolder}(?:/([^\\s'"\`;&|<>()]*))?`, 'g');

/** What the atomic names below the folder of the atomics; that folder alone means the technique's own. */
function namedPaths(atomic: Needs): string[] {
  const { executor, dependencies } = atomic;
  const texts = [executor.command, ...dependencies.flatMap(({ check, get }) => [check, get ?? ''])];
  const paths = texts.flatMap((text) =>
    [...rendered(atomic, text).matchAll(pathInFolder)].map(([, path]) => path || atomic.technique),
  );
  return [...new Set(paths)];
}

const rendered = ({ inputs }: Needs, text: string): string => renderCommand(text, defaultInputs(inputs));

/** Payloads that were fetched for all techniques lie beside the atomics. */
const folderOf = (path: string): string =>
  /^(?:T\d{4}(?:\.\d{3})?|\.\.\/ExternalPayloads)(?=\/|$)/.exec(path)?.[0] ?? '';

/** Where a folder may be on this machine, in Atomic Red Team's layout or in a flat one; `below`: which part of it. */
function placesOf(folder: string, technique: string, file: string): { place: string; below: string }[] {
  if (folder === '') return [];
  const here = dirname(resolve(file));
  const whole = [
    ...(basename(here) === folder ? [here] : []),
    join(here, folder),
    join(here, '..', folder),
  ].find(existsSync);
  if (whole) return [{ place: whole, below: '' }];
  return folder === technique
    ? ['src', 'bin']
        .map((below) => ({ place: join(here, below), below }))
        .filter(({ place }) => existsSync(place))
    : [];
}

/** Links that lead out of the folder are left alone: a target gets nothing else of this machine. */
function filesIn(place: string): { path: string; relativePath: string }[] {
  const root = `${realpathSync(place)}/`;
  return findFiles(place, ['']).files.filter(({ path }) => realpathSync(path).startsWith(root));
}
