// The inventory of a real target against independent truth: crontab -l, atq, systemctl, and the daemons' own refusals.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Snapshot, Target, Watch } from '../../harness/engine/ports.ts';
import type { EcsEvent } from '../../harness/model/event.ts';
import { emptyInventory, type Inventory, type Schedule } from '../../harness/model/inventory.ts';
import { takeInventory } from '../../harness/telemetry/inventory/index.ts';
import { startJournalSensor } from '../../harness/telemetry/journal/index.ts';
import { residueDescriptor } from '../../harness/telemetry/residue/descriptor.ts';
import { parseInventory } from '../unit/telemetry/inventory/script-dump.ts';
import { bootDebian12 } from './fixture.ts';
import { inventoryScript } from './inventory-script.ts';

/** Shell that makes one table; true for those that cron reads. */
const tables: Readonly<Record<string, readonly [script: string, isRead: boolean]>> = {
  stepnum: [`echo '5/15 * * * * root true' > $F`, false],
  names: [`echo '* * * jan-MAR Mon,fri root true' > $F`, true],
  longname: [`echo '* * * january * root true' > $F`, false],
  sixty: [`echo '60 * * * * root true' > $F`, false],
  stepzero: [`echo '*/0 * * * * root true' > $F`, false],
  stepbig: [`echo '*/90 * * * * root true' > $F`, true],
  seven: [`echo '0 0 * * 0-7 root true' > $F`, true],
  eight: [`echo '0 0 * * 8 root true' > $F`, false],
  dayzero: [`echo '0 0 0 * * root true' > $F`, false],
  nonewline: [`printf '* * * * * root true' > $F`, false],
  crlf: [`printf '* * * * * root true\\r\\n' > $F`, true],
  blanks: [`printf ' \\t*\\t*  * * *\\troot true\\n' > $F`, true],
  every: [`echo '@every_minute root true' > $F`, false],
  weekly: [`echo '@weekly root true' > $F`, true],
  upper: [`echo '@Weekly root true' > $F`, false],
  dash: [`echo '-* * * * * root true' > $F`, false],
  nouser: [`echo '* * * * * eve true' > $F`, false],
  nocommand: [`echo '* * * * * root' > $F`, false],
  fewfields: [`echo '* * * * root true' > $F`, false],
  emptylist: [`echo '1,,2 * * * * root true' > $F`, false],
  tilde: [`echo '0~30 * * * * root true' > $F`, true],
  settings: [`printf 'FOO=bar\\n "A B" = c\\n* * * * * root true\\n' > $F`, true],
  notsetting: [`printf 'FOO\\n* * * * * root true\\n' > $F`, false],
  groupwritable: [`echo '* * * * * root true' > $F; chmod 664 $F`, false],
  executable: [`echo '* * * * * root true' > $F; chmod 755 $F`, true],
  unreadable: [`echo '* * * * * root true' > $F; chmod 000 $F`, true],
  others: [`echo '* * * * * root true' > $F; chown alice $F`, false],
  hardlink: [`echo '* * * * * root true' > $F; ln $F /etc/second`, false],
  link: [`echo '* * * * * root true' > /etc/third; ln -s /etc/third $F`, true],
  linkothers: [
    `echo '* * * * * root true' > /etc/fourth; chown alice /etc/fourth; ln -s /etc/fourth $F`,
    false,
  ],
};

