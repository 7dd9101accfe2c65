// What happens to files, held against what stat(2) says in the target: whatever way a path is written, the event
// has the canonical one.

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, startLab, tell, told, type Watched } from './sensor-fixture.ts';

const script = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');

let lab: Lab;
let one: Watched;
beforeAll(async () => {
  lab = await startLab();
  one = await lab.watched();
  await one.target.writeFile('/srv/files.pl', script('sensor-files.pl'));
  await one.target.writeFile('/srv/dirfd.pl', script('sensor-dirfd.pl'));
  await one.run([
    'sh',
    '-c',
    'mkdir -p /srv/real/deep /srv/other; cd /srv; ln -s real link; ln -s /srv/link/deep/.. chain',
  ]);
});
afterAll(async () => {
  await one?.[Symbol.asyncDispose]();
  await lab?.[Symbol.asyncDispose]();
});

const everything = (folder: string): string[] => [
  `creation ${folder}/a`,
  `close ${folder}/a`,
  `open ${folder}/a`,
  `modification ${folder}/a`,
  `close ${folder}/a`,
  `open ${folder}/a`,
  `open ${folder}/a`,
  `modification ${folder}/a`,
  `close ${folder}/a`,
  `modification ${folder}/a`,
  `permissions ${folder}/a`,
  `ownership ${folder}/a`,
  `rename ${folder}/b < ${folder}/a`,
  `creation ${folder}/c -> ${folder}/b`,
  `creation ${folder}/s -> b`,
  `creation ${folder}/d`,
  `deletion ${folder}/d`,
  `creation ${folder}/p`,
  `deletion ${folder}/b`,
  `deletion ${folder}/c`,
  `deletion ${folder}/s`,
  `deletion ${folder}/p`,
];

describe('every operation on a file', () => {
  const ways: [string, string, string[], string][] = [
    ['an absolute path', '/srv/real/', [], '/srv/real'],
    ['a relative path', '', ['/srv/real'], '/srv/real'],
    ['a path below the working directory', 'real/', ['/srv'], '/srv/real'],
    ['dots and doubled slashes', '/srv/.//real/deep/../', [], '/srv/real'],
    ['`..` from the working directory', '../../real/', ['/srv/real/deep'], '/srv/real'],
    ['a symbolic link as parent', '/srv/link/', [], '/srv/real'],
    ['a chain of links', '/srv/chain/', [], '/srv/real'],
    ['a link of the distribution', '/var/run/', [], '/run'],
    ['a working directory entered through a link', '', ['/srv/chain'], '/srv/real'],
    ['a change of root', '/', ['/', '/srv/real'], '/srv/real'],
    ['`..` above a changed root', '/../../', ['/', '/srv/real'], '/srv/real'],
    ['/proc/self/cwd', '/proc/self/cwd/', ['/srv/real'], '/srv/real'],
    ["another process's root", '/proc/1/root/srv/real/', [], '/srv/real'],
    ['a tmpfs', '/dev/shm/', [], '/dev/shm'],
  ];
  it.each(ways)('by %s', async (_, prefix, rest, folder) => {
    const { stdout, events } = await one.run(['perl', '/srv/files.pl', prefix, ...rest]);
    const perl = events.filter(({ process }) => process?.name === 'perl');
    expect(told(perl, folder)).toEqual(everything(folder));
    for (const line of stdout.trim().split('\n')) {
      const [name, inode, mode, uid, type] = line.split(' ');
      const made = perl.find(
        ({ file, event }) => file?.path === `${folder}/${name}` && /creation|rename/.test(event.action),
      );
      expect(made?.file).toMatchObject({ inode, mode, uid, type });
    }
    expect(perl.every(({ event }) => event.outcome === 'success')).toBe(true);
  });

  it('by descriptors of directories, and an exchange of two names', async () => {
    const { events } = await one.run(['perl', '/srv/dirfd.pl', '/srv/link', '/srv/other']);
    expect(told(events, '/srv').filter((line) => !line.includes('.pl'))).toEqual([
      'creation /srv/real/a',
      'close /srv/real/a',
      'permissions /srv/real/a',
      'ownership /srv/real/a',
      'rename /srv/other/b < /srv/real/a',
      'creation /srv/real/c -> /srv/other/b',
      'creation /srv/real/s -> b',
      'creation /srv/other/k',
      'rename /srv/other/b < /srv/real/c',
      'rename /srv/real/c < /srv/other/b',
      'deletion /srv/other/k',
      'deletion /srv/other/b',
      'deletion /srv/real/c',
      'deletion /srv/real/s',
    ]);
  });
});

