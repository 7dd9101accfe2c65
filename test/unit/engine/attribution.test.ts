import { beforeEach, describe, expect, it } from 'vitest';
import { Attribution, type Launch } from '../../../harness/engine/proof/attribution.ts';
import { endOf, findProof } from '../../../harness/engine/proof/observe.ts';
import type { EcsEvent, ProcessFields } from '../../../harness/model/event.ts';
import type { Schedule } from '../../../harness/model/inventory.ts';
import { event, exec, exit, file, fork, outside, process, resetClock, running } from './events.ts';
import { atd, attackArgs, attributed, cron, foreign, marker, ours, pid1, stepShell, story } from './story.ts';

beforeEach(resetClock);

const shell = stepShell(attackArgs, 200, 'alice');

/** What `findProof` is told: nothing was scheduled before. */
const later = (...schedules: Schedule[]) => ({ before: [], after: schedules });

const timer = (over: Partial<Schedule> = {}): Schedule => ({
  kind: 'timer',
  id: 'timer:x.timer',
  user: 'root',
  when: 'OnCalendar=minutely',
  command: '/bin/touch /tmp/x',
  file: '/etc/systemd/system/x.timer',
  unit: { timer: 'x.timer', activates: 'x.service', active: true, transient: false },
  ...over,
});

describe('what the agent in the target runs', () => {
  const shim = outside;
  const agentPath = '/usr/lib/atomclock/agent';
  const agent = process({ pid: 9, executable: agentPath, args: [agentPath], parent: shim });
  const child = (pid: number, executable: string, args: string[], parent: ProcessFields = agent) =>
    process({ pid, executable, args, parent });
  const fresh = (pid: number) => child(pid, agentPath, [agentPath]);
  const step = child(80, '/bin/dash', attackArgs);
  const touch = child(81, '/usr/bin/touch', ['touch', '/x'], step);
  const look = child(70, '/bin/dash', ['sh', '-c', 'find /etc']);
  const find = child(71, '/usr/bin/find', ['find', '/etc'], look);

  it.each([
    { when: 'as it is recorded', seen: [running(agent)] },
    { when: 'as it is judged, without what is the harness’s', seen: [] },
    { when: 'by a fresh agent', seen: [exec(agent)] },
  ])('is the step with its arguments, and else the harness’s: $when', ({ seen }) => {
    const [forked, looked, found, began, touched] = [
      fork(fresh(70)),
      exec(look),
      exec(find),
      exec(step),
      exec(touch),
    ];
    const attribution = attributed([...seen, forked, looked, found, fork(fresh(80)), began, touched]);
    expect([...seen, forked, looked, found].map((one) => attribution.ownerOf(one))).toEqual([
      ...seen.map(() => 'harness'),
      'harness',
      'harness',
      'harness',
    ]);
    expect([began, touched].map((one) => attribution.ownerOf(one))).toEqual(['attack', 'attack']);
    expect(attribution.rootOf('attack')).toBe(began);
  });

  it('does not count the fork of a step, which no machine without the harness shows', () => {
    const forked = fork(fresh(80));
    const attribution = attributed([running(agent), forked, exec(step)]);
    expect(attribution.ownerOf(forked)).toBe('harness');
  });

  it('is not what a step starts by the agent’s name', () => {
    const own = process({ pid: 90, executable: agentPath, args: [agentPath], parent: step });
    const deed = child(91, '/bin/dash', ['/bin/sh', '-c', 'later'], own);
    const began = exec(deed);
    const attribution = new Attribution([ours]);
    attribution.expectStep('attack', attackArgs);
    attribution.expectStep('cleanup', ['/bin/sh', '-c', 'later']);
    for (const one of [
      running(agent),
      exec(step),
      exec(own),
      fork(process({ pid: 91, executable: agentPath, parent: own })),
      began,
    ])
      attribution.push(one);
    expect(attribution.ownerOf(began)).toBe('attack');
    expect(attribution.rootOf('cleanup')).toBeUndefined();
  });
});

describe('an at job', () => {
  const at = process({ pid: 201, executable: '/usr/bin/at', args: ['at', 'now'], parent: shell });
  const child = process({ pid: 261, executable: '/usr/sbin/atd', parent: atd });
  const job = process({ pid: 262, executable: '/usr/sbin/atd', parent: child });
  const jobShell = process({ pid: 262, executable: '/bin/dash', args: ['sh'], user: 'alice', parent: child });
  const payload = process({
    pid: 264,
    executable: '/usr/bin/touch',
    args: marker,
    user: 'alice',
    parent: jobShell,
  });
  const spool = '/var/spool/cron/atjobs/a0000101c890e9';
  const submitted = () =>
    story({
      daemons: [atd],
      shell,
      after: () => [
        fork(at),
        exec(at),
        file('creation', spool, at),
        fork(child),
        file('deletion', spool, child),
        fork(job),
        exec(jobShell),
        exec(payload),
        exit(payload),
        exit(jobShell, 3),
      ],
    });

  it('is proven by its nonce, with the lineage from the payload up to atd', () => {
    const proof = findProof(attributed(submitted()), ours, later());
    expect(proof).toMatchObject({
      executable: '/usr/bin/touch',
      user: 'alice',
      scheduler: 'atd',
      by: 'nonce',
      latencyMs: 8,
      exitCode: 3,
    });
    expect(proof?.lineage).toEqual([
      '/usr/bin/touch',
      '/bin/dash',
      '/usr/sbin/atd',
      '/usr/sbin/atd',
      '/usr/lib/systemd/systemd',
      '/usr/sbin/runc',
    ]);
  });

  it('is proven by the spool file that atd took, where the payload is not ours', () => {
    const proof = findProof(attributed(submitted(), foreign), foreign, later());
    expect(proof).toMatchObject({ by: 'file', executable: '/bin/dash', exitCode: 3 });
  });

  it("takes in the job's earlier events once it is known", () => {
    const events = submitted();
    const attribution = attributed(events, foreign);
    expect(events.map((one) => attribution.ownerOf(one))).toEqual([
      'background',
      'background',
      ...events.slice(2).map(() => 'attack'),
    ]);
  });
});

