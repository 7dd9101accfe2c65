// A variant, or an axis of such, in plain words: what is changed, in which arguments, and what of the traces is another by it.

import { type Atomic, defaultInputs, renderCommand } from '../../model/atomic.ts';
import { type Axis, notesOn, variantsOn } from '../../model/axis.ts';
import { type Change, type Variant, variantName, withVariant } from '../../model/variant.ts';
import { type Block, listed } from './block.ts';

/** Explains a variant of an atomic by the axes along which it was made. */
export function explainVariant(atomic: Atomic, variant: Variant, axes: readonly Axis[]): Block[] {
  const varied = withVariant(atomic, variant);
  const along = Object.entries(variant.axes).flatMap(([name, value]) => {
    const axis = axes.find((one) => one.axis === name);
    return axis ? [{ axis, value }] : [];
  });
  return [
    {
      kind: 'title',
      name: variantName(atomic.slug, variant),
      text: `${atomic.name}, varied`,
      facts: [
        'variant',
        atomic.technique,
        ...along.map(({ axis, value }) => `${axis.title.toLowerCase()}: ${value}`),
      ],
    },
    ...along.flatMap(({ axis, value }): Block[] => [
      { kind: 'paragraph', text: axis.description },
      ...notesOn(axis, value).map((text): Block => ({ kind: 'paragraph', text })),
    ]),
    ...listed(
      'Arguments, instead of their defaults',
      Object.entries(variant.inputs).map(
        ([argument, value]) => `${argument}: ${value} (default: ${atomic.inputs[argument]?.default ?? ''})`,
      ),
    ),
    ...listed('Of the traces it changes', (variant.changes ?? []).map(changed)),
    { kind: 'heading', text: `Runs, with ${atomic.executor.name}` },
    { kind: 'code', text: renderCommand(varied.executor.command, defaultInputs(varied.inputs)) },
    {
      kind: 'paragraph',
      text: `It counts for a rule where it executes and the rule sees ${atomic.slug} as it is. Run it: atomclock run '${variantName(atomic.slug, variant)}'`,
    },
  ];
}

/** Explains an axis: its values, and how many atomics it varies. */
export function explainAxis(axis: Axis, atomics: readonly Atomic[]): Block[] {
  const made = atomics.map((atomic) => variantsOn(axis, atomic));
  const written = axis.settings.flatMap(({ values }) => Object.entries(values));
  const values = Map.groupBy(written, ([name]) => name);
  return [
    {
      kind: 'title',
      name: axis.axis,
      text: axis.title,
      facts: [
        'axis of variants',
        `${made.flat().length} variants of ${made.filter((variants) => variants.length > 0).length} atomics`,
      ],
    },
    { kind: 'paragraph', text: axis.description },
    ...listed(
      'Values',
      [...values].map(([name, forms]) => {
        const changes = new Set(forms.flatMap(([, form]) => form.changes));
        const sets = new Set(forms.map(([, { set }]) => set));
        return [
          `${name}: ${[...sets].join(' or ')} (${[...changes].join(', ')})`,
          ...notesOn(axis, name),
        ].join('; ');
      }),
    ),
    {
      kind: 'paragraph',
      text: `Which variants there are: atomclock list --variants ${axis.axis}. Run them: atomclock run --variants ${axis.axis}`,
    },
  ];
}

const inWords: Readonly<Record<Change, string>> = {
  'shell-text': 'the text that a shell reads, and nothing that a shell makes of it',
  'path-text': 'a path as it is written; the file is the same',
  name: 'the name of a program, a file or a unit',
  time: 'when it happens',
  arguments: 'the arguments of a program',
  program: 'the program',
  lineage: "the program's ancestors or account",
  'file-operation': 'how a file gets where it is',
  place: 'where a file is',
};

const changed = (change: Change): string => `${change}: ${inWords[change]}`;
