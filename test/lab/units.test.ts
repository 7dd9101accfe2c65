// What a target has beyond a stock Debian must not change what an attack does to its schedulers: each way to change a
// unit has the same effect on the image's units and on the packages' own.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Target } from '../../harness/engine/ports.ts';
import { bootDebian12 } from './fixture.ts';

const units = ['atd', 'cron', 'anacron'] as const;

/** All that the image adds to the unit files, and how to take it out again. */
const additions = String.raw`-e '\|^EnvironmentFile=-/etc/atomclock/|d' -e 's| \$ATD_ARGS$||'`;

let ours: Target;
let stock: Target;
beforeAll(async () => {
  [ours, stock] = await Promise.all([bootDebian12({ clock: 'fast' }), bootDebian12()]);
  await run(
    stock,
    `cd /usr/lib/systemd/system; sed -i ${additions} ${units.map((unit) => `${unit}.service`).join(' ')}
    rm -r /etc/atomclock; systemctl daemon-reload; systemctl restart atd cron`,
  );
});
afterAll(async () => {
  await ours?.[Symbol.asyncDispose]();
  await stock?.[Symbol.asyncDispose]();
});

async function run(target: Target, script: string): Promise<string> {
  const { exitCode, stdout, stderr } = await target.exec(['sh', '-ec', script]);
  expect({ exitCode, stderr, script }).toMatchObject({ exitCode: 0 });
  return stdout;
}

it('without the additions the unit files are those of the packages, to the byte', async () => {
  const files = units.map((unit) => `lib/systemd/system/${unit}.service`);
  const summed = await run(
    stock,
    `cd /; grep -h ' lib/systemd/system/' /var/lib/dpkg/info/at.md5sums /var/lib/dpkg/info/*cron.md5sums | md5sum -c`,
  );
  for (const file of files) expect(summed).toContain(`${file}: OK\n`);
});

it('has no drop-in of the harness, and no link or unit of it where an attack writes', async () => {
  const found = await run(
    ours,
    'find /etc/systemd /run/systemd/system /usr/lib/systemd/system.control 2>&1 || :',
  );
  expect(found).not.toMatch(/atomclock|(?:atd|cron|anacron)\.service\.d/);
  expect(
    await run(ours, "find / -xdev -path '*/systemd/*.d/*' -name '*.conf' | grep -c atomclock || :"),
  ).toBe('0\n');
});

/** A command line that can be told from the unit's own, and works. */
const other: Readonly<Record<(typeof units)[number], string>> = {
  atd: '/usr/sbin/atd -f -l 900',
  cron: '/usr/sbin/cron -f -L 5',
  anacron: '/usr/sbin/anacron -d -n -t /dev/null',
};

const dropIn = (place: string, name: string) => (unit: (typeof units)[number]) =>
  `
  mkdir -p ${place}/${unit}.service.d
  printf '[Service]\nExecStart=\nExecStart=${other[unit]}\nEnvironment=A=1 LD_LIBRARY_PATH=/x\n' >${place}/${unit}.service.d/${name}
  systemctl daemon-reload`;

/** What an attack may do with a unit. */
const actions: Readonly<Record<string, (unit: (typeof units)[number]) => string>> = {
  nothing: () => ':',
  ...Object.fromEntries(
    ['/etc 00-a', '/etc 90-load', '/etc zz-z', '/run 90-load', '/usr/local/lib zz-z'].map((words) => {
      const [root = '', name = ''] = words.split(' ');
      const path = `${root}/systemd/system`;
      return [`a drop-in ${name}.conf in ${path}`, dropIn(path, `${name}.conf`)];
    }),
  ),
  'an environment file that is reset': (unit) => `
    mkdir -p /etc/systemd/system/${unit}.service.d
    printf '[Service]\nEnvironmentFile=\nEnvironment=B=2\n' >/etc/systemd/system/${unit}.service.d/10-env.conf
    systemctl daemon-reload`,
  'a unit of its own': (unit) => `
    printf '[Service]\nExecStart=${other[unit]}\n[Install]\nWantedBy=multi-user.target\n' >/etc/systemd/system/${unit}.service
    systemctl daemon-reload`,
  'a unit of its own, enabled': (unit) => `
    printf '[Service]\nExecStart=${other[unit]}\n[Install]\nWantedBy=timers.target\n' >/etc/systemd/system/${unit}.service
    systemctl enable ${unit}`,
  'a changed copy of the unit': (unit) => `
    sed 's|^ExecStart=.*|ExecStart=${other[unit]}|' /usr/lib/systemd/system/${unit}.service >/etc/systemd/system/${unit}.service
    systemctl daemon-reload`,
  'a change of the unit in place': (unit) =>
    `sed -i.kept 's|^ExecStart=.*|ExecStart=${other[unit]}|' /usr/lib/systemd/system/${unit}.service; systemctl daemon-reload`,
  'systemctl edit': (unit) => `
    printf '#!/bin/sh\nprintf "[Service]\\\\nExecStart=\\\\nExecStart=${other[unit]}\\\\n" >"$1"\n' >/run/editor; chmod +x /run/editor
    EDITOR=/run/editor script -qec 'systemctl edit ${unit}' /dev/null >/dev/null`,
  'systemctl revert after a drop-in and a copy': (unit) => `
    ${dropIn('/etc/systemd/system', '90-load.conf')(unit)}
    cp /usr/lib/systemd/system/${unit}.service /etc/systemd/system/; systemctl daemon-reload; systemctl revert ${unit}`,
  'systemctl set-property': (unit) => `systemctl set-property ${unit} CPUWeight=50`,
  'systemctl disable': (unit) => `systemctl disable ${unit}`,
  'systemctl mask': (unit) => `systemctl mask ${unit}`,
  'systemctl mask --runtime': (unit) => `systemctl mask --runtime ${unit}`,
  'systemctl reenable': (unit) => `systemctl reenable ${unit}`,
};

