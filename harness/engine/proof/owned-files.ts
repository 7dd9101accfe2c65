// Whose step made or changed which file, under every name that leads to it, and which units those files make.

import type { EcsEvent } from '../../model/event.ts';
import { isSchedulePlace } from '../../schedulers/index.ts';
import { unitOfFile } from '../../schedulers/systemd.ts';
import { FileHistory } from './file-history.ts';
import { FolderNames, moved, type NewName } from './folder-names.ts';
import type { Role } from './payload.ts';

export class OwnedFiles {
  /** What became of the files that steps made. */
  readonly history = new FileHistory();
  readonly #names = new FolderNames();
  readonly #owners = new Map<string, Role>();
  readonly #units = new Map<string, Role>();
  readonly #written = new Set<string>();
  /** Paths to which a step gave their content, or a name in a folder: not what it only looked at, or set a mode of. */
  readonly #put = new Map<Role, Set<string>>();
  /** Whose step did that last. */
  readonly #contents = new Map<string, Role>();
  /** Programs that a step wrote by itself; those of a package are what they are called. */
  readonly #handmade = new Set<string>();

  /**
   * Takes in a file event.
   * @param doer whose process it was; undefined where it is no step's
   * @returns every path that the event is about
   */
  observe(event: EcsEvent, doer: Role | 'harness' | undefined): string[] {
    const own = this.#entriesOf(event);
    const paths = [...new Set([...own, ...pathsOf(event)])];
    this.#carry(this.#names.observe(event), event, doer === 'harness' ? undefined : doer);
    if (doer === 'harness') return paths;
    for (const path of own) if (doer || this.#owners.has(path)) this.history.note(path, event);
    return paths;
  }

  /** A path is whose step touched it first. */
  claim(path: string, event: EcsEvent, role: Role): void {
    if (!this.#owners.has(path)) this.#owners.set(path, role);
    if (event.event.action !== 'deletion' && !isMask(event)) this.#written.add(path);
    if (givesContent(path, event) && !isMask(event)) this.#putAt(path, role);
  }

  /** What a step did itself to a path: it is its own, and so is a unit that the file makes. */
  claimAsMade(path: string, event: EcsEvent, role: Role, isPackaged: boolean): void {
    this.claim(path, event, role);
    this.#claimUnitOf(path, role);
    if (!isPackaged) this.#handmade.add(path);
  }

  claimUnit(unit: string, role: Role): void {
    if (!this.#units.has(unit)) this.#units.set(unit, role);
  }

  ownerOf(path: string): Role | undefined {
    return this.#owners.get(path);
  }

  /** Whose is the first path that holds. */
  ownerWhere(holds: (path: string) => boolean): Role | undefined {
    for (const [path, owner] of this.#owners) if (holds(path)) return owner;
    return undefined;
  }

  /** Whose step made a unit of this name, or had it made. */
  ownerOfUnit(unit: string): Role | undefined {
    return this.#units.get(unit);
  }

  /** Files that steps of this role made or changed, or had the service manager make: to remove one is not to make it. */
  writtenBy(role: Role): string[] {
    return [...this.#owners]
      .filter(([path, owner]) => owner === role && this.#written.has(path))
      .map(([path]) => path);
  }

  /** Whose step wrote what is at a path now. */
  authorOf(path: string): Role | undefined {
    return this.#contents.get(path);
  }

  /** Paths to which steps of this role gave a content or a name, whoever had made them before. */
  putBy(role: Role): string[] {
    return [...(this.#put.get(role) ?? [])];
  }

  /** Whether a step of this role put something where schedulers look. */
  hasTouchedSchedules(role: Role): boolean {
    for (const path of this.#put.get(role) ?? []) if (isSchedulePlace(path)) return true;
    return false;
  }

  isHandmade(path: string): boolean {
    return this.#handmade.has(path);
  }

  /** Every name under which what is at the path can be reached. */
  namesOf(path: string): string[] {
    return this.#names.namesOf(path);
  }

  /** Every name of what an event is about; to make or remove a link, or to rename one, is to do nothing behind it. */
  #entriesOf({ event, file }: EcsEvent): string[] {
    const { path, target_path: target } = file ?? {};
    if (path === undefined) return [];
    const isEntry = event.action === 'deletion' || event.action === 'rename' || target !== undefined;
    return isEntry ? this.#names.entriesOf(path) : this.#names.namesOf(path);
  }

  /** What steps made is theirs under every new name of it, and the new names are whose doing they are. */
  #carry(names: readonly NewName[], event: EcsEvent, role: Role | undefined): void {
    // Most events give nothing a new name, and what is known of the files may be large.
    if (names.length === 0) return;
    const since = event['@timestamp'];
    const carried = names.flatMap((name) =>
      [...this.#owners].flatMap(([from, owner]) => {
        const to = moved(from, name.from, name.to);
        if (to === undefined || to === from) return [];
        return [{ ...name, from, to, owner: role ?? owner, state: this.history.latest(from) }];
      }),
    );
    const written = new Set(this.#written);
    const authors = new Map(this.#contents);
    for (const { from, isMove } of carried) {
      if (!isMove) continue;
      this.history.remove(from, since);
      for (const paths of this.#put.values()) paths.delete(from);
    }
    for (const { from, to, owner, state } of carried) {
      if (!this.#owners.has(to)) this.#owners.set(to, owner);
      this.#claimUnitOf(to, owner);
      if (written.has(from)) this.#written.add(to);
      const author = role ?? authors.get(from);
      if (author) this.#putAt(to, author);
      if (this.#handmade.has(from)) this.#handmade.add(to);
      if (state) this.history.put(to, { ...state, since });
    }
  }

  #putAt(path: string, role: Role): void {
    const paths = this.#put.get(role) ?? new Set<string>();
    this.#put.set(role, paths.add(path));
    this.#contents.set(path, role);
  }

  #claimUnitOf(path: string, role: Role): void {
    const unit = unitOfFile(path);
    if (unit) this.claimUnit(unit, role);
  }
}

/** Every path that an event is about: the file, its old name, what a link points at. */
export function pathsOf({ file }: EcsEvent): string[] {
  if (!file) return [];
  const original = file.Ext?.original?.path;
  const target = file.target_path?.startsWith('/') ? file.target_path : undefined;
  return [file.path, original, target].filter((path) => path !== undefined);
}

/** Whether an event gives what is at a path its content, or gives it this name, or makes a program of it. */
function givesContent(path: string, { event, file }: EcsEvent): boolean {
  if (event.action === 'permissions') return becomesExecutable(file);
  if (contentKept.has(event.action)) return false;
  // What a link points at, and what a file was called, is told by the same event and is no new content.
  return !(path === file?.Ext?.original?.path || (path === file?.target_path && path !== file.path));
}
const contentKept: ReadonlySet<string> = new Set(['deletion', 'open', 'ownership', 'umount']);

/** False where it is not told what the mode was before. */
const becomesExecutable = (file: EcsEvent['file']): boolean =>
  file?.type === 'file' &&
  isExecutable(file.mode) === true &&
  isExecutable(file.Ext?.original?.mode) === false;

const isExecutable = (octal: string | undefined): boolean | undefined =>
  octal === undefined ? undefined : (Number.parseInt(octal, 8) & 0o111) !== 0;

/** A unit linked to nothing is switched off. */
const isMask = ({ file }: EcsEvent): boolean => file?.target_path === '/dev/null';