describe('a daemon of at that somebody starts by hand', () => {
  const byHand = (shell: ProcessFields) =>
    process({ pid: 300, executable: '/usr/sbin/atd', args: ['/usr/sbin/atd'], parent: shell });
  const goesOn = (parent: ProcessFields, pid: number) =>
    process({ pid, executable: '/usr/sbin/atd', args: ['/usr/sbin/atd'], parent });

  it.each([
    ['goes to the background', true, 302],
    ['stays, as a service does', false, 301],
  ])('%s: a job begins with the process that it starts for it', (_, isLeft, root) => {
    const launched = attributed(
      story({
        daemons: [],
        after: (shell) => {
          const started = byHand(shell);
          const first = goesOn(started, 301);
          const second = goesOn(first, 302);
          const job = process({ pid: 303, executable: marker[0] as string, args: marker, parent: second });
          return [
            exec(started),
            fork(first),
            ...(isLeft ? [exit(started)] : []),
            fork(second),
            fork(job),
            exec(job),
          ];
        },
      }),
    ).launches;
    expect(launched.map(({ job }) => job.root.pid)).toEqual([root]);
  });
});

describe('anacron that was told of another table', () => {
  it.each<[string, string[], string[]]>([
    ['in a word of its own', ['-d', '-q', '-s', '-n', '-t', '/var/lib/misc/tab'], ['file']],
    ['behind other options', ['-snt', 'tab', '-S', '/var/lib/misc/spool'], ['file']],
    ['in one word', ['-t/var/lib/misc/tab'], ['file']],
    ['that is not the one of the attack', ['-t', '/srv/tab'], []],
    ['and reads its own', ['-d', '-q', '-s'], []],
  ])('%s', (_, options, by) => {
    const anacron = {
      ...process({
        pid: 300,
        executable: '/usr/sbin/anacron',
        args: ['/usr/sbin/anacron', ...options],
        parent: pid1,
      }),
      working_directory: '/var/lib/misc',
    };
    const child = process({
      pid: 301,
      executable: '/usr/sbin/anacron',
      args: ['/usr/sbin/anacron', ...options],
      parent: anacron,
    });
    const job = process({
      pid: 301,
      executable: '/bin/dash',
      args: ['/bin/sh', '-c', '/usr/bin/touch /srv/ev'],
      parent: anacron,
    });
    const started = exec(anacron);
    const attribution = attributed(
      story({
        daemons: [],
        after: (attacker) => [
          file('creation', '/var/lib/misc/tab', attacker),
          started,
          fork(child),
          exec(job),
        ],
      }),
      foreign,
    );
    expect(attribution.launches.map((launch) => launch.by)).toEqual(by);
    expect(attribution.ownerOf(started)).toBe(by.length > 0 ? 'attack' : 'background');
  });
});

