// Folders and files → the atomics of a run, each with its name and its expectation.

import { join } from 'node:path';
import type { Atomic } from '../model/atomic.ts';
import { idleName } from '../model/case-key.ts';
import type { Problem } from '../model/errors.ts';
import type { WrittenExpectation } from '../model/expectation.ts';
import { withFamilies } from '../model/family.ts';
import { packageRoot } from '../model/package-root.ts';
import { withoutRestOfCheckout } from './art-checkout.ts';
import { looksLikeAtomicFile, type ParsedAtomic, parseAtomicFile } from './atomic-file.ts';
import { isExpectationFile, type ParsedExpectation, parseExpectationFile } from './expectation-file.ts';
import { familiesFile, loadFamilies } from './families.ts';
import { type FoundFile, findFiles } from './folder.ts';
import { kebab, uniqueSlug } from './slug.ts';
import { isProblem, mentions, readSource, shownPath } from './source.ts';
import { looksLikeAxisFile } from './variants.ts';
import { parseYaml } from './yaml.ts';

export interface AtomicsRequest {
  /** Whether the atomics of this package are wanted; their expectations for foreign atomics always are. */
  bundled: boolean;
  /** Folders and files in Atomic Red Team's schema. */
  foreign: readonly string[];
}

export interface LoadedAtomics {
  atomics: Atomic[];
  /** By GUID, lower case. */
  expectations: Map<string, WrittenExpectation>;
  problems: Problem[];
  /** Where everything was written down, for the checks that need more than one file. */
  written: { atomics: ParsedAtomic[]; expectations: ParsedExpectation[] };
}

/**
 * Loads atomics and expectations; collects every problem instead of stopping at the first.
 * @returns what could be used, and what could not as problems (severity `error`) or was left out on purpose (`warning`)
 */
export function loadAtomics(request: AtomicsRequest): LoadedAtomics {
  const bundled = readRoot(join(packageRoot, 'atomics'), false);
  const roots = request.foreign.map((path) => readRoot(path, true));
  const wanted = request.bundled ? [bundled, ...roots] : roots;

  const problems = [...(request.bundled ? bundled.problems : []), ...roots.flatMap((root) => root.problems)];
  const written = mergeAtomics(
    wanted.map((root) => root.atomics),
    problems,
  );
  const declared = mergeExpectations([bundled, ...roots], problems);
  for (const root of wanted) problems.push(...strayExpectations(root));
  const { families, problems: ofFamilies } = loadFamilies();
  problems.push(...ofFamilies);
  const expectations = new Map(
    [...declared].map(([guid, { expectation }]) => [guid, withFamilies(expectation, families)]),
  );
  return {
    atomics: nameAtomics(written, declared, problems),
    expectations,
    problems,
    written: { atomics: written, expectations: [...declared.values()] },
  };
}

interface Root {
  atomics: ParsedAtomic[];
  expectations: ParsedExpectation[];
  problems: Problem[];
}

function readRoot(given: string, foreign: boolean): Root {
  const found = findFiles(given, ['.yaml', '.yml']);
  const root: Root = { atomics: [], expectations: [], problems: found.problems };
  const files = foreign
    ? withoutRestOfCheckout(found.files, isExpectationFile)
    : found.files.filter(({ relativePath }) => relativePath !== familiesFile);
  for (const file of files) readFile(root, file, foreign);
  if (foreign && root.atomics.length === 0 && !root.problems.some(({ severity }) => severity === 'error')) {
    const place = { file: shownPath(given), line: 1, column: 1 };
    root.problems.push({
      code: 'atomic/none',
      message: 'no atomic was found here',
      place,
      severity: 'error',
    });
  }
  return root;
}

function readFile(root: Root, file: FoundFile, foreign: boolean): void {
  const source = readSource(file.path);
  const name = file.relativePath.split('/').at(-1) ?? file.relativePath;
  if (isProblem(source)) {
    // ART keeps an index of several megabytes beside its atomics; what is too small for that was meant to be run.
    const isMeant = file.named || !foreign || mentions(file.path, 'atomic_tests');
    root.problems.push({ ...source, severity: isMeant ? 'error' : 'warning' });
    return;
  }
  const isExpectation = isExpectationFile(name);
  const { yaml, problems } = parseYaml(source);
  if (yaml && looksLikeAxisFile(yaml)) return;
  const isWanted = isExpectation || (yaml ? looksLikeAtomicFile(yaml) : source.text.includes('atomic_tests'));
  if (!isWanted && !file.named) {
    const place = { file: source.file, line: 1, column: 1 };
    const message = 'not an atomics file (no `atomic_tests`): ignored';
    root.problems.push({ code: 'atomic/ignored', message, place, severity: 'warning' });
    return;
  }
  root.problems.push(...problems);
  if (!yaml) return;
  if (isExpectation) {
    const parsed = parseExpectationFile(yaml, name);
    root.expectations.push(...parsed.expectations);
    root.problems.push(...parsed.problems);
  } else {
    const shown = foreign ? source.file : `atomics/${file.relativePath}`;
    const parsed = parseAtomicFile(yaml, { source: shown, foreign });
    root.atomics.push(...parsed.atomics);
    root.problems.push(...parsed.problems);
  }
}

