// Explanations as text for a terminal or a report.

import { formatPlace } from '../model/place.ts';
import { quote } from './describe.ts';
import type { Explanation, Finding, Seen } from './explain.ts';

/**
 * The explanation as lines: what matched or what failed, each with the values seen and the place in the rule.
 * `eventName` says which event it was, in the caller's terms (`line 12`, `ebpf-7`).
 */
export function explanationText(
  { matched, because, failed, filter, rule }: Explanation,
  eventName: string,
): string {
  const stage = rule.query.kind === 'event' ? '' : `, stage ${filter + 1}`;
  const title = matched
    ? `${rule.slug}${stage} matches ${eventName}`
    : `${rule.slug}${stage} does not match ${eventName}`;
  const findings = matched ? because : failed;
  return [title, ...findings.map((finding) => `  ${matched ? '+' : '-'} ${findingText(finding)}`)].join('\n');
}

function findingText({ text, place, excluded, seen }: Finding): string {
  const asked = excluded ? `not: ${text}` : text;
  const values = seen.length === 0 ? '' : `; saw ${seen.map(seenText).join(', ')}`;
  return `${asked}${values}${place === undefined ? '' : ` (${formatPlace(place)})`}`;
}

const seenText = ({ field, value }: Seen): string =>
  value === undefined ? `no ${field}` : `${field} ${shortened(quote(value))}`;

/** Command lines can be 128 KiB long. */
const shortened = (text: string): string => (text.length <= 200 ? text : `${text.slice(0, 199)}…`);
