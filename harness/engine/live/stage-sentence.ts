// What a stage of a case is about, in a sentence made of the content's own descriptions.

import { usesUnder } from '../../model/mitigation-use.ts';
import type { CasePhase } from '../../model/run-event.ts';
import type { PlannedProcedure } from '../run/plan.ts';

/** @param render fills the case's values into what an atomic's author wrote */
export function stageSentence(
  stage: CasePhase,
  { atomic, mitigations, user, target, kind }: PlannedProcedure,
  render: (text: string) => string,
): string {
  switch (stage) {
    case 'boot':
      return `A fresh ${target} is started, and the sensors begin to watch it.`;
    case 'mitigation':
      return mitigations.map(({ name, description }) => titled(name, description)).join(' ');
    case 'inventory':
      return 'What is scheduled before the attack is written down, to be compared with what there is afterwards.';
    case 'prerequisites':
      return `What has to be there first: ${list(atomic.dependencies.map(({ description }) => inner(render(description))))}.`;
    case 'attack':
      return `As ${user}${kind === 'benign' ? ', in everyday work' : ''}: ${titled(atomic.name, render(atomic.description))}`;
    case 'wait':
      return 'The scheduler has its turn: if anything was scheduled, it is waited for until it runs.';
    case 'cleanup':
      return 'What was done is taken back, and what is left all the same is looked for.';
    case 'legitimate':
      return `What must still work is tried${ways(mitigations)}.`;
  }
}

function ways(mitigations: PlannedProcedure['mitigations']): string {
  const uses = usesUnder(mitigations);
  const named = (role: 'legitimate' | 'bypass') =>
    uses.filter((use) => use.role === role).map(({ name }) => inner(name));
  const around = named('bypass');
  const what = named('legitimate');
  return `${what.length > 0 ? `: ${list(what)}` : ''}${around.length > 0 ? `; and known ways around it: ${list(around)}` : ''}`;
}

/** The title, and the first sentence of what it is about. */
const titled = (title: string, description: string): string =>
  `${inner(title)}. ${firstSentence(description)}`.trim();

const firstSentence = (text: string): string => {
  const plain = text.replace(/\s+/g, ' ').trim();
  return plain.match(/^.*?[.!?](?=\s|$)/)?.[0] ?? plain;
};

/** A text as part of a longer sentence. */
const inner = (text: string): string => text.replace(/\s+/g, ' ').trim().replace(/[.!]$/, '');

const list = (parts: readonly string[]): string => parts.join('; ');