/** Everything that can lie where schedulers look, by path. */
const formFiles: Readonly<Record<string, string>> = {
  '/etc/cron.d/form-dangling': 'ln -s /nowhere $F',
  '/etc/cron.d/form-pipe': 'mkfifo $F',
  '/etc/cron.d/form-device': 'mknod $F c 1 3',
  '/etc/cron.d/form-large': 'head -c 70000 /dev/zero > $F',
  '/etc/cron.d/form-to-large': 'ln -s form-large $F',
  '/etc/cron.d/form-edge': 'head -c 65536 /dev/zero | tr "\\0" x > $F',
  '/etc/cron.d/form-nul': `printf 'a\\0b' > $F`,
  '/etc/cron.d/form-bytes': `printf '\\377' > $F`,
  '/etc/cron.d/form-empty': ': > $F',
  '/etc/cron.d/form\nbreak': 'echo x > "$F"',
  '/etc/cron.d/.form-hidden': 'echo x > $F; chmod 4755 $F; chown bob $F',
  '/etc/systemd/system/sub/deep/form': 'mkdir -p /etc/systemd/system/sub/deep; echo 1 > $F',
  '/etc/systemd/system/form.service.d': 'ln -s /opt/forms.d $F',
  '/etc/systemd/system/form.service.d/link.conf': 'ln -s /opt/elsewhere /opt/forms.d/link.conf',
  '/etc/systemd/system/form@.timer': 'ln -s /etc/systemd/system/yearly.timer $F',
  '/etc/systemd/system/form-dead.timer': 'ln -s /nowhere.timer $F',
  '/var/spool/cron/crontabs/alice-form': 'echo x > $F',
  '/usr/lib/systemd/system/dbus.service': 'echo "# form" >> $F',
};
const forms = [
  'mkdir /opt/forms.d /opt/own.d; echo > /opt/own.d/own.conf; echo "[Service]" > /opt/elsewhere; cp /opt/elsewhere /opt/forms.d/plain.conf',
  'cp -r /var/spool/cron/crontabs /opt/tabs; mv /var/spool/cron/crontabs /opt/before; ln -s /opt/tabs /var/spool/cron/crontabs',
  ...Object.entries(formFiles).map(
    ([path, script]) => `F=$(printf '${path.replaceAll('\n', '\\n')}'); ${script}`,
  ),
].join('\n');

/** Without what another moment gives: times that count from a look, and how long ago a daemon was started. */
const untimed = ({ schedules, zones = [], ...rest }: Inventory) => ({
  ...rest,
  takenAt: '',
  schedules: schedules.map((one) => ({ ...one, nextRun: one.nextRun === undefined })),
  zones: zones.map((zone) => ({ ...zone, daemon: zone.daemon?.pid })),
});

/** How far the times of two inventories differ at most, in milliseconds. */
function apart(a: Inventory, b: Inventory): number {
  const times = ({ schedules }: Inventory) =>
    schedules.flatMap(({ nextRun }) => nextRun ?? []).map(Date.parse);
  const others = times(b);
  return Math.max(...times(a).map((time, index) => Math.abs(time - (others[index] ?? Number.NaN))));
}

/** The files are asked about, not the schedules. */
const nothingTaken = { before: emptyInventory, scheduled: emptyInventory, after: emptyInventory };

/** Cron says so when it has started again and has looked at every table. */
const cronHasRead = `until journalctl -q -u cron | grep -q 'Skipping @reboot'; do :; done`;