/** Back to how the machine was: by hand, as each systemctl takes its time. */
const undo = (unit: string) => `
  for root in /etc /run /usr/local/lib; do
    rm -rf $root/systemd/system/${unit}.service $root/systemd/system/${unit}.service.d $root/systemd/system.control
  done
  rm -f /etc/systemd/system/timers.target.wants/${unit}.service
  ln -sf /lib/systemd/system/${unit}.service /etc/systemd/system/multi-user.target.wants/
  cd /usr/lib/systemd/system; [ ! -e ${unit}.service.kept ] || mv ${unit}.service.kept ${unit}.service
  systemctl daemon-reload`;

/** The unit as systemd has it, its files, and the command line of its daemon once that is restarted. */
const look = (unit: string) => `
  systemctl show ${unit}.service
  cat /usr/lib/systemd/system/${unit}.service
  for path in $(find /etc/systemd /run/systemd/system /usr/local/lib/systemd -path '*${unit}*' 2>/dev/null | sort); do
    stat -c '%N %a %U' $path; [ ! -f $path ] || cat $path
  done
  ${
    unit === 'anacron'
      ? ''
      : `systemctl reset-failed ${unit}; systemctl restart ${unit} 2>&1
        pid=$(systemctl show -p MainPID --value ${unit})
        # A simple service has started as soon as it is forked: what it is to execute comes a moment later.
        while case $(readlink /proc/$pid/exe) in */systemd | */systemd-executor) ;; *) false ;; esac; do :; done
        # Its program is there a moment before its words are.
        until [ ! -e /proc/$pid/exe ] || [ -n "$(tr -d '\\0' </proc/$pid/cmdline)" ]; do :; done
        [ $pid = 0 ] || { printf 'runs '; tr '\\0' ' ' </proc/$pid/cmdline; }`
  }`;

/** What differs from one start to the next. */
const volatile =
  /^\w*(?:Timestamp|PID|InvocationID|Memory|CPUUsage|NRestarts|TasksCurrent|ExecMain|SubState|ActiveState|Result|IPIngress|IPEgress|IORead|IOWrite|ControlGroup)\w*=/;

/** Less the image's additions, wherever a copy of them lies, and what has no order in order. */
const comparable = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => !volatile.test(line) && !/^EnvironmentFiles?=-?\/etc\/atomclock\//.test(line))
    .map((line) => line.replace(/ ; (?:ignore_errors|flags)=.*$/, '').replace(/ \$ATD_ARGS(?= |$)/, ''))
    .map((line) =>
      /^(?:After|Before|Requires|Wants|WantedBy|Conflicts|Names|TriggeredBy)=/.test(line)
        ? line.split(/[= ]/).sort().join(' ')
        : line,
    );

/** Every action in turn, with its exit code and what came of it; one command, as each has its price. */
async function outcomes(target: Target, unit: (typeof units)[number]): Promise<Map<string, string[]>> {
  const scripts = Object.entries(actions).map(
    ([name, action]) => `printf '\f%s\n' '${name}'; (set -e; ${action(unit)}
      ) 2>&1; echo "exit $?"; ${look(unit)}
      { ${undo(unit)}; } >/dev/null 2>&1`,
  );
  await target.writeFile(`/root/${unit}.sh`, scripts.join('\n'));
  const { stdout } = await target.exec(['sh', `/root/${unit}.sh`]);
  const parts = stdout.split('\f').slice(1);
  return new Map(
    parts.map((part) => {
      const [name = '', ...lines] = part.split('\n');
      return [name, comparable(lines.join('\n'))];
    }),
  );
}

describe.each(units)('%s.service', (unit) => {
  let found: Map<string, string[]>[];
  beforeAll(async () => {
    found = await Promise.all([ours, stock].map((target) => outcomes(target, unit)));
  });

  it.each(Object.keys(actions))('after %s is what it is on a stock Debian', (name) => {
    const [here, there] = found.map((one) => one.get(name));
    expect(here).toEqual(there);
    expect(there).toContain('exit 0');
  });
});

