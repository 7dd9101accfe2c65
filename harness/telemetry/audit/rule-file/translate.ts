// A fleet's rule, made to watch one target: audit knows no containers, but it knows the folder on the host that is a
// container's root, and a rule for that folder sees whatever is done to the files in it, programs executed included.

import type { AuditRule, CallRule, RuleField } from '../../../model/audit-rule.ts';
import type { Accounts } from '../../accounts.ts';

/** What translating needs to know of a target. */
export interface RuleTarget {
  /** The container's root on the host. */
  readonly rootfs: string;
  /** Key by which the target's records are told apart from others'. */
  readonly key: string;
  readonly accounts: Accounts;
  /** What a path is in the target: its canonical form, and why it cannot be watched from outside. */
  readonly look: (path: string) => PathLook;
}

export type PathLook =
  | { readonly kind: 'file' | 'folder' | 'absent'; readonly canonical: string }
  /** Lies on a mount of its own (/run, /tmp): the host's view of the container's root does not have it. */
  | { readonly kind: 'elsewhere'; readonly mount: string };

export interface Translation {
  /** Arguments for auditctl. */
  readonly argv: readonly string[];
  /** How the rule differs from the fleet's. */
  readonly notes: readonly string[];
}

/** The rule for this target, or why it cannot be had. */
export function translateRule(
  rule: AuditRule,
  target: RuleTarget,
): Translation | { readonly skipped: string } {
  switch (rule.kind) {
    case 'watch':
      return fromParts(target, {
        filter: 'always,exit',
        fields: [
          { name: 'path', operator: '=', value: rule.path },
          { name: 'perm', operator: '=', value: rule.permissions },
        ],
        calls: [],
        comparisons: [],
        keys: rule.keys,
      });
    case 'call':
      return callRule(rule, target);
  }
}

interface Parts {
  readonly filter: string;
  readonly fields: readonly RuleField[];
  readonly calls: readonly string[];
  readonly comparisons: readonly string[];
  readonly keys: readonly string[];
}

function callRule(rule: CallRule, target: RuleTarget): Translation | { readonly skipped: string } {
  if (rule.list !== 'exit')
    return { skipped: `rules on the ${rule.list} list cannot be confined to a target` };
  return fromParts(target, { ...rule, filter: `${rule.action},exit` });
}

/** Fields that name accounts; auditctl would look their names up in its own container. */
const accountFields = /^(?:[efs]|fs|obj_)?[ug]id$/;

function fromParts(target: RuleTarget, parts: Parts): Translation | { readonly skipped: string } {
  const notes: string[] = [];
  const fields: RuleField[] = [];
  let isConfined = false;
  for (const field of parts.fields) {
    if (field.name === 'auid' || field.name === 'loginuid') {
      // Commands come into a container without a login: the condition would hide every attack.
      notes.push(
        `without ${field.name}${field.operator}${field.value}: commands in a target have no login uid`,
      );
      continue;
    }
    if (field.name === 'path' || field.name === 'dir' || field.name === 'exe') {
      const placed = placedField(field, target);
      if ('skipped' in placed) return placed;
      fields.push(placed);
      isConfined = true;
    } else if (accountFields.test(field.name)) fields.push(accountField(field, target.accounts));
    else fields.push(field);
  }
  if (!isConfined) fields.push({ name: 'dir', operator: '=', value: target.rootfs });
  // auditctl wants the architecture before the calls, and takes rules about calls of both word lengths apart.
  const arch = fields.filter(({ name }) => name === 'arch');
  const others = fields.filter(({ name }) => name !== 'arch');
  if (arch.length === 0 && parts.calls.length > 0 && !parts.calls.includes('all'))
    arch.push({ name: 'arch', operator: '=', value: 'b64' });
  const comparisons = parts.comparisons.filter((comparison) => !comparison.includes('auid'));
  const flag = (option: string, values: readonly string[]): string[] =>
    values.flatMap((value) => [option, value]);
  return {
    argv: [
      '-a',
      parts.filter,
      ...flag('-F', arch.map(fieldText)),
      ...flag('-S', parts.calls),
      ...flag('-F', others.map(fieldText)),
      ...flag('-C', comparisons),
      ...flag('-k', [...parts.keys, target.key]),
    ],
    notes,
  };
}

const fieldText = ({ name, operator, value }: RuleField): string => `${name}${operator}${value}`;

/** A path in the target as a path on the host; folders are watched with all that is below them. */
function placedField(
  field: RuleField,
  { look, rootfs }: RuleTarget,
): RuleField | { readonly skipped: string } {
  const seen = look(field.value);
  switch (seen.kind) {
    case 'elsewhere':
      return {
        skipped: `${field.value} lies on ${seen.mount}, a mount that audit does not see from outside`,
      };
    case 'absent':
      if (field.name === 'dir' || field.name === 'exe')
        return { skipped: `${field.value} does not exist in the target` };
      return { ...field, value: rootfs + seen.canonical };
    case 'folder':
      return { name: 'dir', operator: field.operator, value: rootfs + seen.canonical };
    case 'file':
      return { ...field, name: field.name === 'exe' ? 'exe' : 'path', value: rootfs + seen.canonical };
  }
}

function accountField(field: RuleField, accounts: Accounts): RuleField {
  const id = field.name.endsWith('uid') ? accounts.uids.get(field.value) : groupId(accounts, field.value);
  return id === undefined ? field : { ...field, value: id };
}

const groupId = ({ groups }: Accounts, name: string): string | undefined =>
  [...groups].find(([, group]) => group === name)?.[0];