describe('a cron job', () => {
  const child = process({ pid: 454, executable: '/usr/sbin/cron', parent: cron });
  const grandchild = process({ pid: 455, executable: '/usr/sbin/cron', parent: child });
  const job = (command: string) =>
    process({ pid: 455, executable: '/bin/dash', args: ['/bin/sh', '-c', command], parent: child });
  const entry = (command: string): Schedule => ({
    kind: 'crontab',
    id: 'crontab:root:1',
    user: 'root',
    when: '* * * * *',
    command,
    file: '/var/spool/cron/crontabs/root',
  });

  it('is recognised by the command of the new entry, also when that is read after the launch', () => {
    const attribution = attributed(
      [exec(shell), fork(child), fork(grandchild), exec(job('/tmp/evil.sh')), exit(job('/tmp/evil.sh'), 127)],
      foreign,
    );
    expect(findProof(attribution, foreign, later())).toBeNull();
    attribution.addSchedules('attack', { added: [entry('/tmp/evil.sh')], kept: [], gone: [] });
    expect(findProof(attribution, foreign, later())).toMatchObject({ by: 'command', exitCode: 127 });
  });

  it("is nobody's when the same command was scheduled before", () => {
    const hourly = 'cd / && run-parts --report /etc/cron.hourly';
    const attribution = attributed([exec(shell), fork(child), fork(grandchild), exec(job(hourly))], foreign);
    attribution.addSchedules('attack', { added: [entry(hourly)], kept: [entry(hourly)], gone: [] });
    // That nobody tried a legitimate use is no news about the attack.
    attribution.addSchedules('legitimate', { added: [], kept: [], gone: [] });
    expect(attribution.launches).toEqual([]);
  });

  it("is told by its user from another's with the same command", () => {
    const hourly = 'cd / && run-parts --report /etc/cron.hourly';
    const attribution = attributed([exec(shell), fork(child), fork(grandchild), exec(job(hourly))], foreign);
    const alices = { ...entry(hourly), user: 'alice' };
    attribution.addSchedules('attack', { added: [alices], kept: [entry(hourly)], gone: [] });
    expect(attribution.launches).toEqual([]);
    attribution.addSchedules('attack', { added: [entry(hourly)], kept: [alices], gone: [] });
    expect(attribution.launches).toHaveLength(1);
  });

  it('of an entry that came and went before anybody listed it is what no other entry explains', () => {
    const [cronD, other] = ['/etc/cron.d/evil', job('/usr/bin/known')];
    const grandchildOf = (launched: typeof other) => ({ ...launched, pid: 460, entity_id: 'entity-460' });
    const known = grandchildOf(other);
    const attribution = attributed(
      [
        exec(shell),
        file('creation', cronD, shell),
        fork(child),
        fork(grandchild),
        exec(job('/tmp/evil.sh')),
        fork(known),
        exec(known),
        file('deletion', cronD, shell),
      ],
      foreign,
    );
    attribution.addSchedules('attack', { added: [], kept: [entry('/usr/bin/known')], gone: [] });
    expect(attribution.launches.map(({ event }) => event.process?.args?.at(-1))).toEqual(['/tmp/evil.sh']);
  });

  it.each([
    { daemon: cron, program: '/usr/sbin/cron', helper: ['/usr/sbin/unix_chkpwd', 'root', 'chkexpiry'] },
    { daemon: cron, program: '/usr/sbin/cron', helper: ['/usr/sbin/sendmail', '-FCronDaemon', 'root'] },
    { daemon: atd, program: '/usr/sbin/atd', helper: ['/usr/sbin/unix_chkpwd', 'root', 'chkexpiry'] },
  ])('is not what the daemon executes for itself beside it: $program, $helper.0', (told) => {
    const { daemon, program, helper } = told;
    const session = process({ pid: 454, executable: program, parent: daemon });
    const child = process({ pid: 455, executable: String(helper[0]), args: helper, parent: session });
    const before = { ...child, executable: program };
    const attribution = attributed(
      [
        ...story({ daemons: [daemon], shell, after: () => [file('creation', '/etc/cron.d/evil', shell)] }),
        fork(session),
        fork(before),
        exec(child),
      ],
      foreign,
    );
    expect(attribution.launches).toEqual([]);
    expect(attribution.unexplained('attack')).toEqual([]);
  });

  it('that ran before the attack began is none of its jobs', () => {
    const attribution = attributed(
      [fork(child), fork(grandchild), exec(job('/tmp/evil.sh')), exec(shell)],
      foreign,
    );
    attribution.addSchedules('attack', { added: [entry('/tmp/evil.sh')], kept: [], gone: [] });
    expect(attribution.launches).toEqual([]);
  });

  it('is recognised by a script that the atomic wrote', () => {
    const runParts = process({
      pid: 455,
      executable: '/usr/bin/run-parts',
      args: ['run-parts', '/etc/cron.hourly'],
      parent: child,
    });
    const script = process({
      pid: 456,
      executable: '/bin/dash',
      args: ['/bin/sh', '/etc/cron.hourly/evil'],
      parent: runParts,
    });
    const attribution = attributed(
      [
        exec(shell),
        file('creation', '/etc/cron.hourly/evil', shell),
        fork(child),
        fork(grandchild),
        exec(runParts),
        exec(script),
      ],
      foreign,
    );
    expect(findProof(attribution, foreign, later())).toMatchObject({ by: 'file', scheduler: 'cron' });
  });
});

