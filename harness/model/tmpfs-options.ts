// Options of a tmpfs as the container engine takes them: it starts nothing with others, or the kernel refuses the mount.

/** @source mount(8), the filesystem-independent options that Docker takes for --tmpfs */
const flags: ReadonlySet<string> = new Set([
  ...['defaults', 'ro', 'rw', 'suid', 'nosuid', 'dev', 'nodev', 'exec', 'noexec', 'sync', 'async', 'dirsync'],
  ...['remount', 'mand', 'nomand', 'atime', 'noatime', 'diratime', 'nodiratime', 'bind', 'rbind'],
  ...['unbindable', 'runbindable', 'private', 'rprivate', 'shared', 'rshared', 'slave', 'rslave'],
  ...['relatime', 'norelatime', 'strictatime', 'nostrictatime'],
]);

/** @source tmpfs(5), mount options */
const valued: Readonly<Record<string, readonly [form: RegExp, expected: string]>> = {
  size: [/^\d+[kmg%]?$/i, 'a number of bytes, with k, m, g or %'],
  nr_blocks: [/^\d+[kmg]?$/i, 'a number, with k, m or g'],
  nr_inodes: [/^\d+[kmg]?$/i, 'a number, with k, m or g'],
  mode: [/^[0-7]{1,4}$/, 'octal digits such as 1777'],
  uid: [/^\d+$/, 'a number'],
  gid: [/^\d+$/, 'a number'],
  mpol: [/^[a-z]+(?:[=:].*)?$/, 'a memory policy'],
};

export const tmpfsOptionNames: readonly string[] = [...flags, ...Object.keys(valued)];

/** What is wrong with one of the options of `noexec,size=64m`. */
export interface TmpfsFault {
  readonly option: string;
  /** What its value should be; undefined where there is no option of that name. */
  readonly expected?: string;
}

export const tmpfsFaults = (options: string): TmpfsFault[] =>
  (options === '' ? [] : options.split(',')).flatMap((option) => {
    if (flags.has(option)) return [];
    const [name = '', ...rest] = option.split('=');
    const known = Object.hasOwn(valued, name) ? valued[name] : undefined;
    if (!known) return [{ option }];
    const [form, expected] = known;
    return form.test(rest.join('=')) ? [] : [{ option, expected }];
  });
