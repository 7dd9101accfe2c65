// A place in the file system that a scheduler reads or writes, and how to tell which one a path is.

/** What a file there is to its scheduler. */
export type PlaceRole =
  /** Entries with times: a table. */
  | 'table'
  /** One job waiting in a spool. */
  | 'job'
  /** A script that is run with the others of its folder. */
  | 'script'
  /** A unit, a drop-in or a link of a service manager. */
  | 'unit'
  /** A program that writes units when the manager is loaded, or what it wrote. */
  | 'generator'
  | 'generated'
  /** Who may schedule. */
  | 'access'
  /** What a daemon notes for itself: a counter, the day of the last run. */
  | 'note'
  /** What a job printed, until it is mailed. */
  | 'output'
  /** Whose service manager stays without a session. */
  | 'linger';

export interface Place {
  /**
   * Absolute path; `*` is one name or a part of one, `/**` at the end everything below, `~` the home of a user, whoever
   * it is.
   */
  readonly path: string;
  readonly role: PlaceRole;
  /** Its scheduler tells itself what is noted there: nobody looks. */
  readonly isAsked?: true;
}

/** The place's own folder or file: where a look at it begins. A `*` before the last name stays. */
export const startOf = ({ path }: Place): string => path.replace(/\/[^/]*\*[^/]*$/, '');

/** A test of paths against places, compiled once. */
export function placeFinder<P extends Pick<Place, 'path'>>(
  places: readonly P[],
): (path: string) => P | undefined {
  const compiled = places.map((place) => ({ place, form: formOf(place.path) }));
  return (path) => compiled.find(({ form }) => form.test(path))?.place;
}

function formOf(pattern: string): RegExp {
  const isTree = pattern.endsWith('/**');
  const names = (isTree ? pattern.slice(0, -3) : pattern)
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replace(/^~/, '/.+');
  return new RegExp(`^${names}${isTree ? '/.+' : ''}$`, 's');
}