describe('a service', () => {
  const service = process({
    pid: 300,
    executable: '/usr/bin/touch',
    args: ['/bin/touch', '/tmp/x'],
    parent: pid1,
  });
  const timed = () => [
    exec(shell),
    file('creation', '/etc/systemd/system/x.service', shell),
    file('creation', '/etc/systemd/system/x.timer', shell),
    fork(service),
    exec(service, { cgroup: 'x.service' }),
  ];

  it('that nobody timed is no execution', () => {
    const attribution = attributed(timed(), foreign);
    attribution.addSchedules('attack', { added: [timer()], kept: [], gone: [] });
    expect(attribution.launches).toHaveLength(1);
    expect(findProof(attribution, foreign, later(timer()))).toBeNull();
  });

  it('that a timer started is one, once the timer says that it elapsed', () => {
    const attribution = attributed(timed(), foreign);
    const elapsed = timer({ lastRun: '2026-01-01T00:00:00.004Z' });
    expect(findProof(attribution, foreign, later(elapsed))).toMatchObject({
      by: 'unit',
      scheduler: 'systemd',
    });
  });

  it('of several programs comes to what the first of them that fails does; the next start is another job', () => {
    const program = (pid: number, name: string) =>
      process({ pid, executable: `/bin/${name}`, args: [`/bin/${name}`], parent: pid1 });
    const runs = (pid: number, name: string, exitCode: number) => [
      fork(program(pid, name)),
      exec(program(pid, name), { cgroup: 'x.service' }),
      exit(program(pid, name), exitCode),
    ];
    const setUp = [exec(shell), file('creation', '/etc/systemd/system/x.service', shell)];
    const elapsed = timer({ lastRun: '2026-01-01T00:00:00.003Z' });
    const proofOf = (...programs: EcsEvent[][]) =>
      findProof(attributed([...setUp, ...programs.flat()], foreign), foreign, later(elapsed));
    expect(proofOf(runs(300, 'before', 0), runs(301, 'main', 4))).toMatchObject({ exitCode: 4 });
    expect(proofOf(runs(300, 'before', 0), runs(301, 'main', 0))).toMatchObject({ exitCode: 0 });
    const again = [runs(302, 'before', 0), runs(303, 'main', 1)];
    expect(proofOf(runs(300, 'before', 0), runs(301, 'main', 0), ...again)).toMatchObject({ exitCode: 0 });
  });

  describe('of a unit whose programs are known', () => {
    const program = (pid: number, command: string) =>
      process({ pid, executable: command, args: [command], parent: pid1 });
    const starts = (pid: number, command: string) => [
      fork(program(pid, command)),
      exec(program(pid, command), { cgroup: 'x.service' }),
    ];
    const ends = (pid: number, command: string, exitCode: number) => exit(program(pid, command), exitCode);
    const runs = (pid: number, command: string, exitCode: number) => [
      ...starts(pid, command),
      ends(pid, command, exitCode),
    ];
    const programs = [
      { command: '/bin/before', main: false },
      { command: '/bin/main', main: true },
      { command: '/bin/after', main: false },
    ];
    const unit = { timer: 'x.timer', activates: 'x.service', active: true, transient: false };
    const elapsed = (more: object) =>
      timer({ lastRun: '2026-01-01T00:00:00.003Z', unit: { ...unit, ...more } });
    const judge = (before: Schedule[], ...events: EcsEvent[][]) => {
      const setUp = [exec(shell), file('creation', '/etc/systemd/system/x.service', shell)];
      const attribution = attributed([...setUp, ...events.flat()], foreign);
      const scheduled = { before, after: [elapsed({ programs })] };
      const proof = findProof(attribution, foreign, scheduled);
      return {
        ...(proof && { commandLine: proof.commandLine, exitCode: proof.exitCode }),
        shortfall: endOf(attribution, attribution.launches[0] as Launch, scheduled).shortfall,
      };
    };
    const whole = [runs(300, '/bin/before', 0), runs(301, '/bin/main', 0), runs(302, '/bin/after', 0)];

    it('the proof is what the unit is for', () => {
      expect(judge([], ...whole)).toMatchObject({ commandLine: '/bin/main', exitCode: 0, shortfall: null });
    });

    it('the proof is what the attack put into a unit that was there', () => {
      const old = [elapsed({ programs: programs.slice(1) })];
      expect(judge(old, ...whole)).toMatchObject({ commandLine: '/bin/before' });
    });

    it('the proof is what surrounds it where the unit is for nothing', () => {
      const around = (main: string) => {
        const shown = process({ pid: 301, executable: main, args: [main, '1'], parent: pid1 });
        const events = [
          ...runs(300, '/opt/payload', 0),
          ...[fork(shown), exec(shown, { cgroup: 'x.service' }), exit(shown)],
        ];
        const setUp = [exec(shell), file('creation', '/etc/systemd/system/x.service', shell)];
        const known = [
          { command: '/opt/payload', main: false },
          { command: `${main} 1`, main: true },
        ];
        const scheduled = { before: [], after: [elapsed({ programs: known })] };
        return findProof(attributed([...setUp, ...events], foreign), foreign, scheduled)?.commandLine;
      };
      expect(around('/bin/true')).toBe('/opt/payload');
      expect(around('/usr/bin/sleep')).toBe('/opt/payload');
      expect(around('/usr/bin/touch')).toBe('/usr/bin/touch 1');
    });

    it('a failure that did not stop the start is no failure of the job', () => {
      const [, ...rest] = whole;
      expect(judge([], runs(300, '/bin/before', 1), ...rest)).toMatchObject({ exitCode: 0 });
    });

    it('a failure that did proves nothing, and says what was not reached', () => {
      expect(judge([], runs(300, '/bin/before', 1))).toEqual({ shortfall: 'before /bin/main' });
    });

    it('is not over while a program is still to come or still running', () => {
      expect(judge([], runs(300, '/bin/before', 0))).toEqual({ shortfall: null });
      expect(judge([], ...whole.slice(0, 2))).toMatchObject({ exitCode: null });
      const running = [starts(301, '/bin/main'), runs(302, '/bin/after', 0)];
      expect(judge([], runs(300, '/bin/before', 0), ...running)).toMatchObject({ exitCode: null });
      const failedLate = [...running, [ends(301, '/bin/main', 3)]];
      expect(judge([], runs(300, '/bin/before', 0), ...failedLate)).toMatchObject({ exitCode: 3 });
    });

    it('a script is known by what its interpreter was given, a variable by what stands before it', () => {
      const script = [{ command: '/opt/evil.sh $WHERE', main: true }];
      const shown = process({
        pid: 300,
        executable: '/bin/dash',
        args: ['/bin/sh', '/opt/evil.sh', '/x'],
        parent: pid1,
      });
      const events = [
        exec(shell),
        file('creation', '/etc/systemd/system/x.service', shell),
        fork(shown),
        exec(shown, { cgroup: 'x.service' }),
        exit(shown, 6),
      ];
      const scheduled = { before: [], after: [elapsed({ programs: script })] };
      expect(findProof(attributed(events, foreign), foreign, scheduled)).toMatchObject({ exitCode: 6 });
      const plain = {
        before: [],
        after: [elapsed({ programs: [{ command: '/opt/evil.sh /x', main: true }] })],
      };
      expect(findProof(attributed(events, foreign), foreign, plain)).toMatchObject({ exitCode: 6 });
    });

    it('is judged as if they were not, where none is recognised', () => {
      const odd = {
        before: [],
        after: [elapsed({ programs: [{ command: '"/bin/main" one', main: true }] })],
      };
      const setUp = [exec(shell), file('creation', '/etc/systemd/system/x.service', shell)];
      const attribution = attributed([...setUp, ...runs(301, '/bin/main', 2)], foreign);
      expect(findProof(attribution, foreign, odd)).toMatchObject({ commandLine: '/bin/main', exitCode: 2 });
    });

    it('what runs when it has ended decides nothing', () => {
      const failed = [runs(300, '/bin/before', 0), runs(301, '/bin/main', 5), runs(302, '/bin/stop-post', 0)];
      expect(judge([], ...failed)).toMatchObject({ exitCode: 5 });
    });
  });

  it('may be of a unit that the activated one takes along', () => {
    const service = process({
      pid: 300,
      executable: '/bin/touch',
      args: ['/bin/touch', '/tmp/x'],
      parent: pid1,
    });
    const attribution = attributed(
      [
        exec(shell),
        file('creation', '/etc/systemd/system/y.service', shell),
        fork(service),
        exec(service, { cgroup: 'y.service' }),
      ],
      foreign,
    );
    const unit = { timer: 'x.timer', activates: 'x.target', active: true, transient: false };
    const elapsed = timer({ lastRun: '2026-01-01T00:00:00.003Z', unit });
    expect(findProof(attribution, foreign, later(elapsed))).toBeNull();
    const pulling = { ...elapsed, unit: { ...unit, pulls: ['y.service'] } };
    expect(findProof(attribution, foreign, later(pulling))).toMatchObject({ by: 'unit' });
  });

  it('that another one follows is no proof where it does nothing', () => {
    const program = (pid: number, name: string) =>
      process({ pid, executable: name, args: [name], parent: pid1 });
    const starts = (pid: number, name: string, cgroup: string) => [
      fork(program(pid, name)),
      exec(program(pid, name), { cgroup }),
      exit(program(pid, name)),
    ];
    const proven = (first: string) => {
      const attribution = attributed(
        [
          exec(shell),
          file('creation', '/etc/systemd/system/x.service', shell),
          file('creation', '/etc/systemd/system/y.service', shell),
          ...starts(300, first, 'x.service'),
          ...starts(301, '/opt/payload', 'y.service'),
        ],
        foreign,
      );
      const unit = { timer: 'x.timer', activates: 'x.service', active: true, transient: false };
      const known = {
        ...unit,
        programs: [{ command: first, main: true }],
        pulls: ['y.service'],
      };
      const elapsed = timer({ lastRun: '2026-01-01T00:00:00.003Z', unit: known });
      return findProof(attribution, foreign, later(elapsed))?.commandLine;
    };
    expect(proven('/bin/true')).toBe('/opt/payload');
    expect(proven('/opt/first')).toBe('/opt/first');
  });

  it('that ran before its timer elapsed was started by something else', () => {
    const attribution = attributed(timed(), foreign);
    const tomorrow = timer({ lastRun: '2026-01-01T00:01:00Z' });
    expect(findProof(attribution, foreign, later(tomorrow))).toBeNull();
  });

  it.each([
    { when: 'it is due', nextRun: '2026-01-01T00:00:00Z', isProven: true },
    { when: 'it is due later', nextRun: '2026-01-01T00:01:00Z', isProven: false },
    { when: 'it is another table’s', nextRun: '2026-01-01T00:00:00Z', table: 'other', isProven: false },
  ])('that systemd-cron made of an entry, which took both away, counts once $when', (told) => {
    const { nextRun, table = 'once', isProven } = told;
    const unit = process({ pid: 301, executable: marker[0] as string, args: marker, parent: pid1 });
    const attribution = attributed([
      ...story({ daemons: [], shell, after: () => [file('creation', '/etc/cron.d/once', shell)] }),
      fork(unit),
      exec(unit, { cgroup: 'cron-once-root-0.service' }),
      file('creation', marker[1] as string, unit),
    ]);
    const entry: Schedule = {
      ...{ kind: 'system-crontab', id: 'once', user: 'root', when: '* * * * *', command: marker.join(' ') },
      ...{ file: `/etc/cron.d/${table}`, line: 1, daemon: 'systemd-cron', nextRun },
    };
    expect(findProof(attribution, ours, later(entry)) !== null).toBe(isProven);
  });

  it('that systemd-cron made is of the entry that it was made of, where no old one has units of such a name', () => {
    const wrapper = ['/bin/sh', '/run/systemd/generator/cron-tab-root-0.sh'];
    const unit = process({ pid: 301, executable: '/usr/bin/dash', args: wrapper, parent: pid1 });
    const entry = (command: string): Schedule => ({
      ...{ kind: 'system-crontab', id: command, user: 'root', when: '* * * * *', command },
      ...{ file: '/etc/cron.d/tab', line: 1, daemon: 'systemd-cron', nextRun: '2026-01-01T00:00:00Z' },
    });
    const [added, old] = [[entry('/opt/new')], [entry('/opt/old')]];
    const launchesOf = (kept: Schedule[]) => {
      const attribution = attributed([exec(shell), file('modification', '/etc/cron.d/tab', shell)], foreign);
      for (const one of [fork(unit), exec(unit, { cgroup: 'cron-tab-root-0.service' }), exit(unit, 127)])
        attribution.push(one);
      attribution.addSchedules('attack', { added, kept, gone: [] });
      return attribution;
    };
    const alone = launchesOf([]);
    expect(alone.launches).toMatchObject([{ role: 'attack', by: 'unit', unit: 'cron-tab-root-0.service' }]);
    expect(findProof(alone, foreign, later(...added))).toMatchObject({ exitCode: 127 });
    expect(launchesOf(old).launches).toEqual([]);
  });

  it('is not proven by a time from before the attack, such as a stamp that was put there', () => {
    const attribution = attributed(timed(), foreign);
    const stamped = timer({ lastRun: '2025-12-29T00:00:00Z' });
    expect(findProof(attribution, foreign, later(stamped))).toBeNull();
  });

  it("is held against the timers of the manager that ran it, not against another user's of the same name", () => {
    const manager = process({ pid: 60, executable: '/usr/lib/systemd/systemd', user: 'alice', parent: pid1 });
    const unit = process({
      pid: 301,
      executable: '/usr/bin/touch',
      args: ['/bin/touch', '/tmp/x'],
      user: 'alice',
      parent: manager,
    });
    const attribution = attributed(
      [
        running(pid1),
        exec(manager),
        exec(shell),
        file('creation', '/etc/systemd/user/x.service', shell),
        file('creation', '/etc/systemd/user/x.timer', shell),
        fork(unit),
        exec(unit, { cgroup: 'x.service' }),
      ],
      foreign,
    );
    const lastRun = '2026-01-01T00:00:00.006Z';
    const alices = timer({ kind: 'user-timer', id: 'user-timer:alice:x.timer', user: 'alice', lastRun });
    const bobs = timer({ kind: 'user-timer', id: 'user-timer:bob:x.timer', user: 'bob' });
    expect(findProof(attribution, foreign, later(alices, bobs))).toMatchObject({ user: 'alice' });
    const others = [{ ...bobs, lastRun }, timer({ lastRun }), { ...alices, lastRun: '2026-01-01T01:00:00Z' }];
    expect(findProof(attribution, foreign, later(...others))).toBeNull();
  });

  it("of a user's manager that was there before the sensor is that manager's, and it alone is the attack's", () => {
    const root = { ...pid1, args: ['/lib/systemd/systemd'] };
    const args = ['/lib/systemd/systemd', '--user'];
    const manager = process({ pid: 53, executable: '/usr/lib/systemd/systemd', args, parent: root });
    const unit = process({ pid: 301, executable: '/usr/bin/touch', args: ['touch'], parent: manager });
    const other = process({ pid: 302, executable: '/usr/bin/true', args: ['true'], parent: manager });
    const events = [
      running(root),
      running(manager),
      exec(shell),
      file('creation', '/home/alice/.config/systemd/user/x.service', shell),
      fork(unit),
      exec(unit, { cgroup: 'x.service' }),
      fork(other),
      exec(other, { cgroup: 'other.service' }),
    ];
    const attribution = attributed(events, foreign);
    expect(attribution.launches[0]?.job.daemon.pid).toBe(53);
    expect(attribution.launches).toHaveLength(1);
    expect(attribution.ownerOf(events.at(-1) as EcsEvent)).toBe('background');
  });

  it('of a timer that the attack took away again counts, unless the attack asked for the service itself', () => {
    expect(findProof(attributed(timed(), foreign), foreign, later())).toMatchObject({ by: 'unit' });
    resetClock();
    const args = ['systemctl', 'start', 'x.service'];
    const systemctl = process({ pid: 290, executable: '/usr/bin/systemctl', args, parent: shell });
    const [first, ...rest] = timed();
    const asked = attributed([first as EcsEvent, exec(systemctl), ...rest], foreign);
    expect(findProof(asked, foreign, later())).toBeNull();
  });

  it('is enabled by the step that asked for it, and disabled by the one that asked for that', () => {
    const systemctl = (verb: string, pid: number, parent: ProcessFields) =>
      process({ pid, executable: '/usr/bin/systemctl', args: ['systemctl', verb, 'old.timer'], parent });
    const wants = '/etc/systemd/system/timers.target.wants/old.timer';
    const cleanupArgs = ['/bin/sh', '-c', 'undo it'];
    const cleanup = process({ pid: 400, executable: '/bin/dash', args: cleanupArgs, parent: outside });
    const enable = systemctl('enable', 301, shell);
    const linked = file('creation', wants, pid1);
    const disable = systemctl('disable', 401, cleanup);
    const unlinked = file('deletion', wants, pid1);
    const other = file('creation', '/etc/systemd/system/timers.target.wants/other.timer', pid1);
    const attribution = new Attribution([foreign]);
    attribution.expectStep('attack', attackArgs);
    attribution.expectStep('cleanup', cleanupArgs);
    const begun = [exec(shell), fork(enable), exec(enable), linked, other, exit(enable), exit(shell)];
    for (const one of [...begun, exec(cleanup), fork(disable), exec(disable), unlinked])
      attribution.push(one);
    const owners = [linked, other, unlinked].map((one) => attribution.ownerOf(one));
    expect(owners).toEqual(['attack', 'background', 'cleanup']);
    expect(attribution.writtenBy('attack')).toEqual([wants]);
    expect(attribution.writtenBy('cleanup')).toEqual([]);
  });

  it('of a transient timer that is gone already counts by the file that the manager wrote for it', () => {
    const transient = process({ pid: 301, executable: '/usr/bin/touch', args: marker, parent: pid1 });
    const attribution = attributed([
      exec(shell),
      file('creation', '/run/systemd/transient/run-r1.timer', pid1),
      fork(transient),
      exec(transient, { cgroup: 'run-r1.service' }),
    ]);
    expect(findProof(attribution, ours, later())).toMatchObject({ by: 'nonce' });
  });
});

