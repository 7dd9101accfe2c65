// The lesson that is shown: its stages, the one that is on, and what it says.

import { append, el } from '../../report/html/client/dom.js';

/** @typedef {import('../../model/lesson.ts').Lesson} Lesson */

const names = {
  attack: 'Attack',
  traces: 'Traces',
  hardening: 'Hardening',
  refused: 'Refused',
  recorded: 'On record',
  legitimate: 'Still works',
  around: 'Way around',
};

/**
 * @param {HTMLElement} place
 * @param {Lesson} lesson
 * @param {number} at
 * @param {((stage: number) => void) | null} onStage null: only to be looked at
 */
export function showLesson(place, lesson, at, onStage) {
  const stage = lesson.stages[at];
  place.hidden = false;
  place.replaceChildren();
  append(place, [
    el(
      'h2',
      { id: 'lesson-title' },
      `${lesson.title} `,
      el('span', { class: 'quiet' }, `${lesson.attack} · ${lesson.target}`),
    ),
    el(
      'ol',
      { class: 'stages', 'aria-label': 'Stages of the lesson' },
      lesson.stages.map(({ kind }, index) => {
        const item = el(
          'li',
          {
            class: index === at ? 'now' : index < at ? 'done' : undefined,
            'aria-current': index === at && 'step',
          },
          onStage ? el('button', { type: 'button' }, names[kind]) : names[kind],
        );
        item.querySelector('button')?.addEventListener('click', () => onStage?.(index));
        return item;
      }),
    ),
    stage && [
      el('h3', {}, stage.title),
      stage.text.split('\n').map((line) => el('p', {}, line)),
      stage.code !== null && el('pre', {}, stage.code),
    ],
  ]);
}
