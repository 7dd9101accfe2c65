// YAML text → plain data that remembers where each value stood.

import type { Document, YAMLError } from 'yaml';
import type { Problem } from '../model/errors.ts';
import { readPlainYaml } from '../model/plain-yaml.ts';
import { type ProblemText, problemAt, type Source } from '../model/source.ts';
import { yamlLibrary } from '../model/yaml-library.ts';
import { plainYamlFile } from './plain-yaml-file.ts';
import type { Path, YamlFile } from './yaml-file.ts';

export type { Path, YamlFile } from './yaml-file.ts';

/** More problems about one file tell nobody anything new. */
const maxProblems = 20;

/**
 * Parses one YAML document.
 * @returns the file, or null with the problems when the text is no YAML, repeats a key, or grows without bound
 */
export function parseYaml(source: Source): { yaml: YamlFile | null; problems: Problem[] } {
  const plain = readPlainYaml(source.text);
  return plain === undefined ? parseAnyYaml(source) : { yaml: plainYamlFile(source, plain), problems: [] };
}

/** The same by the parser of all of YAML. */
function parseAnyYaml(source: Source): { yaml: YamlFile | null; problems: Problem[] } {
  try {
    const document = yamlLibrary().parseDocument(source.text, {
      uniqueKeys: true,
      merge: true,
      prettyErrors: false,
    });
    const problems = [
      ...telling(document.errors).map((error) => syntaxProblem(source, error, 'error')),
      ...telling(document.warnings).map((error) => syntaxProblem(source, error, 'warning')),
    ];
    if (document.errors.length > 0) return { yaml: null, problems };
    const stray = strayReference(document);
    if (stray !== undefined) return { yaml: null, problems: [problemAt(source, stray.offset, stray)] };
    // 100 uses of anchors are plenty for people; `toJS` refuses a document that multiplies itself beyond that.
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return { yaml: yamlFile(source, document, value), problems };
  } catch (error) {
    return { yaml: null, problems: [problemAt(source, 0, exhausted(error))] };
  }
}

/** What refers to nothing, or merges what is no mapping: making values of it throws, and does not say where. */
function strayReference(document: Document): (ProblemText & { readonly offset: number }) | undefined {
  const { visit, isAlias, isMap, isSeq, isScalar } = yamlLibrary();
  let found: (ProblemText & { readonly offset: number }) | undefined;
  // An alias refers to the last anchor of its name before it.
  const anchored = new Map<string, unknown>();
  const resolved = (node: unknown): unknown => (isAlias(node) ? anchored.get(node.source) : node);
  visit(document, {
    Value(_, node) {
      if (node.anchor) anchored.set(node.anchor, node);
    },
    Alias(_, alias) {
      if (anchored.has(alias.source)) return undefined;
      const message = `expected an anchor \`&${alias.source}\` before the alias \`*${alias.source}\``;
      const hint = 'A text that begins with a star stands in quotes.';
      found = { code: 'yaml/no-anchor', message, hint, offset: startOf(alias) ?? 0 };
      return visit.BREAK;
    },
    Pair(_, { key, value }) {
      if (!isScalar(key) || key.source !== '<<' || key.type !== 'PLAIN') return undefined;
      const merged = resolved(value);
      const sources = isSeq(merged) ? merged.items.map(resolved) : [merged];
      if (!isAlias(value) && !isSeq(value) && !isMap(value) && !isScalar(value)) return undefined;
      if ((isAlias(value) && merged === undefined) || sources.every((each) => isMap(each))) return undefined;
      const message = 'expected a mapping behind `<<`, which takes over its keys';
      found = { code: 'yaml/merge', message, offset: startOf(key) ?? 0 };
      return visit.BREAK;
    },
  });
  return found;
}

/**
 * After nesting too deep for the parser, its other problems are noise; so is all that it does not expect behind the first
 * thing that it did not.
 */