describe('what is not a scheduled job', () => {
  it('an orphan that the service manager adopted keeps the lineage of its birth', () => {
    const orphan = process({ pid: 210, executable: '/bin/dash', args: ['sh'], parent: shell });
    const adopted = process({ pid: 211, executable: '/usr/bin/touch', args: marker, parent: orphan });
    const attribution = attributed([exec(shell), fork(orphan), exit(shell), exec(adopted)]);
    expect(findProof(attribution, ours, later())).toBeNull();
    expect(attribution.ownerOf(exec({ ...adopted, parent: pid1 }))).toBe('attack');
  });

  it('a shell that was copied to a name like crond is no scheduler', () => {
    const fake = process({ pid: 220, executable: '/tmp/crond', args: ['/tmp/crond'], parent: shell });
    const payload = process({ pid: 221, executable: '/usr/bin/touch', args: marker, parent: fake });
    expect(findProof(attributed([exec(shell), exec(fake), exec(payload)]), ours, later())).toBeNull();
  });

  it('a shell that was put where crond would be is none either; a crond that a package brought is', () => {
    const copy = process({ pid: 219, executable: '/usr/bin/cp', args: ['cp'], parent: shell });
    const dpkg = process({ pid: 219, executable: '/usr/bin/dpkg', args: ['dpkg'], parent: shell });
    const crond = process({ pid: 220, executable: '/usr/sbin/crond', args: ['crond'], parent: shell });
    const payload = process({ pid: 221, executable: '/usr/bin/touch', args: marker, parent: crond });
    const story = (writer: typeof copy) =>
      attributed([
        exec(shell),
        exec(writer),
        file('creation', '/usr/sbin/crond', writer),
        exec(crond),
        exec(payload),
      ]);
    expect(findProof(story(copy), ours, later())).toBeNull();
    resetClock();
    expect(findProof(story(dpkg), ours, later())).toMatchObject({ scheduler: 'cron' });
  });
});

