// What schedulers look at in a file before they use it, besides its content.

export interface FileFacts {
  readonly type: 'file' | 'symlink' | 'hardlink' | 'dir' | 'pipe' | 'device';
  readonly permissions: number;
  /** The same in octal digits, for people. */
  readonly mode: string;
  readonly uid: string;
  /** The account's name, where there is one. */
  readonly owner: string;
  /** Has more than one name. */
  readonly links: boolean;
}

export const isRegular = ({ type }: Pick<FileFacts, 'type'>): boolean =>
  type === 'file' || type === 'hardlink';