/** One atomic per GUID: what the user named replaces what is bundled, and the first of two foreign ones stays. */
function mergeAtomics(roots: readonly ParsedAtomic[][], problems: Problem[]): ParsedAtomic[] {
  const byGuid = new Map<string, ParsedAtomic>();
  for (const parsed of roots.flat()) {
    const { guid, foreign } = parsed.atomic;
    const earlier = byGuid.get(guid);
    if (!earlier || (foreign && !earlier.atomic.foreign)) {
      byGuid.delete(guid);
      byGuid.set(guid, parsed);
    }
    if (!earlier || isSamePlace(earlier, parsed)) continue;
    const replaces = byGuid.get(guid) === parsed;
    problems.push(
      parsed.yaml.problem([...parsed.path, 'auto_generated_guid'], {
        code: 'atomic/duplicate-guid',
        message: `the GUID ${guid} belongs to '${earlier.atomic.name}' in ${earlier.yaml.source.file} already: ${
          replaces ? 'this one is used' : 'that one is used'
        }`,
        severity: replaces ? 'warning' : 'error',
      }),
    );
  }
  return [...byGuid.values()];
}

/** The same file may be given twice, as a file and in its folder. */
const isSamePlace = (a: ParsedAtomic, b: ParsedAtomic): boolean =>
  a.yaml.source.file === b.yaml.source.file && a.path.join() === b.path.join();

/** Later roots win: an expectation that lies beside a foreign atomic knows it better than we do. */
function mergeExpectations(roots: readonly Root[], problems: Problem[]): Map<string, ParsedExpectation> {
  const merged = new Map<string, ParsedExpectation>();
  for (const root of roots) {
    const own = new Map<string, ParsedExpectation>();
    for (const parsed of root.expectations) {
      const earlier = own.get(parsed.guid);
      if (earlier && earlier.yaml.source.file !== parsed.yaml.source.file) {
        problems.push(
          parsed.yaml.problemAtKey([parsed.key], {
            code: 'expectation/duplicate',
            message: `${parsed.guid} has an expectation in ${earlier.yaml.source.file} already`,
          }),
        );
      } else own.set(parsed.guid, parsed);
    }
    for (const [guid, parsed] of own) merged.set(guid, parsed);
  }
  return merged;
}

/** Expectations without an atomic, unless they wait for the atomics of another project. */
function strayExpectations(root: Root): Problem[] {
  const known = new Set(root.atomics.map(({ atomic }) => atomic.guid));
  return root.expectations
    .filter(({ guid, forForeign }) => !forForeign && !known.has(guid))
    .map(({ yaml, key, guid }) =>
      yaml.problemAtKey([key], {
        code: 'expectation/unknown-atomic',
        message: `no atomic here has the GUID ${guid}`,
        hint: 'Expectations for the atomics of another project go into expectations.<project>.yaml.',
        severity: 'warning',
      }),
    );
}

/** Slugs that an expectation gives come first, so that no derived one can take them. */
function nameAtomics(
  written: readonly ParsedAtomic[],
  declared: ReadonlyMap<string, ParsedExpectation>,
  problems: Problem[],
): Atomic[] {
  const taken = new Set([idleName]);
  const slugs = new Map<ParsedAtomic, string>();
  for (const parsed of written) {
    const expected = declared.get(parsed.atomic.guid);
    if (!expected) continue;
    const { slug } = expected.expectation;
    if (taken.has(slug)) {
      problems.push(
        expected.yaml.problem([expected.key, 'slug'], {
          code: 'expectation/duplicate-slug',
          message: `the slug ${slug} names ${slug === idleName ? 'the idle control' : 'another atomic'} already`,
        }),
      );
    }
    slugs.set(parsed, claim(slug, taken));
  }
  return written.map((parsed) => {
    const { atomic } = parsed;
    const expectation = declared.get(atomic.guid)?.expectation;
    const slug = slugs.get(parsed) ?? claim(kebab(atomic.name) || `atomic-${atomic.guid.slice(0, 8)}`, taken);
    return { ...atomic, slug, kind: expectation?.kind ?? 'attack', tags: expectation?.tags ?? [] };
  });
}

function claim(wanted: string, taken: Set<string>): string {
  const slug = uniqueSlug(wanted, taken);
  taken.add(slug);
  return slug;
}
