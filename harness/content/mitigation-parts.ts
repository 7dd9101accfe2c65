// What the form of a mitigation's file allows and no run can judge: uses that nothing would show to run, capabilities and
// options of mounts that there are not.

import { capabilityNames } from '../model/capability.ts';
import type { Problem } from '../model/errors.ts';
import type { WrittenMitigation } from '../model/mitigation.ts';
import { closestTo } from '../model/suggestion.ts';
import { type TmpfsFault, tmpfsFaults, tmpfsOptionNames } from '../model/tmpfs-options.ts';
import type { Path, YamlFile } from './yaml.ts';

type Effect = Partial<Pick<WrittenMitigation, 'profile' | 'legitimate' | 'bypasses'>>;

/** Of what holds for all targets, and of what is otherwise on those of a family. */
export const unusableParts = (mitigation: WrittenMitigation, yaml: YamlFile): Problem[] => [
  ...ofEffect(mitigation, [], yaml),
  ...Object.entries(mitigation.families ?? {}).flatMap(([family, effect]) =>
    ofEffect(effect, ['families', family], yaml),
  ),
];

const ofEffect = (
  { profile, legitimate = [], bypasses = [] }: Effect,
  path: Path,
  yaml: YamlFile,
): Problem[] => [
  ...(['capabilities', 'withoutCapabilities'] as const).flatMap((key) =>
    (profile?.[key] ?? []).flatMap((name, index) =>
      capabilityNames.has(name) ? [] : [unknownCapability(name, [...path, 'profile', key, index], yaml)],
    ),
  ),
  ...Object.entries(profile?.tmpfs ?? {}).flatMap(([point, options]) =>
    tmpfsFaults(options).map((fault) => wrongOption(fault, [...path, 'profile', 'tmpfs', point], yaml)),
  ),
  ...legitimate.flatMap(({ command, proof }, index) =>
    proof === 'succeeds' || hasMarker(command)
      ? []
      : [withoutMarker([...path, 'legitimate', index, 'command'], yaml, legitimateHint)],
  ),
  ...bypasses.flatMap(({ command }, index) =>
    command === undefined || hasMarker(command)
      ? []
      : [withoutMarker([...path, 'bypasses', index, 'command'], yaml, bypassHint)],
  ),
];

const marker = '#{command}';
const hasMarker = (command: string): boolean => command.includes(marker);

const legitimateHint = `Have ${marker} scheduled, or say \`proof: succeeds\` where the command's own exit code is all that counts.`;
const bypassHint = `Have ${marker} scheduled in place of what an attacker would run.`;

const withoutMarker = (path: Path, yaml: YamlFile, hint: string): Problem =>
  yaml.problem(path, {
    code: 'mitigation/no-marker',
    message: `expected ${marker}, the marker that must be seen to run: without it nothing shows that this works`,
    hint,
  });

function unknownCapability(name: string, path: Path, yaml: YamlFile): Problem {
  const bare = name.replace(/^CAP_/, '');
  const meant = capabilityNames.has(bare) ? bare : closestTo(bare, capabilityNames);
  return yaml.problem(path, {
    code: 'mitigation/unknown-capability',
    message: `there is no capability ${name}`,
    hint: meant === undefined ? 'capabilities(7) has their names; leave CAP_ out.' : `Did you mean ${meant}?`,
  });
}

function wrongOption({ option, expected }: TmpfsFault, path: Path, yaml: YamlFile): Problem {
  const name = option.trim();
  const meant = tmpfsOptionNames.includes(name) ? name : closestTo(name, tmpfsOptionNames);
  return yaml.problem(path, {
    code: 'mitigation/tmpfs-option',
    message:
      expected === undefined
        ? `a tmpfs has no option '${option}': the container engine starts nothing with it`
        : `expected ${expected}, got '${option}': the kernel does not mount it`,
    ...(expected === undefined && {
      hint:
        meant === undefined
          ? 'Options are separated by commas alone: noexec,nosuid,size=64m,mode=1777.'
          : `Did you mean ${meant}?`,
    }),
  });
}
