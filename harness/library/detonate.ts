// Runs attacks for a test: each is one case, and nothing of it is left unless it is to be kept.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CaseMisses, openMisses } from '../main/case-misses.ts';
import { isIdleId, procedureOf } from '../model/case-key.ts';
import { AtomclockError, exitCodes } from '../model/errors.ts';
import type { OnRunEvent } from '../model/run-event.ts';
import type { Detonation } from './detonation.ts';
import { Detonations } from './detonations.ts';
import { checkOptions, type DetonateOptions, type RunOptions } from './options.ts';
import { run } from './run.ts';

/**
 * Runs one attack in a container of its own and judges it; with `mitigation`, once without it and once under it.
 *
 * ```js
 * const result = await detonate('at-stdin', { mitigation: 'at-allow' });
 * expect(result).toBeBlockedBy('at-allow');
 * ```
 * @param atomic what selects one atomic (slug, GUID) or one variant (`cron-d-drop~writer=tee`)
 * @returns the case under the mitigation, where one is named
 * @throws as `run`; AtomclockError `library/several-cases` where more is selected, before anything is run
 */
export async function detonate(atomic: string, options: DetonateOptions = {}): Promise<Detonation> {
  const refuse = new AbortController();
  const detonations = await runAll([atomic], options, onlyOne(atomic, refuse), refuse.signal);
  const named = detonations.result.record.cases.filter(
    (one) =>
      one.mitigation === (options.mitigation ?? null) && atomic.includes('~') === (one.variant !== null),
  );
  const [only] = named;
  if (only) return detonations.case(only.id);
  throw new AtomclockError(
    'library/no-case',
    `${atomic} is not run under ${options.mitigation}: it is for other targets, or the attack is never launched`,
    { exitCode: exitCodes.nothingSelected, hint: `See: atomclock explain ${options.mitigation}` },
  );
}

/**
 * Runs several attacks in one run: sensors are started and a target's idle control is looked at once for all, and
 * attacks are run side by side. For a `beforeAll`.
 *
 * ```js
 * const attacks = await detonateAll(['at-stdin', 'cron-d-drop'], { rules: 'rules/' });
 * expect(await attacks.case('cron-d-drop')).toFire('my-rule');
 * ```
 * @param selectors techniques, slugs, GUIDs, tags, globs, ids of variants
 * @throws as `run`
 */
export const detonateAll = (
  selectors: readonly string[],
  options: DetonateOptions = {},
): Promise<Detonations> => runAll(selectors, options, () => {});

async function runAll(
  selectors: readonly string[],
  options: DetonateOptions,
  hear: OnRunEvent,
  refused?: AbortSignal,
): Promise<Detonations> {
  checkOptions('detonate', options);
  const { target, mitigation, signal, onEvent = () => {}, out, ...rest } = options;
  const signals = [signal, refused].filter((one) => one !== undefined);
  const chosen: RunOptions = {
    ...rest,
    selectors,
    ...(target !== undefined && { targets: target }),
    mitigations: mitigation === undefined ? 'none' : [mitigation],
    signal: AbortSignal.any(signals),
    onEvent(event) {
      hear(event);
      onEvent(event);
    },
  };
  if (out !== undefined) return await detonationsIn(out, chosen);
  const folder = await mkdtemp(join(tmpdir(), 'atomclock-'));
  try {
    return await detonationsIn(folder, chosen);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function detonationsIn(out: string, options: RunOptions): Promise<Detonations> {
  const { loss, folder, ...result } = await run({ ...options, out });
  if (loss) throw loss;
  const { cases, run: facts } = result.record;
  const open = await openMisses(folder, { rules: [], placeholders: {} }, facts.sensors);
  // Read now: the folder may be gone when a matcher asks.
  const misses = new Map<string, CaseMisses | null>();
  for (const { id } of cases) misses.set(id, await open(id));
  return new Detonations(result, async (id) => misses.get(id) ?? null);
}

/** Refuses a plan of several attacks before its first case begins: a test asks for one. */
function onlyOne(selector: string, refuse: AbortController): OnRunEvent {
  const procedures = new Set<string>();
  return (event) => {
    if (event.kind === 'case-planned' && !isIdleId(event.case)) procedures.add(procedureOf(event.case));
    if (event.kind !== 'case-started' || procedures.size === 0) return;
    const wanted = [...procedures].filter((one) => one.includes('~') === selector.includes('~'));
    if (wanted.length <= 1) return;
    refuse.abort(
      new AtomclockError('library/several-cases', `${wanted.length} attacks are meant by ${selector}`, {
        exitCode: exitCodes.badInput,
        hint: `Name one (${wanted.slice(0, 5).join(', ')}), or give them all to detonateAll.`,
      }),
    );
  };
}