describe('a target full of schedules', () => {
  const events: EcsEvent[] = [];
  const journal = startJournalSensor();
  let residue: Snapshot;
  let target: Target;
  let watch: Watch;
  let inventory: Inventory;
  beforeAll(async () => {
    target = await bootDebian12({ userManagers: ['alice'] });
    watch = await journal.watch(target, (event) => events.push(event));
    residue = await residueDescriptor.start().begin(target);
    const makeTables = Object.entries(tables).map(([name, [script]]) => `F=/etc/cron.d/${name}; ${script}`);
    await run(makeTables.join('\n'));
    await run(`systemctl restart cron; ${cronHasRead}`);
    await run(
      'echo "/usr/bin/id" | at now + 2 hours; printf "%s\\n" "*/7 * * * * /bin/true one" "@reboot /bin/true two" | crontab -',
      'alice',
    );
    await run('systemd-run --user --on-active=3h --unit=mine /bin/true three', 'alice');
    await run(`cd /etc/systemd/system
      printf '[Timer]\\nOnCalendar=*-01-01 04:05:06\\n[Install]\\nWantedBy=timers.target\\n' > yearly.timer
      printf '[Service]\\nType=oneshot\\nUser=bob\\nExecStart=/bin/true four\\nExecStart=/bin/true five\\n' > yearly.service
      cp yearly.timer idle.timer; cp yearly.service idle.service
      systemctl daemon-reload; systemctl start yearly.timer; systemd-run --on-active=1h --unit=soon /bin/true six`);
    inventory = await takeInventory(target);
    await watch.barrier();
  });
  afterAll(async () => {
    await journal[Symbol.asyncDispose]();
    await target[Symbol.asyncDispose]();
  });
  const run = async (script: string, user = 'root'): Promise<string> => {
    const env = { XDG_RUNTIME_DIR: '/run/user/1000' };
    const { stdout } = await target.exec(['bash', '-c', script], user === 'root' ? {} : { user, env });
    return stdout.trim();
  };
  const schedule = (id: string): Schedule | undefined => inventory.schedules.find((one) => one.id === id);

  it.each(Object.entries(tables))('cron.d/%s is inert exactly when cron refuses it', (name, [, isRead]) => {
    const path = `/etc/cron.d/${name}`;
    const entries = inventory.schedules.filter(({ file }) => file === path);
    expect(entries.length).toBeGreaterThan(0);
    const refused = events.some(
      ({ event, atomclock }) =>
        event.outcome === 'failure' && (atomclock.job as { file?: string } | undefined)?.file === path,
    );
    expect(refused).toBe(!isRead);
    expect(entries.every(({ inert }) => inert !== undefined)).toBe(refused);
  });

  it('lists the at queue as atq does', async () => {
    const [number = '', ...rest] = (await run('atq')).split(/\s+/);
    expect(schedule(`at:${number}`)).toMatchObject({ kind: 'at', user: 'alice', command: '/usr/bin/id' });
    expect(rest.at(-1)).toBe('alice');
    const due = Date.parse(`${rest.slice(0, 5).join(' ')} UTC`);
    expect(Date.parse(schedule(`at:${number}`)?.nextRun ?? '')).toBe(due);
  });

  it('lists a user’s table as crontab -l does', async () => {
    const lines = (await run('crontab -l', 'alice')).split('\n').filter((line) => !line.startsWith('#'));
    const entries = inventory.schedules.filter(({ kind, user }) => kind === 'crontab' && user === 'alice');
    expect(entries.map(({ when, command }) => `${when} ${command}`).sort()).toEqual(lines.sort());
  });

  it('lists active timers as systemctl does, to the second', async () => {
    interface Listed {
      unit: string;
      activates: string;
      next: number;
    }
    const listed = JSON.parse(await run('systemctl list-timers --output=json')) as Listed[];
    const active = inventory.schedules.filter(({ kind, unit }) => kind === 'timer' && unit?.active);
    expect(active.map(({ unit }) => `${unit?.timer} ${unit?.activates}`).sort()).toEqual(
      listed.map(({ unit, activates }) => `${unit} ${activates}`).sort(),
    );
    const yearly = listed.find(({ unit }) => unit === 'yearly.timer');
    const next = Date.parse(schedule('timer:yearly.timer')?.nextRun ?? '');
    expect(Math.abs(next - (yearly?.next ?? 0) / 1000)).toBeLessThan(1000);
  });

  it('knows what timers would run, as whom', () => {
    expect(schedule('timer:yearly.timer')).toMatchObject({
      user: 'bob',
      when: 'OnCalendar=*-01-01 04:05:06',
    });
    expect(schedule('timer:yearly.timer')?.command).toContain('/bin/true four');
    expect(schedule('timer:soon.timer')).toMatchObject({
      command: '/bin/true six',
      unit: { transient: true },
    });
    expect(schedule('timer:idle.timer')?.inert).toMatch(/inactive/);
    expect(schedule('user-timer:alice:mine.timer')).toMatchObject({
      user: 'alice',
      command: '/bin/true three',
    });
  });

  it('lists an idle timer that has come to the folder of packages since the machine was made', async () => {
    const idle = async () => {
      const { schedules } = await takeInventory(target);
      return schedules.find(({ id }) => id === 'timer:brought.timer');
    };
    expect(await idle()).toBeUndefined();
    await run(`cd /usr/lib/systemd/system || exit
      printf '[Service]\\nExecStart=/bin/true\\n' > brought.service
      printf '[Timer]\\nOnCalendar=daily\\n' > brought.timer
      systemctl daemon-reload`);
    const found = await idle();
    await run('rm /usr/lib/systemd/system/brought.*; systemctl daemon-reload');
    expect(found).toMatchObject({ command: '/bin/true', unit: { active: false } });
    expect(found?.inert).toBe('brought.timer is inactive (dead) and not enabled');
  });

  it('waits for the start of a timer that is queued', async () => {
    const made = ['slow.service', 'late.service', 'late.timer'];
    await run(`cd /run/systemd/system || exit
      printf '[Service]\\nType=oneshot\\nExecStart=/bin/sleep 2\\n' | tee slow.service > late.service
      printf '[Unit]\\nAfter=slow.service\\n[Timer]\\nOnActiveSec=1h\\n' > late.timer
      systemctl daemon-reload; systemctl start --no-block slow.service late.timer`);
    const { schedules } = await takeInventory(target);
    await run(`systemctl stop ${made.join(' ')}; cd /run/systemd/system && rm ${made.join(' ')}`);
    const late = schedules.find(({ id }) => id === 'timer:late.timer');
    expect(late).toMatchObject({ unit: { active: true }, nextRun: expect.any(String) });
    expect(late?.inert).toBeUndefined();
  });

  it('has the files that decide about schedules, with content', () => {
    const content = (path: string) => inventory.files.find((file) => file.path === path)?.content;
    expect(content('/etc/systemd/system/yearly.timer')).toContain('04:05:06');
    expect(content('/var/spool/cron/crontabs/alice')).toContain('@reboot');
    expect(content('/var/lib/systemd/linger/alice')).toBe('');
    expect(inventory.problems).toEqual([]);
  });

  it('finds residue elsewhere, and no noise', async () => {
    const before = (await residue.compare(nothingTaken)).left;
    // What the tables above left besides themselves.
    expect(before.map((line) => line.split(' ')[2])).toEqual(['/etc/fourth', '/etc/second', '/etc/third']);
    await run('echo x > /tmp/evil.sh; rm /etc/motd; echo x >> /etc/profile; touch ~alice/.hidden');
    const after = (await residue.compare(nothingTaken)).left;
    expect(after.filter((line) => !before.includes(line))).toEqual([
      'file removed: /etc/motd',
      expect.stringMatching(/^file changed: \/etc\/profile /),
      'file added: /home/alice/.hidden (0644 root, 0 bytes)',
      'file added: /tmp/evil.sh (0644 root, 2 bytes)',
    ]);
  });

  // The last: what it makes is no schedule of the others'.
  it('is what the target’s own find, tar and stat give, to the last field', async () => {
    await run(forms);
    await run(
      'mkdir -p ~/.config/systemd/user; cd ~/.config/systemd/user; ln -s /opt/own.d x.service.d',
      'alice',
    );
    const earlier = inventory;
    const seen = await takeInventory(target, earlier);
    const { stdout } = await target.exec(['sh', '-c', inventoryScript], { env: { LC_ALL: 'C', TZ: 'UTC' } });
    const told = parseInventory(stdout, earlier);
    expect(seen.files.length).toBeGreaterThan(60);
    expect(untimed(seen)).toEqual(untimed(told));
    expect(apart(seen, told)).toBeLessThan(30_000);
    for (const path of Object.keys(formFiles)) expect(seen.files.map((file) => file.path)).toContain(path);
  });
});