function telling(errors: readonly YAMLError[]): readonly YAMLError[] {
  const exhaustion = errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  const firsts = errors.filter(({ code }, at) => code !== unexpected || errors[at - 1]?.code !== unexpected);
  return exhaustion ? [exhaustion] : firsts.slice(0, maxProblems);
}

const unexpected: YAMLError['code'] = 'UNEXPECTED_TOKEN';

const syntaxProblem = (
  source: Source,
  { code, message, pos }: YAMLError,
  severity: Problem['severity'],
): Problem =>
  problemAt(source, pos[0], {
    code: `yaml/${code.toLowerCase().replaceAll('_', '-')}`,
    message: code === 'MULTIPLE_DOCS' ? 'expected one YAML document, got another' : message,
    severity,
    ...(hints[code] && { hint: hints[code] }),
  });

/** What people usually did when the parser says this. */
const hints: Partial<Record<YAMLError['code'], string>> = {
  BLOCK_AS_IMPLICIT_KEY:
    'A text with `: ` in it stands in quotes, or as a block below `|`; what belongs together is indented alike.',
  MULTILINE_IMPLICIT_KEY:
    'Look at the indentation of this line and of the one above; a mark of a merge conflict looks like this, too.',
  MISSING_CHAR: 'Look for the quote or bracket that was opened above and not closed.',
  TAB_AS_INDENT: 'Indent with blanks.',
  MULTIPLE_DOCS: 'Put all of it into the first, or into a file of its own.',
  UNEXPECTED_TOKEN:
    'Nothing may follow the quote that ends a text; between braces or brackets a text with any of `{}[],` in it, such as #{name}, stands in quotes.',
  DUPLICATE_KEY: 'Remove one of the two.',
};

function exhausted(error: unknown): ProblemText {
  if (error instanceof ReferenceError) {
    return { code: 'yaml/alias-bomb', message: 'expected a document of bounded size: too many aliases' };
  }
  if (error instanceof RangeError) {
    return { code: 'yaml/too-deep', message: 'expected a document of bounded depth: nested too deeply' };
  }
  throw error;
}

function yamlFile(source: Source, document: Document, value: unknown): YamlFile {
  const { isAlias, isScalar } = yamlLibrary();
  return {
    source,
    value,
    problem: (path, text) => problemAt(source, locate(document, path).value, text),
    problemAtKey: (path, text) => problemAt(source, locate(document, path).key, text),
    written: (path) => {
      const node = document.getIn(path, true);
      const scalar = isAlias(node) ? node.resolve(document) : node;
      return isScalar(scalar) ? scalar.source : undefined;
    },
  };
}

/** Offsets of the deepest key and value that the path reaches. */
function locate(document: Document, path: Path): { key: number; value: number } {
  const { isAlias, isMap, isSeq } = yamlLibrary();
  let node: unknown = document.contents;
  let found = { key: startOf(node) ?? 0, value: startOf(node) ?? 0 };
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => keyText(key) === String(step));
      if (!pair) break;
      const key = startOf(pair.key) ?? found.key;
      node = pair.value;
      found = { key, value: standsAlone(node) ? (startOf(node) ?? key) : key };
    } else if (isSeq(node)) {
      const item = node.items[Number(step)];
      if (item === undefined) break;
      node = item;
      const start = startOf(node) ?? found.key;
      found = { key: start, value: start };
    } else break;
  }
  return found;
}

/** An empty value, or one that begins on the next line, has no better place than its key. */
function standsAlone(node: unknown): boolean {
  const { isCollection, isScalar } = yamlLibrary();
  return isScalar(node) ? node.value !== null : isCollection(node) && node.flow === true;
}

const startOf = (node: unknown): number | undefined =>
  yamlLibrary().isNode(node) ? node.range?.[0] : undefined;

const keyText = (key: unknown): string => String(yamlLibrary().isScalar(key) ? key.value : key);