/** Units that the image does not start, and the one that it masks below everything else. */
const leftOut = [
  'systemd-sysctl.service',
  'systemd-modules-load.service',
  'systemd-remount-fs.service',
] as const;
const touching = (what: string) => `[Service]\nType=oneshot\nExecStart=/bin/touch /run/acted-${what}\n`;

/** What an attack writes so that it acts when the manager is loaded, or when somebody starts it; and what it touches then. */
const forms: Readonly<Record<string, { script: string; acts: string }>> = {
  ...Object.fromEntries(
    leftOut.flatMap((unit) => [
      [
        `a ${unit} of its own`,
        {
          script: `printf '${touching(unit)}' >/etc/systemd/system/${unit}; systemctl daemon-reload; systemctl start ${unit}`,
          acts: unit,
        },
      ],
      [
        `a ${unit} of its own for this boot`,
        {
          script: `rm /etc/systemd/system/${unit}; printf '${touching(`run-${unit}`)}' >/run/systemd/system/${unit}
            systemctl daemon-reload; systemctl stop ${unit}; systemctl start ${unit}; rm /run/systemd/system/${unit}`,
          acts: `run-${unit}`,
        },
      ],
    ]),
  ),
  'a drop-in of a unit that was not started': {
    script: `mkdir -p /etc/systemd/system/systemd-sysctl.service.d
      printf '[Unit]\nConditionPathIsReadWrite=\n[Service]\nExecStart=\nExecStart=/bin/touch /run/acted-dropin\n' >/etc/systemd/system/systemd-sysctl.service.d/x.conf
      systemctl daemon-reload; systemctl restart systemd-sysctl`,
    acts: 'dropin',
  },
  'a link among what sysinit.target wants': {
    script: `printf '${touching('wanted')}' >/etc/systemd/system/wanted.service; mkdir -p /etc/systemd/system/sysinit.target.wants
      ln -s ../wanted.service /etc/systemd/system/sysinit.target.wants/; systemctl daemon-reload
      systemctl show -p Wants --value sysinit.target | grep -qw wanted.service; systemctl start sysinit.target; systemctl start wanted`,
    acts: 'wanted',
  },
  'a generator of its own': {
    script: `mkdir -p /etc/systemd/system-generators
      printf '#!/bin/sh\nprintf "[Service]\\\\nType=oneshot\\\\nExecStart=/bin/touch /run/acted-generated\\\\n" >"$1/generated.service"\n' >/etc/systemd/system-generators/own
      chmod +x /etc/systemd/system-generators/own; systemctl daemon-reload; systemctl start generated`,
    acts: 'generated',
  },
  'a generator by the name of the distribution’s': {
    script: `cp /etc/systemd/system-generators/own /etc/systemd/system-generators/systemd-getty-generator
      sed -i 's/generated/getty-like/g' /etc/systemd/system-generators/systemd-getty-generator
      systemctl daemon-reload; systemctl start getty-like`,
    acts: 'getty-like',
  },
  'a script of System V': {
    script: `printf '#!/bin/sh\n### BEGIN INIT INFO\n# Provides: sysv-own\n# Default-Start: 2 3 4 5\n# Default-Stop:\n### END INIT INFO\ntouch /run/acted-sysv\n' >/etc/init.d/sysv-own
      chmod +x /etc/init.d/sysv-own; systemctl daemon-reload; systemctl start sysv-own`,
    acts: 'sysv',
  },
  'rc.local': {
    script: `printf '#!/bin/sh\ntouch /run/acted-rc\n' >/etc/rc.local; chmod +x /etc/rc.local
      systemctl daemon-reload; systemctl show -p Wants --value multi-user.target | grep -qw rc-local.service; systemctl start rc-local`,
    acts: 'rc',
  },
  'a line of fstab': {
    script: `echo 'tmpfs /mnt/own tmpfs noauto 0 0' >>/etc/fstab; systemctl daemon-reload
      [ "$(systemctl show -p LoadState --value mnt-own.mount)" = loaded ]; touch /run/acted-fstab`,
    acts: 'fstab',
  },
  'a mask that is taken away again': {
    script: `systemctl mask systemd-sysusers.service; ! systemctl start systemd-sysusers 2>/dev/null
      systemctl unmask systemd-sysusers; systemctl start systemd-sysusers; touch /run/acted-unmask`,
    acts: 'unmask',
  },
};

describe('what is not started with the machine is there all the same', () => {
  let said: string;
  beforeAll(async () => {
    const scripts = Object.values(forms).map(
      ({ script, acts }) => `(set -e; ${script}\n) 2>&1 && [ -e /run/acted-${acts} ] && echo "acted ${acts}"`,
    );
    await ours.writeFile('/root/forms.sh', scripts.join('\n'));
    said = (await ours.exec(['sh', '/root/forms.sh'])).stdout;
  });

  it.each(Object.keys(forms))('%s acts', (name) => {
    expect(said.split('\n')).toContain(`acted ${forms[name]?.acts}`);
  });

  it('nothing is masked where it would beat an attack', async () => {
    expect(await run(ours, 'find /etc/systemd /run/systemd/system -lname /dev/null')).toBe('');
  });
});