describe('ownership of other events', () => {
  it('gives the service manager its due for a link to a unit that the atomic wrote', () => {
    const link = file('creation', '/etc/systemd/system/timers.target.wants/x.timer', pid1, {
      target_path: '/etc/systemd/system/x.timer',
    });
    const attribution = attributed([
      exec(shell),
      file('creation', '/etc/systemd/system/x.timer', shell),
      link,
    ]);
    expect(attribution.ownerOf(link)).toBe('attack');
  });

  it('leaves the rest of the machine in the background', () => {
    const other = file(
      'creation',
      '/var/log/journal/x',
      process({ pid: 24, executable: '/usr/lib/systemd/systemd-journald', parent: pid1 }),
    );
    const attribution = attributed([exec(shell), other]);
    expect(attribution.ownerOf(other)).toBe('background');
  });

  it.each([
    ['/etc/cron.d/job', { file: '/etc/cron.d/job', user: 'root' }, 'attack'],
    ['/var/spool/cron/crontabs/alice', { user: 'alice' }, 'attack'],
    // Of another table, and of one that nobody touched.
    ['/etc/cron.d/job', { file: '/etc/cron.d/other' }, 'background'],
    ['/var/spool/cron/crontabs/alice', { user: 'bob' }, 'background'],
    ['/var/spool/cron/crontabs/alice', {}, 'background'],
  ])("gives cron's refusal of a table to who wrote it: %s, %j", (path, said, owner) => {
    const line = event('process', 'info', 'cron-insecure-mode', {
      process: cron,
      atomclock: { sensor: 'journal', job: { scheduler: 'cron', verb: 'INSECURE MODE', ...said } },
    });
    const logged = { ...line, event: { ...line.event, outcome: 'failure' as const } };
    const attribution = attributed([
      running(pid1),
      running(cron),
      exec(shell),
      file('creation', path, shell),
      logged,
    ]);
    expect(attribution.ownerOf(logged)).toBe(owner);
  });

  it('finds the process of a log entry by its pid', () => {
    const crontab = process({
      pid: 285,
      executable: '/usr/bin/crontab',
      args: ['crontab', '-'],
      parent: shell,
    });
    const line = event('process', 'info', 'log', {
      process: { entity_id: '', pid: 285 },
      message: '(alice) REPLACE (alice)',
    });
    const attribution = attributed([exec(shell), exec(crontab), line]);
    expect(attribution.ownerOf(line)).toBe('attack');
  });

  it("finds the process of an audit record by the host's pid, or its parent by the parent's", () => {
    const audit = (atomclock: { host_pid: number; parent_host_pid?: number }) =>
      event('process', 'start', 'executed', {
        process: { entity_id: '', pid: 0 },
        atomclock: { sensor: 'audit', ...atomclock },
      });
    const attribution = attributed([exec(shell, { host_pid: 5200 })]);
    expect(attribution.ownerOf(audit({ host_pid: 5200 }))).toBe('attack');
    expect(attribution.ownerOf(audit({ host_pid: 5201, parent_host_pid: 5200 }))).toBe('attack');
    expect(attribution.ownerOf(audit({ host_pid: 6000 }))).toBe('background');
  });

  it('knows the probes of the harness, and a step that executes another program in its place', () => {
    const probe = process({ pid: 700, executable: '/bin/true', args: ['true'], parent: outside });
    const replaced = process({ pid: 200, executable: '/usr/bin/at', args: ['at', 'now'], parent: outside });
    const attribution = attributed([exec(probe), exec(shell), exec(replaced)]);
    expect(attribution.ownerOf(exec(probe))).toBe('harness');
    expect(attribution.ownerOf(exec(replaced))).toBe('attack');
  });

  it('keeps what cleanup does apart from the attack', () => {
    const cleanup = process({
      pid: 400,
      executable: '/bin/dash',
      args: ['/bin/sh', '-c', 'undo'],
      parent: outside,
    });
    const attribution = new Attribution([ours]);
    attribution.expectStep('attack', attackArgs);
    attribution.expectStep('cleanup', ['/bin/sh', '-c', 'undo']);
    const removal = file('deletion', '/etc/cron.d/x', cleanup);
    for (const one of [exec(shell), file('creation', '/etc/cron.d/x', shell), exec(cleanup), removal]) {
      attribution.push(one);
    }
    expect(attribution.ownerOf(removal)).toBe('cleanup');
  });
});