describe('a change of mode or owner', () => {
  it('is told with what both were before, by name, by descriptor and through a link', async () => {
    await one.run(['sh', '-c', 'cd /srv/real; touch m; chmod 640 m; chown 1000:1000 m; ln -s m l']);
    const changes = `
      chmod 0755, "/srv/link/m"; open($f, "<", "/srv/real/m"); chmod 0600, $f; chown 0, 0, "/srv/real/l";
      chown 1001, -1, $f; chmod 0600, $f;`;
    const { events } = await one.run(['perl', '-e', changes]);
    const perl = events.filter(({ process }) => process?.name === 'perl');
    const standings = perl.flatMap(({ event, file }) => {
      if (file?.path !== '/srv/real/m') return [];
      const { mode, uid, gid } = file.Ext?.original ?? {};
      return [`${event.action}: ${mode} ${uid}:${gid}, then ${file.mode} ${file.uid}:${file.gid}`];
    });
    expect(standings).toEqual([
      'permissions: 0640 1000:1000, then 0755 1000:1000',
      'permissions: 0755 1000:1000, then 0600 1000:1000',
      'ownership: 0600 1000:1000, then 0600 0:0',
      'ownership: 0600 0:0, then 0600 1001:0',
      'permissions: 0600 1001:0, then 0600 1001:0',
    ]);
  });

  it('is told without it where it was refused', async () => {
    const { events } = await one.run(['sh', '-c', 'chmod 777 /srv/real || true'], { user: 'alice' });
    const refused = events.filter(({ event }) => event.action === 'permissions-attempt');
    expect(refused.map(({ file }) => [file?.path, file?.Ext?.original])).toEqual([['/srv/real', undefined]]);
  });
});

describe('what was refused', () => {
  it('is told apart from what was done, with its reason and the canonical path', async () => {
    await one.run(['sh', '-c', 'cd /srv/real; echo x > mine; mkdir kept; mkfifo pipe; chmod 644 mine']);
    const attempts = `
      use Fcntl; use POSIX (); $p = "/srv/link/";
      sysopen($f, "\${p}new", O_WRONLY|O_CREAT); open($f, ">>", "\${p}mine"); rename "\${p}mine", "\${p}theirs";
      unlink "\${p}mine"; mkdir "\${p}dir"; rmdir "\${p}kept"; symlink "x", "\${p}sym"; chmod 0777, "\${p}mine";
      chown 1000, 1000, "\${p}mine"; truncate "\${p}mine", 0; POSIX::mkfifo("\${p}fifo", 0600);
      sysopen($f, "\${p}none/x", O_WRONLY|O_CREAT); rmdir "\${p}none";`;
    const { events } = await one.run(['perl', '-e', attempts], { user: 'alice' });
    const perl = events.filter(({ process }) => process?.name === 'perl' && process.user?.name === 'alice');
    expect(told(perl, '/srv/real')).toEqual([
      'creation-attempt /srv/real/new (EACCES)',
      'open-attempt /srv/real/mine (EACCES)',
      'rename-attempt /srv/real/theirs < /srv/real/mine (EACCES)',
      'deletion-attempt /srv/real/mine (EACCES)',
      'creation-attempt /srv/real/dir (EACCES)',
      'deletion-attempt /srv/real/kept (EACCES)',
      'creation-attempt /srv/real/sym -> x (EACCES)',
      'permissions-attempt /srv/real/mine (EPERM)',
      'ownership-attempt /srv/real/mine (EPERM)',
      'modification-attempt /srv/real/mine (EACCES)',
      'creation-attempt /srv/real/fifo (EACCES)',
      'creation-attempt /srv/real/none/x (ENOENT)',
      'deletion-attempt /srv/real/none (ENOENT)',
    ]);
    const types = new Set(events.filter(({ error }) => error).flatMap(({ event }) => event.type));
    expect([...types]).toEqual(['info']);
  });
});

