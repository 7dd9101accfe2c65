// What a machine changes by itself while a case runs: none of it is what cleanup left behind.

import { isLookedAt } from '../../schedulers/look.ts';

/** `*` is anything within one name; `/**` at the end is the folder itself and all that is below it. */
const noise: readonly {
  readonly paths: readonly string[];
  readonly because: string;
  /** The manual that says so. */
  readonly source?: string;
}[] = [
  { because: 'the journal itself', paths: ['/run/log/**', '/var/log/journal/**'] },
  {
    because: 'accounts of logins',
    paths: ['/run/utmp', '/var/log/wtmp', '/var/log/btmp', '/var/log/lastlog', '/var/log/faillog'],
  },
  {
    because: 'the greeting of a login, made anew with each',
    source: 'pam_motd(8), update-motd(5)',
    paths: ['/run/motd.dynamic', '/run/motd.dynamic.new'],
  },
  {
    because: 'pid files, locks and markers of daemons',
    paths: ['/run/*.pid', '/run/*.lock', '/run/*.reboot', '/run/lock/**'],
  },
  {
    because: 'the service manager’s own notes, made anew with every start',
    paths: [
      ...[
        'ask-password*',
        'credentials',
        'dynamic-uid',
        'fsck*',
        'generator',
        'generator.early',
        'generator.late',
        'incoming',
        'inaccessible',
        'inhibit',
        'io.system*',
        'journal',
        'machines',
        'netif',
        'notify',
        'private',
        'propagate',
        'resolve',
        'seats',
        'sessions',
        'show-status',
        'shutdown*',
        'systemd-units-load',
        'unit-root',
        'units',
        'userdb',
        'users',
        'was-enabled',
      ].map((name) => `/run/systemd/${name}/**`),
      // The folders; what is in them is told by inventories.
      '/run/systemd/system',
      '/run/systemd/transient',
      '/run/systemd/user',
      '/var/lib/systemd/random-seed',
      '/var/lib/systemd/timers',
      '/var/lib/systemd/catalog/**',
      '/var/lib/systemd/coredump/**',
      '/var/lib/systemd/pstore/**',
      '/var/lib/private',
      '/tmp/systemd-private-*/**',
      '/var/tmp/systemd-private-*/**',
    ],
  },
  {
    because: 'runtime folders of services',
    paths: ['udev', 'mount', 'dbus', 'sudo', 'cron', 'atd', 'faillock', 'initctl', 'credentials'].map(
      (name) => `/run/${name}/**`,
    ),
  },
  {
    because: 'runtime folders of users’ managers',
    paths: [
      '/run/user',
      '/run/user/*',
      '/run/user/*/bus',
      '/run/user/*/dbus-1/**',
      '/run/user/*/gnupg/**',
      '/run/user/*/systemd',
      ...[
        'generator',
        'generator.early',
        'generator.late',
        'inaccessible',
        'notify',
        'private',
        'propagate',
        'units',
      ].map((name) => `/run/user/*/systemd/${name}/**`),
      '/run/user/*/systemd/transient',
      '/run/user/*/systemd/user',
    ],
  },
  {
    because: 'folders for window systems',
    paths: ['/tmp/.X11-unix/**', '/tmp/.ICE-unix/**', '/tmp/.XIM-unix/**', '/tmp/.font-unix/**'],
  },
  { because: 'caches', paths: ['/var/cache/ldconfig/**', '/var/cache/man/**', '/var/cache/apt/**'] },
  {
    // What a package leaves stands in /var/lib/dpkg/info and where its files are.
    because: 'books, locks and logs of dpkg, debconf and apt, written anew by each call whatever it does',
    source: 'dpkg(1) FILES, dpkg-trigger(1), debconf.conf(5), apt.conf(5)',
    paths: [
      ...['lock', 'lock-frontend', 'status', 'status-old', 'available', 'available-old', 'triggers/Lock'].map(
        (name) => `/var/lib/dpkg/${name}`,
      ),
      ...['config', 'passwords', 'templates'].map((name) => `/var/cache/debconf/${name}.dat*`),
      ...['extended_states', 'lists/lock', 'lists/auxfiles', 'lists/partial'].map(
        (name) => `/var/lib/apt/${name}`,
      ),
      ...['dpkg.log', 'alternatives.log', 'apt/**'].map((name) => `/var/log/${name}`),
    ],
  },
  {
    because: 'written when a machine starts',
    paths: ['machine-id', 'hostname', 'hosts', 'resolv.conf', 'mtab', '.updated', 'adjtime']
      .map((name) => `/etc/${name}`)
      .concat('/var/.updated'),
  },
  {
    because:
      'settings of the target, its moved clocks, scripts of steps, and the marker that a payload leaves',
    paths: [
      '/etc/atomclock/**',
      '/run/atomclock/**',
      '/tmp/atomclock-*',
      '/dev/shm/faketime_shm_*',
      '/dev/shm/sem.faketime_sem_*',
    ],
  },
];

/** Whether the machine itself, or nobody in particular, is behind a change of this path. */
export const isNoise = (path: string): boolean => noiseForm.test(path);

/** Whether inventories tell it: tables, spools, units and scripts change as schedules and files, with their contents. */
export const isInInventory: (path: string) => boolean = isLookedAt;

function formOf(paths: readonly string[]): RegExp {
  const forms = paths.map((path) => {
    const tree = path.endsWith('/**');
    const names = (tree ? path.slice(0, -3) : path)
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '[^/]*');
    return tree ? `${names}(?:/.*)?` : names;
  });
  return new RegExp(`^(?:${forms.join('|')})$`, 's');
}

const noiseForm = formOf(noise.flatMap(({ paths }) => paths));
