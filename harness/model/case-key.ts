// Which case is meant: atomic, variant, target and mitigations as data, and the one text form of them.

/** What makes an attack or a benign twin itself; two runs of the same content give the same keys. */
export interface CaseKey {
  /** Slug of the atomic. */
  readonly atomic: string;
  /** Axis → name of the value on it, in the order in which the axes were applied; none for the atomic as it is. */
  readonly variant: Readonly<Record<string, string>>;
  readonly target: string;
  /** Ids, in the order in which they are applied; none for a control. */
  readonly mitigations: readonly string[];
}

/**
 * The id of a case: `cron-d-drop~writer=tee~landing=rename@debian12+at-allow+cron-allow`.
 * @param key its parts, each of {@link isKeyPart}
 */
export function formatCaseKey({ atomic, variant, target, mitigations }: CaseKey): string {
  const axes = Object.entries(variant).map(([axis, value]) => `~${axis}=${value}`);
  return `${atomic}${axes.join('')}@${target}${mitigations.map((id) => `+${id}`).join('')}`;
}

/** The key of a recorded case. */
export const caseKeyOf = ({
  atomic,
  variant,
  target,
  mitigation,
}: {
  readonly atomic: { readonly slug: string };
  readonly variant: { readonly axes: CaseKey['variant'] } | null;
  readonly target: string;
  readonly mitigation: string | null;
}): CaseKey => ({
  atomic: atomic.slug,
  variant: variant?.axes ?? {},
  target,
  mitigations: parseMitigations(mitigation),
});

/**
 * Reads the id of a case.
 * @returns undefined where the text is no such id
 */
export function parseCaseKey(id: string): CaseKey | undefined {
  const { atomic, axes, target, treated } =
    /^(?<atomic>[^~@+=]+)(?<axes>(?:~[^~@+=]+=[^~@+=]+)*)@(?<target>[^~@+=]+)(?<treated>(?:\+[^~@+=]+)*)$/.exec(
      id,
    )?.groups ?? {};
  if (atomic === undefined || axes === undefined || target === undefined || treated === undefined)
    return undefined;
  const pairs = axes
    .split('~')
    .slice(1)
    .map((pair) => pair.split('=') as [string, string]);
  if (new Set(pairs.map(([axis]) => axis)).size < pairs.length) return undefined;
  return { atomic, variant: Object.fromEntries(pairs), target, mitigations: treated.split('+').slice(1) };
}

/** Whether a text can be part of a case's id: nothing that separates the parts of one. */
export const isKeyPart = (text: string): boolean => /^[^~@+=/\s]+$/.test(text);

/** `at-allow+cron-allow`; null for none, as in the record of a run. */
export const formatMitigations = (ids: readonly string[]): string | null =>
  ids.length === 0 ? null : ids.join('+');

/** The control of a target that does nothing: no atomic may be called so. */
export const idleName = 'idle';

/** Its id in a run. */
export const idleIdOf = (target: string): string => `${idleName}@${target}`;

export const isIdleId = (id: string): boolean => procedureOf(id).split('~', 1)[0] === idleName;

/**
 * The id of an idle control where runs are put together, each of which has one of the same target:
 * `idle~run=2@debian12`, of the first of runs that were put together before `idle~run=2.1@debian12`.
 * @param part number of its run among them; other cases keep their id
 */
export function idInMerge(id: string, part: number): string {
  if (!isIdleId(id)) return id;
  const before = /~run=([^@]*)/.exec(procedureOf(id))?.[1];
  const place = before === undefined ? `${part}` : `${part}.${before}`;
  return `${idleName}~run=${place}${id.slice(procedureOf(id).length)}`;
}

/** The id that a case had before its run was put together with others. */
export const idBeforeMerge = (id: string): string =>
  isIdleId(id) ? `${idleName}${id.slice(procedureOf(id).length)}` : id;

/** What of the id of a case says what was done: the atomic and its variant. */
export const procedureOf = (id: string): string => id.split('@', 1)[0] ?? id;

/** The ids of a composition, in its order. */
export const parseMitigations = (text: string | null): string[] => text?.split('+') ?? [];

/** The same case without its mitigations. */
export const controlOf = (key: CaseKey): CaseKey => ({ ...key, mitigations: [] });

/** The same case of the atomic as it is. */
export const baseOf = (key: CaseKey): CaseKey => ({ ...key, variant: {} });

/** The name of what stays in one shard: an atomic with its variants, and all that is held against them. */
export const groupNameOf = (key: CaseKey): string => formatCaseKey(baseOf(controlOf(key)));

/** Whether a variant changes nothing. */
export const isBase = ({ variant }: CaseKey): boolean => Object.keys(variant).length === 0;