describe('a change is told with the first write, and again when its file is closed', () => {
  const change = async (perl: string): Promise<string[]> => {
    const { events } = await one.run(['perl', '-e', `use Fcntl; use POSIX (); ${perl}`]);
    return told(events, '/srv/real').filter((line) => /modification|close/.test(line));
  };
  beforeAll(() =>
    one.run(['sh', '-c', 'cd /srv/real; echo content > kept.txt; echo x > twin']).then(() => {}),
  );

  const ways: [string, string][] = [
    ['by close', 'open $f, ">>", "/srv/real/kept.txt"; syswrite $f, "x"; close $f'],
    ['by the end of the process', 'open $f, ">>", "/srv/real/kept.txt"; syswrite $f, "x"; POSIX::_exit(0)'],
    [
      'by a signal that kills',
      'if (!fork) { open $f, ">>", "/srv/real/kept.txt"; syswrite $f, "x"; kill 9, $$ } wait',
    ],
    ['by exec', 'open $f, ">>", "/srv/real/kept.txt"; syswrite $f, "x"; exec "true"'],
    [
      'by another descriptor taking its place',
      'open $f, ">>", "/srv/real/kept.txt"; syswrite $f, "x"; POSIX::dup2(2, fileno $f); sleep 0',
    ],
    [
      'by truncation at open',
      'open $f, ">", "/srv/real/kept.txt"; close $f; open $f, ">>", "/srv/real/kept.txt"',
    ],
    [
      'in place, same size, right after it was made',
      'open $f, "+<", "/srv/real/kept.txt"; syswrite $f, "y"; close $f',
    ],
  ];
  it.each(ways)('%s', async (_, perl) => {
    expect(await change(perl)).toEqual(['modification /srv/real/kept.txt', 'close /srv/real/kept.txt']);
  });

  it('when a hole is punched into it, in the moment in which it was written', async () => {
    const perl = `use POSIX; my $x86 = (POSIX::uname())[4] eq "x86_64";
      for (1, 2) { open my $f, "+<", "/srv/real/kept.txt"; syswrite $f, "x" if $_ == 1;
        syscall($x86 ? 285 : 47, fileno $f, 3, 0, 1) == 0 or die $! if $_ == 2 }`;
    expect(await change(perl)).toEqual(
      Array(2).fill(['modification /srv/real/kept.txt', 'close /srv/real/kept.txt']).flat(),
    );
  });

  it('when it is emptied by an open for reading', async () => {
    expect(await change('sysopen $f, "/srv/real/kept.txt", O_RDONLY|O_TRUNC or die $!')).toEqual([
      'modification /srv/real/kept.txt',
    ]);
    expect((await one.run(['stat', '-c', '%s', '/srv/real/kept.txt'])).stdout).toBe('0\n');
  });

  it('not by a mapping that was refused', async () => {
    const perl = `use POSIX; my $x86 = (POSIX::uname())[4] eq "x86_64"; open my $f, ">>", "/srv/real/kept.txt";
      syscall($x86 ? 9 : 222, 0, 4096, 3, 1, fileno $f, 0) == -1 or die; close $f`;
    expect(await change(perl)).toEqual([]);
  });

  it('even if it is never closed', async () => {
    const perl = 'open $f, ">>", "/srv/real/kept.txt"; syswrite $f, "x"; mkdir "/srv/real/written"; sleep 60';
    const until = 'while [ ! -d /srv/real/written ]; do :; done';
    await one.run(['sh', '-c', `perl -e '${perl}' > /dev/null 2>&1 & ${until}`]);
    const last = one.events.findLast(({ file }) => file?.path === '/srv/real/kept.txt');
    expect(last && tell(last)).toBe('modification /srv/real/kept.txt');
    await one.run(['pkill', 'perl']);
  });

  it('through a shared mapping, which makes no call', async () => {
    const perl = `use POSIX; my $x86 = (POSIX::uname())[4] eq "x86_64";
      open my $f, "+<", "/srv/real/mapped"; my $at = syscall($x86 ? 9 : 222, 0, 4096, 3, 1, fileno $f, 0);
      my $text = "changed"; open my $zero, "<", "/srv/real/source"; syscall($x86 ? 0 : 63, fileno $zero, $at, 7); close $f`;
    await one.run(['sh', '-c', 'cd /srv/real; echo original > mapped; echo changed > source']);
    expect(await change(perl)).toEqual(['modification /srv/real/mapped', 'close /srv/real/mapped']);
    expect((await one.run(['cat', '/srv/real/mapped'])).stdout).toBe('changedl\n');
  });

  it('and not when nothing was written', async () => {
    expect(await change('open $f, ">>", "/srv/real/kept.txt"; close $f')).toEqual([]);
  });

  it('once for what a child writes through an inherited descriptor, by the child', async () => {
    const { events } = await one.run(['sh', '-c', 'cat /etc/hostname > /srv/real/by-cat']);
    const ended = events.filter(({ file, event }) => file?.name === 'by-cat' && event.action === 'close');
    expect(ended.map(({ process }) => process?.name)).toEqual(['cat']);
  });
});

describe('names that are hard to write', () => {
  it('come through byte for byte', async () => {
    const names = ['ünïcödé', 'a"b\\c', 'tab\there', 'line\nbreak', 'x'.repeat(255), '\u{1f552} clock', ' '];
    await one.target.exec(['mkdir', '/srv/real/names']);
    const { events } = await one.run(['touch', '--', ...names.map((name) => `/srv/real/names/${name}`)]);
    const made = events.filter(
      ({ event, process }) => event.action === 'creation' && process?.name === 'touch',
    );
    expect(made.map(({ file }) => file?.name)).toEqual(names);
  });

  it('keep bytes that are not UTF-8 apart from letters that are', async () => {
    const { events } = await one.run([
      'perl',
      '-e',
      'open $f, ">", "/srv/real/\\xe9"; open $f, ">", "/srv/real/\\xc3\\xa9"',
    ]);
    const made = events.filter(
      ({ event, process }) => event.action === 'creation' && process?.name === 'perl',
    );
    expect(made.map(({ file }) => file?.name)).toEqual(['\udce9', 'é']);
  });

  it('may be as deep as the kernel allows', async () => {
    const perl =
      'chdir "/srv/real"; for (1..60) { mkdir "d" x 60; chdir "d" x 60 } open $f, ">", "end"; rename "end", "last"';
    const { events } = await one.run(['perl', '-e', perl]);
    const last = events.findLast(({ event }) => event.action === 'rename');
    expect(last && tell(last)).toBe(
      `rename /srv/real/${`${'d'.repeat(60)}/`.repeat(60)}last < /srv/real/${`${'d'.repeat(60)}/`.repeat(60)}end`,
    );
  });
});
