// An atomic in plain words: what it does, what proves that it did, what sees it and what stops it.

import { type Atomic, defaultInputs, renderCommand } from '../../model/atomic.ts';
import { type Expectation, expectationFor, type WrittenExpectation } from '../../model/expectation.ts';
import type { Mitigation } from '../../model/mitigation.ts';
import { claimOn } from '../../model/mitigation-claim.ts';
import type { Rule } from '../../rules/index.ts';
import { type Block, listed } from './block.ts';

/** Explains one atomic beside the rules and mitigations that there are. */
export function explainAtomic(
  atomic: Atomic,
  expectation: WrittenExpectation | undefined,
  { rules, mitigations }: { rules: readonly Rule[]; mitigations: readonly Mitigation[] },
): Block[] {
  const inputs = defaultInputs(atomic.inputs);
  const { command, cleanup } = atomic.executor;
  const titles = new Map(rules.map(({ slug, title }) => [slug, title]));
  const withTitle = (slug: string) => (titles.has(slug) ? `${slug}: ${titles.get(slug)}` : slug);
  return [
    {
      kind: 'title',
      name: atomic.slug,
      text: atomic.name,
      facts: [kindOf(atomic), atomic.technique, atomic.guid, atomic.source],
    },
    { kind: 'paragraph', text: atomic.description },
    ...(atomic.unsupported
      ? [{ kind: 'paragraph', text: `It is skipped here: ${atomic.unsupported}.` } as const]
      : []),
    { kind: 'heading', text: `Runs${asUser(atomic, expectation)}, with ${atomic.executor.name}` },
    { kind: 'code', text: renderCommand(command, inputs) },
    ...(cleanup === null
      ? []
      : ([
          { kind: 'heading', text: 'Cleans up' },
          { kind: 'code', text: renderCommand(cleanup, inputs) },
        ] as const)),
    ...listed('What proves it', proofs(atomic, expectation)),
    ...listed('Rules that must fire', (expectation?.detects ?? []).map(withTitle)),
    ...listed(
      'Rules that are known to miss it',
      (expectation?.evades ?? []).map(({ rule, why }) => `${rule}: ${why}`),
    ),
    ...Object.keys(expectation?.families ?? {}).flatMap((family) =>
      listed(`Otherwise on ${family}`, otherwiseOn(family, atomic, expectation, withTitle)),
    ),
    ...listed(
      'Mitigations that stop it',
      mitigations.flatMap((mitigation) => stopping(mitigation, atomic)),
    ),
    ...listed(
      'Mitigations that put it on record',
      mitigations.flatMap((mitigation) => recording(mitigation, atomic)),
    ),
    ...listed(
      'Mitigations that it gets around',
      mitigations.flatMap((mitigation) => around(mitigation, atomic)),
    ),
  ];
}

const kindOf = ({ kind }: Atomic): string => (kind === 'benign' ? 'benign twin' : 'attack');

function asUser({ executor }: Atomic, expectation: Expectation | undefined): string {
  const user = expectation?.user ?? (executor.elevationRequired ? 'root' : undefined);
  const manager = expectation?.needs.includes('user-manager') ? ', whose service manager is up' : '';
  return `${user ? ` as ${user}${manager}` : ''}${besideOf(expectation)}`;
}

/** How the container of a pair is set up, where that is the point. */
function besideOf(expectation: Expectation | undefined): string {
  const { readOnly, command } = expectation?.container ?? {};
  const runs = command ? ` that runs ${command.join(' ')}` : '';
  const reads = readOnly ? ' that may only read what it has of its machine' : '';
  return runs + reads === '' ? '' : `, in a container${runs}${reads}`;
}

function proofs({ kind, inputs }: Atomic, expectation: Expectation | undefined): string[] {
  if (!expectation) return [];
  const { observation, reason, exitCode, artifacts } = expectation;
  const marker = Object.hasOwn(inputs, 'command') ? ", with this run's marker in its command line" : '';
  const status = exitCode === undefined ? '' : `; the job itself exits ${exitCode}`;
  const because = reason ? ` (“${reason}”)` : '';
  const observed = {
    executed: `executed: the kernel saw a real scheduler launch the payload${marker}${status}`,
    inert: `inert: its commands succeed, yet nothing is ever launched${because}`,
    refused: `refused: its commands fail${because}`,
    performed: 'performed: its commands succeed, and nothing is scheduled',
  }[observation];
  return [
    observed,
    ...artifacts.map(({ path, action, by }) => `${path}: ${action}${by ? ` by ${by}` : ''}`),
    ...(kind === 'benign' ? ['no rule fires on it'] : []),
  ];
}

/** What an expectation says for a family of targets and not for all. */
function otherwiseOn(
  family: string,
  atomic: Atomic,
  written: WrittenExpectation | undefined,
  withTitle: (slug: string) => string,
): string[] {
  if (!written) return [];
  const there = expectationFor(written, [family]);
  const proven = proofs(atomic, written);
  return [
    ...proofs(atomic, there).filter((proof) => !proven.includes(proof)),
    ...there.detects.filter((rule) => !written.detects.includes(rule)).map(withTitle),
    ...written.detects.filter((rule) => !there.detects.includes(rule)).map((rule) => `${rule} need not fire`),
    ...there.evades
      .filter(({ rule }) => !written.evades.some((known) => known.rule === rule))
      .map(({ rule, why }) => `${rule} misses it: ${why}`),
  ];
}

const stopping = (mitigation: Mitigation, atomic: Atomic): string[] => {
  const claim = claimOn(mitigation, atomic);
  return claim?.kind === 'stops' ? [`${mitigation.id}: at ${claim.stage}, shown by “${claim.reason}”`] : [];
};

const recording = (mitigation: Mitigation, atomic: Atomic): string[] => {
  const claim = claimOn(mitigation, atomic);
  return claim?.kind === 'records' ? [`${mitigation.id}: with the key ${claim.key}`] : [];
};

const around = (mitigation: Mitigation, atomic: Atomic): string[] => {
  const claim = claimOn(mitigation, atomic);
  return claim?.kind === 'bypass' ? [`${mitigation.id}: ${claim.how}`] : [];
};