describe('a job that has not come to its payload yet', () => {
  const fork1 = process({ pid: 450, executable: '/usr/sbin/atd', parent: atd });
  const sh = process({ pid: 451, executable: '/usr/bin/dash', args: ['sh'], parent: fork1 });
  const begun = [running(pid1), running(atd), exec(shell)];

  it('is awaited until it ends, where it began after the step', () => {
    const launched = [...begun, fork(fork1), fork(sh), exec(sh)];
    expect(attributed(launched).awaitsJob('attack')).toBe(true);
    expect(attributed(launched).awaitsJob('legitimate')).toBe(false);
    expect(attributed([...launched, exit(sh)]).awaitsJob('attack')).toBe(false);
    const early = [running(pid1), running(atd), fork(fork1), fork(sh), exec(sh), exec(shell)];
    expect(attributed(early).awaitsJob('attack')).toBe(false);
  });

  it('is no service: those of a machine never end', () => {
    const service = process({ pid: 460, executable: '/usr/sbin/rsyslogd', args: ['rsyslogd'], parent: pid1 });
    expect(attributed([...begun, fork(service), exec(service)]).awaitsJob('attack')).toBe(false);
  });
});

describe('a daemon that is restarted on another time', () => {
  const says = (unit: string, second: number): EcsEvent => ({
    ...event('process', 'info', 'unit-stopped', {}),
    '@timestamp': `2026-11-21T12:00:0${second}.500Z`,
    atomclock: { sensor: 'journal', job: { scheduler: 'systemd', verb: 'stopped', unit } },
  });

  it('is the harness’s doing, while that lasts, and no other service is', () => {
    const attribution = attributed([]);
    attribution.addClockMove({
      scheduler: 'cron',
      from: '2026-11-21T12:00:02.000Z',
      to: '2026-11-21T12:00:04.000Z',
    });
    const owners = (unit: string) => [1, 3, 5].map((second) => attribution.ownerOf(says(unit, second)));
    expect(owners('cron.service')).toEqual(['background', 'harness', 'background']);
    expect(owners('atd.service')).toEqual(Array(3).fill('background'));
  });
});
