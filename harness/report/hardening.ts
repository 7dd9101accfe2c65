// A cover by mitigations as a line of text: which few stop most, and what is left.

import type { Cover } from '../model/hardening-record.ts';

export const coverText = ({ mitigations, left }: Cover): string => {
  const taken = mitigations.map(({ id, adds }) => `${id} (+${adds})`).join(', ') || 'none';
  const open =
    left.length > 12 ? `${left.slice(0, 11).join(', ')} and ${left.length - 11} more` : left.join(', ');
  return left.length === 0 ? `${taken}: stops all` : `${taken}; left: ${open}`;
};
