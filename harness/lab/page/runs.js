// The runs of the session, each with a link to its report.

import { append, el } from '../../report/html/client/dom.js';

/** @typedef {import('../message.ts').SessionRun} SessionRun */

/**
 * @param {HTMLElement} place
 * @param {Iterable<SessionRun>} runs
 */
export function showRuns(place, runs) {
  place.replaceChildren();
  append(
    place,
    [...runs]
      .toReversed()
      .map(({ number, detonation, isTerminal, state, sentence, folder }) =>
        el(
          'li',
          {},
          `${isTerminal ? 'terminal' : detonation.atomic}${detonation.mitigation === null ? '' : ` under ${detonation.mitigation}`}`,
          el('span', { class: 'quiet' }, ` · ${state}`),
          folder !== null && [
            ' ',
            el('a', { href: `/runs/${number}/report.html`, target: '_blank', rel: 'noopener' }, 'report'),
          ],
          sentence !== null && el('p', { class: 'quiet' }, sentence),
        ),
      ),
  );
}
