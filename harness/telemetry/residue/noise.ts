// What a machine changes by itself while a case runs: none of it is what cleanup left behind.
//
// A path is noise by one of these patterns, each with its reason. Whatever inventories show (tables, spools, units,
// scripts) is left out here as well: its changes are told as schedules and schedule files, with their contents.

export const noise: readonly { readonly pattern: RegExp; readonly because: string }[] = [
  { pattern: /^\/(?:run|var)\/log\/journal(?:\/|$)/, because: 'the journal itself' },
  { pattern: /^\/var\/log\/(?:wtmp|btmp|lastlog|faillog)$|^\/run\/utmp$/, because: 'accounting of logins' },
  { pattern: /^\/run\/[^/]+\.(?:pid|lock|reboot)$/, because: 'pid files and markers of daemons' },
  {
    pattern:
      /^\/run\/systemd\/(?:units|journal|sessions|users|seats|inhibit|machines|userdb|io\.system|ask-password|propagate|inaccessible|notify|private|fsck|shutdown|resolve|netif|incoming|credentials|dynamic-uid|generator(?:\.early|\.late)?|systemd-units-load|unit-root|was-enabled)(?:\/|$|-)|^\/run\/systemd\/(?:transient|system|user)$/,
    because: 'the service manager’s own notes, made anew with every start',
  },
  {
    pattern: /^\/run\/(?:udev|lock|mount|dbus|sudo|log|cron|atd|faillock|initctl|credentials)(?:\/|$)/,
    because: 'runtime folders of services',
  },
  {
    pattern:
      /^\/run\/user\/\d+(?:$|\/(?:bus|systemd(?:$|\/(?:private|notify|inaccessible|units|propagate|generator(?:\.early|\.late)?)(?:\/|$))|dbus-1|gnupg))/,
    because: 'runtime folders of users’ managers',
  },
  {
    pattern: /^\/(?:var\/)?tmp\/(?:systemd-private-|\.(?:X11|ICE|XIM|font|Test)-unix)/,
    because: 'private folders of services',
  },
  {
    pattern: /^\/var\/lib\/systemd\/(?:random-seed|timers$|catalog|coredump|pstore|ephemeral-trees)/,
    because: 'the service manager’s own state',
  },
  { pattern: /^\/var\/lib\/private$|^\/var\/cache\/(?:ldconfig|man|apt)(?:\/|$)/, because: 'caches' },
  {
    pattern: /^\/etc\/(?:machine-id|hostname|hosts|resolv\.conf|mtab|\.updated|adjtime)$|^\/var\/\.updated$/,
    because: 'written when a machine starts',
  },
  {
    pattern: /^\/etc\/atomclock(?:\/|$)|^\/tmp\/atomclock-[0-9a-f]+$/,
    because: 'settings of the target, and the marker that a payload leaves',
  },
  {
    pattern: /^\/dev(?:$|\/(?!shm(?:\/|$)))/,
    because: 'devices; memory that programs share is not among them',
  },
];

/** Whether the machine itself, or nobody in particular, is behind a change of this path. */
export const isNoise = (path: string): boolean => noise.some(({ pattern }) => pattern.test(path));

const inventoryPlaces =
  /^\/etc\/(?:crontab|anacrontab|crontabs\/.*|cron\.[a-z]+(?:\/.*)?|at\.(?:allow|deny)|systemd\/(?:system|user)(?:-generators)?\/.*)$|^\/var\/spool\/(?:cron|at|atjobs|anacron)\/|^\/(?:run|usr\/lib|usr\/local\/lib|lib)\/systemd\/(?:system|user|transient)(?:-generators)?\/|^\/var\/lib\/systemd\/linger\/|\/\.(?:config|local\/share)\/systemd\/|^\/run\/user\/\d+\/systemd\/(?:transient|user)\//;

/** Whether inventories show the file. */
export const isInInventory = (path: string): boolean => inventoryPlaces.test(path);
