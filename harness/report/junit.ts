// JUnit XML as Ant and Jenkins read it: every case (with its mitigation or without) and every rule a test case.
//
// The two published schemas differ; this is what both accept: no attributes on testsuites, one outcome per test
// case, and in each suite properties, test cases, system-out and system-err in this order.

import { isUnseen } from '../model/fired.ts';
import type { CaseRecord, GateRecord, RuleRecord, RunRecord } from '../model/run-record.ts';
import { type Finding, findingsOf, mitigationOf } from './findings.ts';
import { gateResult, gateText } from './gates.ts';
import { printable, printableLines } from './printable.ts';
import type { Report } from './reporter.ts';

export function renderJunit(record: RunRecord): Report {
  // Noise is told as output: a test that fails while the run is as expected would only confuse.
  const all = findingsOf(record);
  const failures = all.filter(({ severity, what }) => severity !== 'noise' && what !== 'gate');
  const noise = all.filter(({ severity }) => severity === 'noise');
  const findings = Map.groupBy(failures, ({ about, id }) => `${about} ${id}`);
  const plain = record.cases.filter(({ mitigation }) => mitigation === null);
  const treated = record.cases.filter(({ mitigation }) => mitigation !== null);
  const suites: Suite[] = [
    ...[...Map.groupBy(plain, ({ target }) => target)].map(
      ([target, cases]): Suite => ({
        name: target,
        output: [
          ...cases.filter(isUnseen).map(({ id }) => `unseen: no rule saw the attack ${id}`),
          ...notesOf(cases),
        ],
        tests: cases.map((each) => caseTest(each, `${each.atomic.technique}.${each.kind}`, findings)),
      }),
    ),
    {
      name: 'mitigations',
      tests: treated.map((each) => {
        const attack = mitigationOf(each, record)?.attack ?? 'mitigation';
        return caseTest(each, `${attack}.${each.mitigation}`, findings);
      }),
      output: notesOf(treated),
    },
    {
      name: 'rules',
      tests: record.rules.map((rule) => ruleTest(rule, findings)),
      output: noise.flatMap(({ id, reasons }) => reasons.map((reason) => `${id}: ${reason}`)),
    },
    { name: 'requirements', tests: (record.gates ?? []).map(gateTest) },
  ].filter(({ tests }) => tests.length > 0);
  const xml = suites.map((suite, id) => renderSuite(suite, id, record)).join('');
  return { output: `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${xml}</testsuites>\n` };
}

interface Suite {
  readonly name: string;
  readonly tests: readonly Test[];
  /** Lines that stand beside the tests and fail none of them. */
  readonly output?: readonly string[];
}

interface Test {
  readonly name: string;
  readonly classname: string;
  readonly ms: number;
  readonly outcome: Outcome;
}

type Outcome =
  | { readonly kind: 'passed' }
  | { readonly kind: 'skipped'; readonly message: string }
  | { readonly kind: 'failure' | 'error'; readonly type: string; readonly lines: readonly string[] };

type Findings = ReadonlyMap<string, readonly Finding[]>;

const caseTest = (each: CaseRecord, classname: string, findings: Findings): Test => ({
  name: each.id,
  classname,
  ms: Object.values(each.timings).reduce((sum, ms) => sum + ms, 0),
  outcome:
    each.verdict === 'skip'
      ? { kind: 'skipped', message: each.reasons.join('; ') }
      : outcomeOf(findings.get(`case ${each.id}`)),
});

/** What there is to say about cases that passed, which a test that passed has no place for. */
const notesOf = (cases: readonly CaseRecord[]): string[] =>
  cases
    .filter(({ verdict }) => verdict === 'pass')
    .flatMap(({ id, reasons }) => reasons.map((reason) => `${id}: ${reason}`));

const ruleTest = (rule: RuleRecord, findings: Findings): Test => ({
  name: rule.title,
  classname: `${rule.language}.${rule.slug}`,
  ms: 0,
  outcome:
    rule.unavailable === undefined
      ? outcomeOf(findings.get(`rule ${rule.slug}`))
      : { kind: 'skipped', message: rule.unavailable },
});

const gateTest = (gate: GateRecord): Test => ({
  name: gateText(gate),
  classname: `requirement.${gate.gate}`,
  ms: 0,
  outcome: gate.met
    ? { kind: 'passed' }
    : {
        kind: 'failure',
        type: 'gate',
        lines: [gateResult(gate), ...gate.offenders.map(({ id, why }) => `${id}: ${why}`)],
      },
});

function outcomeOf(findings: readonly Finding[] = []): Outcome {
  const [first] = findings;
  if (!first) return { kind: 'passed' };
  const kind = first.severity === 'fail' ? 'failure' : 'error';
  return { kind, type: first.severity, lines: findings.flatMap(({ reasons }) => reasons) };
}

function renderSuite(
  { name, tests, output = [] }: Suite,
  id: number,
  { run, summary: { attacks } }: RunRecord,
): string {
  const count = (kind: Outcome['kind']) => tests.filter(({ outcome }) => outcome.kind === kind).length;
  const attributes = {
    name,
    package: 'atomclock',
    id,
    // Ant's schema wants neither fractions nor a zone; hosts have no name in a RunRecord.
    timestamp: run.startedAt.slice(0, 19),
    hostname: 'localhost',
    tests: tests.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
    time: seconds(tests.reduce((sum, { ms }) => sum + ms, 0)),
  };
  const properties = {
    run: run.id,
    harness: run.harness,
    ...(run.file === undefined ? { clock: run.clock, sensors: run.sensors.join(' ') } : { file: run.file }),
    'attacks-executed': attacks.executed,
    'attacks-unseen': attacks.unseen.length,
  };
  return [
    `  <testsuite${xmlAttributes(attributes)}>`,
    '    <properties>',
    ...Object.entries(properties).map(
      ([key, value]) => `      <property${xmlAttributes({ name: key, value })}/>`,
    ),
    '    </properties>',
    ...tests.map(renderTest),
    output.length > 0
      ? `    <system-out>${xmlText(output.map(printableLines).join('\n'))}</system-out>`
      : '    <system-out/>',
    '    <system-err/>',
    '  </testsuite>',
    '',
  ].join('\n');
}

function renderTest({ name, classname, ms, outcome }: Test): string {
  const open = `    <testcase${xmlAttributes({ name, classname, time: seconds(ms) })}`;
  switch (outcome.kind) {
    case 'passed':
      return `${open}/>`;
    case 'skipped':
      return `${open}>\n      <skipped${xmlAttributes({ message: outcome.message })}/>\n    </testcase>`;
    case 'failure':
    case 'error': {
      const [message = ''] = outcome.lines[0]?.split('\n') ?? [];
      const attributes = xmlAttributes({ message, type: outcome.type });
      return `${open}>\n      <${outcome.kind}${attributes}>${xmlText(outcome.lines.map(printableLines).join('\n'))}</${outcome.kind}>\n    </testcase>`;
    }
  }
}

const xmlAttributes = (attributes: Readonly<Record<string, string | number>>): string =>
  Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${xmlText(printable(`${value}`))}"`)
    .join('');

/** Escapes what XML reserves, and drops the two characters that are printable and that XML 1.0 cannot hold. */
const xmlText = (text: string): string =>
  text
    .replace(/[\ufffe\uffff]/g, '')
    .replace(/[&<>"]/g, (character) => xmlEntities[character as keyof typeof xmlEntities]);

const xmlEntities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' } as const;

const seconds = (ms: number): string => (ms / 1000).toFixed(3);
