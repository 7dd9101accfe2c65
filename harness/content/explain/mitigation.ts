// A mitigation in plain words: what is done, what that stops or puts on record and how one can tell, what must
// still work, what gets by.

import type { Mitigation, MitigationProfile, WrittenMitigation } from '../../model/mitigation.ts';
import { type Block, listed } from './block.ts';

export function explainMitigation(mitigation: WrittenMitigation): Block[] {
  const { id, name, attack, targets, description, stops, records = [], legitimate, bypasses } = mitigation;
  const { families = {} } = mitigation;
  return [
    {
      kind: 'title',
      name: id,
      text: name,
      facts: ['mitigation', attack, ...(targets ? [`on ${targets.join(', ')}`] : [])],
    },
    { kind: 'paragraph', text: description.trim() },
    ...application(mitigation),
    ...listed('Stops', stops.map(stopLine)),
    ...listed('Puts on record', records.map(recordLine)),
    ...listed('Must still work', legitimate.map(useLine)),
    ...listed('Gets by', bypasses.map(bypassLine)),
    ...Object.entries(families).flatMap(([family, difference]) => [
      {
        kind: 'heading' as const,
        text: difference.notApplicable
          ? `Not on ${family}: ${difference.notApplicable}`
          : `Otherwise on ${family}`,
      },
      ...application(difference),
      ...listed('Stops', (difference.stops ?? []).map(stopLine)),
      ...listed('Puts on record', (difference.records ?? []).map(recordLine)),
      ...listed('Must still work', (difference.legitimate ?? []).map(useLine)),
      ...listed('Gets by', (difference.bypasses ?? []).map(bypassLine)),
    ]),
  ];
}

/** What is done to a target, and how one can tell that it was. */
function application({ apply, check, profile, audit = [] }: Partial<Mitigation>): Block[] {
  const script = (text: string, { command }: { command: string }): Block[] => [
    { kind: 'heading', text },
    { kind: 'code', text: command },
  ];
  const shown =
    check && `exit ${check.exitCode}${check.output === undefined ? '' : ` and “${check.output}”`}`;
  return [
    ...(profile ? listed('Starts the target', profileLines(profile)) : []),
    ...(apply ? script(`Is applied as ${apply.user}`, apply) : []),
    ...(audit.length > 0
      ? script('Has these audit rules for this target alone', { command: audit.join('\n') })
      : []),
    ...(check ? script(`Has taken effect where this gives ${shown}`, check) : []),
  ];
}

const profileLines = (profile: MitigationProfile): string[] => [
  ...(profile.noNewPrivileges ? ['with no-new-privileges'] : []),
  ...(profile.readOnlyRoot ? ['with a read-only root'] : []),
  ...Object.entries(profile.tmpfs).map(([mount, how]) => `with a tmpfs on ${mount} (${how})`),
  ...profile.capabilities.map((name) => `with the capability ${name}`),
  ...profile.withoutCapabilities.map((name) => `without the capability ${name}`),
  ...(profile.user === undefined ? [] : [`with ${profile.user} as the user who attacks`]),
];

const meant = ({ atomic, tag }: { atomic?: string; tag?: string }): string | undefined =>
  atomic ?? (tag === undefined ? undefined : `all of ${tag}`);

const stopLine = (stop: Mitigation['stops'][number]): string =>
  `${meant(stop)}: at ${stop.stage}, shown by “${stop.reason}”`;

const recordLine = (record: NonNullable<Mitigation['records']>[number]): string =>
  `${meant(record)}: it runs, and a record of it has the key ${record.key}`;

const useLine = ({ name, user, command, broken }: Mitigation['legitimate'][number]): string =>
  `${name} (as ${user}: ${command.trim()})${broken === undefined ? '' : `; it does not: ${broken}`}`;

function bypassLine(bypass: Mitigation['bypasses'][number]): string {
  const what = meant(bypass) ?? (bypass.command && `as ${bypass.user ?? 'root'}: ${bypass.command.trim()}`);
  return what ? `${bypass.how} (${what})` : bypass.how;
}
