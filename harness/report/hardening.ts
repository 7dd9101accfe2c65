// A cover by mitigations as a line of text: which few stop most, and what is left.

import type { Cover } from '../model/hardening-record.ts';
import { someNames } from '../model/some-names.ts';

export const coverText = ({ mitigations, left }: Cover): string => {
  const taken = mitigations.map(({ id, adds }) => `${id} (+${adds})`).join(', ') || 'none';
  return left.length === 0 ? `${taken}: stops all` : `${taken}; left: ${someNames(left, 12)}`;
};
