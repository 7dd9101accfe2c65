// All lessons of a target: one for each bundled mitigation, or those that a file of one's own names, in its order.

import { resolve } from 'node:path';
import { ContentError, type Problem } from '../model/errors.ts';
import { type Lesson, type LessonDifference, lessonFileSchema } from '../model/lesson.ts';
import type { WrittenMitigation } from '../model/mitigation.ts';
import { refersTo } from '../model/reference.ts';
import { suggestion } from '../model/suggestion.ts';
import { loadChecked } from './checked-yaml.ts';
import { type LessonSource, lessonOf } from './lesson.ts';

/** The lessons that mitigations make by themselves, in the order of their ids. */
export const lessonsOf = (mitigations: readonly WrittenMitigation[], source: LessonSource): Lesson[] =>
  mitigations.flatMap((mitigation) => lessonOf(mitigation, source) ?? []);

/** A file of lessons, checked: what it names is there. */
export class LessonFile {
  readonly #entries: readonly { readonly own: LessonDifference; readonly mitigation: WrittenMitigation }[];

  /** @throws ContentError with every problem, each at its place */
  constructor(path: string, mitigations: readonly WrittenMitigation[], atomics: LessonSource['atomics']) {
    const { value, yaml, problems } = loadChecked(resolve(path), lessonFileSchema);
    if (!value || !yaml) throw new ContentError(problems);
    const found: Problem[] = [...problems];
    const ids = new Set<string>();
    this.#entries = value.lessons.flatMap((own, at) => {
      const { id = own.mitigation, attack } = own;
      const mitigation = mitigations.find((one) => one.id === own.mitigation);
      if (!mitigation)
        found.push(
          yaml.problem(['lessons', at, 'mitigation'], {
            code: 'lesson/unknown-mitigation',
            message: `there is no mitigation ${own.mitigation}`,
            hint: suggestion(
              own.mitigation,
              mitigations.map((one) => one.id),
              'Mitigations',
            ),
          }),
        );
      if (attack !== undefined && !atomics.some((one) => refersTo(attack, one)))
        found.push(
          yaml.problem(['lessons', at, 'attack'], {
            code: 'lesson/unknown-atomic',
            message: `there is no atomic ${attack}`,
            hint: suggestion(
              attack,
              atomics.map(({ slug }) => slug),
              'Atomics',
            ),
          }),
        );
      if (ids.has(id))
        found.push(
          yaml.problem(['lessons', at, own.id === undefined ? 'mitigation' : 'id'], {
            code: 'lesson/duplicate-id',
            message: `another lesson before it is called ${id} already`,
            hint: 'Give it an id of its own: id: WORDS-WITH-HYPHENS',
          }),
        );
      ids.add(id);
      return mitigation ? [{ own, mitigation }] : [];
    });
    if (found.some(({ severity }) => severity === 'error')) throw new ContentError(found);
  }

  /** Those that can be shown on this target. */
  on(source: LessonSource): Lesson[] {
    return this.#entries.flatMap(({ own, mitigation }) => lessonOf(mitigation, source, own) ?? []);
  }
}
