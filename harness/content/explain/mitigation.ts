// A mitigation in plain words: what is done, what that stops and how one can tell, what must still work, what gets by.

import type { Mitigation } from '../../model/mitigation.ts';
import { type Block, listed } from './block.ts';

export function explainMitigation(mitigation: Mitigation): Block[] {
  const { id, name, attack, targets, description, apply, stops, legitimate, bypasses } = mitigation;
  return [
    {
      kind: 'title',
      name: id,
      text: name,
      facts: ['mitigation', attack, ...(targets ? [`on ${targets.join(', ')}`] : [])],
    },
    { kind: 'paragraph', text: description.trim() },
    { kind: 'heading', text: `Is applied as ${apply.user}` },
    { kind: 'code', text: apply.command },
    ...listed(
      'Stops',
      stops.map(({ atomic, stage, reason }) => `${atomic}: at ${stage}, shown by “${reason}”`),
    ),
    ...listed(
      'Must still work',
      legitimate.map(({ name: use, user, command }) => `${use} (as ${user}: ${command.trim()})`),
    ),
    ...listed(
      'Gets by',
      bypasses.map(({ how, atomic }) => (atomic ? `${how} (${atomic})` : how)),
    ),
  ];
}
