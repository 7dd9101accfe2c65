// What a run consists of whose only case is somebody at a terminal: the target, the mitigations over it, and the rules.

import { type PlannedProcedure, unprivilegedUser } from '../engine/run/plan.ts';
import { formatCaseKey } from '../model/case-key.ts';
import { AtomclockError, exitCodes } from '../model/errors.ts';
import { type Mitigation, mitigationFor } from '../model/mitigation.ts';
import type { OnRunFact } from '../model/run-event.ts';
import type { TargetDefinition } from '../model/target.ts';
import { terminalAtomic } from '../model/terminal.ts';
import { chooseMitigations, loadBook, type RunContent, refuseConflicts } from './load-content.ts';
import { placeholderValues } from './placeholder-values.ts';
import type { RunRequest } from './request.ts';

/**
 * Loads and plans.
 * @throws ContentError when no file of rules or not every mitigation can be used; AtomclockError
 *   `run/unknown-mitigation`, `run/not-applicable`, `run/mitigations-conflict`
 */
export function loadForShell(
  request: RunRequest & { readonly terminal: { readonly user: string | null } },
  targets: ReadonlyMap<string, TargetDefinition>,
  say: OnRunFact,
): RunContent {
  const placeholders = placeholderValues(request);
  const { book, texts, hasErrors } = loadBook(request.rules, say, 'ecs', placeholders);
  const written = chooseMitigations(request, say).flat();
  const terminals = [...targets].map(([name, definition]) => {
    const mitigations = written.map((each) => {
      const isFor = each.targets?.includes(name) ?? true;
      const mitigation = isFor ? mitigationFor(each, definition.families) : null;
      if (mitigation) return mitigation;
      throw new AtomclockError('run/not-applicable', `${each.id} cannot be applied on ${name}`, {
        exitCode: exitCodes.badInput,
        hint: `See: atomclock explain ${each.id}`,
      });
    });
    return planned(name, definition, mitigations, request.terminal.user);
  });
  refuseConflicts(terminals);
  return {
    book,
    ruleTexts: texts,
    placeholders,
    planned: terminals,
    dealtFrom: null,
    filesBeside: () => [],
    hasErrors,
  };
}

function planned(
  target: string,
  { profile }: TargetDefinition,
  mitigations: readonly Mitigation[],
  user: string | null,
): PlannedProcedure {
  const key = {
    atomic: terminalAtomic.slug,
    variant: {},
    target,
    mitigations: mitigations.map(({ id }) => id),
  };
  const id = formatCaseKey(key);
  const under = mitigations.findLast((one) => one.profile?.user !== undefined)?.profile?.user;
  const sitting = user ?? under ?? profile.user ?? unprivilegedUser;
  return {
    id,
    key,
    kind: 'attack',
    atomic: terminalAtomic,
    variant: null,
    expectation: null,
    target,
    mitigations,
    // Legitimate use is not tried: it would be one more thing to look on at, and there is no control to judge by.
    ...(mitigations.length > 0 && { legitimateIn: id }),
    user: sitting,
    needsUserManager: sitting !== 'root',
    skipped: null,
  };
}
