// Addresses within the page: each case, event and rule has one, and so has each choice of filters.

/**
 * Where an address leads: `case=…&event=…`, `rule=…`, or filters.
 * @typedef {{ case?: string, event?: string, rule?: string, show?: string, q?: string }} Address
 */

/**
 * @param {Address} address
 * @returns {string} with the `#`
 */
export const hashOf = (address) =>
  `#${new URLSearchParams(Object.entries(address).filter(([, value]) => value))}`;

/**
 * @param {string} hash
 * @returns {Address | null} null where it is a plain name of a place, or none
 */
export function addressIn(hash) {
  const text = hash.slice(1);
  return text.includes('=') ? Object.fromEntries(new URLSearchParams(text)) : null;
}
