// Where an inventory looks: the folders and files of all schedulers' places, the programs and the units to ask for.

import { allPlaces, schedulers } from './list.ts';
import { placeFinder, startOf } from './place.ts';
import { isShipped, systemUnits, timersWanted, userUnits } from './systemd.ts';

/** Folders and files, `*` for any one name, `~` for any home. */
export const startingPoints: readonly string[] = [
  ...new Set(allPlaces.filter(({ isAsked }) => !isAsked).map(startOf)),
];

const below = (path: string, folder: string): boolean => path.startsWith(`${folder}/`);
const isNested = (path: string): boolean => startingPoints.some((start) => below(path, start));
const isHome = (path: string): boolean => path.startsWith('~/');

/** The same, each where it is looked at from. */
export const look = {
  /** The outermost. */
  places: startingPoints.filter((start) => !isNested(start) && !isHome(start) && !isShipped(start)),
  /** Those that lie in others: where one is a link, it leads out of them. */
  nested: startingPoints.filter(isNested),
  /** Below each home, without the `~/`. */
  homes: startingPoints.filter(isHome).map((start) => start.slice(2)),
  /** Those that packages fill. */
  shipped: startingPoints.filter(isShipped),
} as const;

/** Folders with units that managers must be asked for by name: what packages ship and nothing loads is not. */
export const unitFolders = {
  system: [...systemUnits.filter((folder) => !isShipped(folder)), `/etc/systemd/system/${timersWanted}`],
  /** Of the manager of a user; `~` is the home, `*` the id. */
  user: [...userUnits.filter((folder) => !isShipped(folder)), `~/.config/systemd/user/${timersWanted}`],
} as const;

/** Programs whose presence says that a scheduler is installed; those of many names, with the name that counts. */
export const programsToFind: readonly { readonly program: string; readonly applet?: string }[] =
  schedulers.flatMap(({ name, daemons, generators = [] }) =>
    name === 'systemd' ? [] : [...daemons, ...generators.map((program) => ({ program }))],
  );

/** Service units of daemons that wait for their jobs' times. */
export const daemonUnits: readonly string[] = schedulers.flatMap(({ units }) => units);

/** Whether an inventory shows what is at a path, or looks through it. */
export const isLookedAt: (path: string) => boolean = (() => {
  const find = placeFinder(
    startingPoints.flatMap((start) => [start, `${start}/**`]).map((path) => ({ path })),
  );
  return (path) => find(path) !== undefined;
})();
