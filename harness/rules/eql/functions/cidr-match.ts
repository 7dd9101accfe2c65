// `cidrMatch(address, network…)`: whether an IP address is in one of the networks.

import type { ProblemText } from '../../../model/source.ts';
import { networkMatcher } from '../../match/cidr.ts';
import { type EqlFunction, text } from './function.ts';

export const cidrMatch: EqlFunction = {
  name: 'cidrMatch',
  insensitive: false,
  parameters: [
    { name: 'ip_address', type: 'string' },
    { name: 'cidr_block', type: 'string', literal: problemWith },
  ],
  repeats: true,
  returns: 'boolean',
  apply([address, ...networks]) {
    return networks.some((network) => networkMatcher(text(network))?.(text(address)) === true);
  },
  fieldTest: (network) => problemWith(network) ?? { op: 'cidr', network },
};

function problemWith(network: string): ProblemText | undefined {
  if (networkMatcher(network) !== undefined) return undefined;
  return {
    code: 'bad-network',
    message: `expected a network such as 10.0.0.0/8 or fe80::/10, found ${JSON.stringify(network)}`,
  };
}
