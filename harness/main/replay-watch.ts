// Recorded evidence judged again whenever a rule is edited.

import { loadRuleFiles } from '../content/rule-files.ts';
import { AtomclockError, ContentError, exitCodes } from '../model/errors.ts';
import type { OnRunEvent } from '../model/run-event.ts';
import { rememberingReader, replayFolder } from './replay-folder.ts';
import type { Replayed } from './replayed.ts';
import type { ReplayRequest } from './request.ts';
import { changesOf } from './watch-files.ts';
import { stamped, type World } from './world.ts';

/** What came of one judging: a record, or why there is none yet. */
export type Watched =
  | { readonly kind: 'judged'; readonly replayed: Replayed; readonly ms: number }
  | { readonly kind: 'refused'; readonly error: AtomclockError | ContentError };

/**
 * Judges at once, then after each change of the rules or expectations named; a file that is half written hides nothing
 * but itself, and ends nothing. Evidence is read once.
 * @throws AtomclockError `replay/watch-needs-rules`, `evidence/…`, `watch/unwatchable`; the signal's reason when interrupted
 */
export async function watchReplay(
  request: ReplayRequest,
  world: World,
  onEvent: OnRunEvent,
  show: (watched: Watched) => Promise<void>,
): Promise<never> {
  const { source, rules, expect = [] } = request;
  if (rules.length === 0) {
    throw new AtomclockError('replay/watch-needs-rules', '--watch expects rules that can be edited', {
      exitCode: exitCodes.badInput,
      hint: 'Name them: --rules PATH.',
    });
  }
  const reader = rememberingReader(source);
  await reader.file();
  const changes = changesOf([...rules, ...expect], world.signal);
  let before: string | null = null;
  for (;;) {
    // Asked before anything is read: an edit while it is judged is not to be missed.
    const changed = changes.next();
    changed.catch(() => {});
    const now = textOf(rules, expect);
    // Saved as it was, or another file of the folder: nothing is judged otherwise.
    if (now !== before) await show(await judge(request, world, onEvent, reader));
    before = now;
    await changed;
  }
}

async function judge(
  request: ReplayRequest,
  world: World,
  onEvent: OnRunEvent,
  reader: ReturnType<typeof rememberingReader>,
): Promise<Watched> {
  const begun = performance.now();
  try {
    const replayed = await replayFolder(request, world, stamped(onEvent), reader);
    return { kind: 'judged', replayed, ms: performance.now() - begun };
  } catch (error) {
    if (error instanceof AtomclockError || error instanceof ContentError) return { kind: 'refused', error };
    throw error;
  }
}

/** All that is judged by, as one text. */
const textOf = (rules: readonly string[], expect: readonly string[]): string =>
  JSON.stringify(loadRuleFiles({ bundled: false, foreign: [...rules, ...expect] }));
