import { type Problem, Severity } from '../problem.js';
import { readDocuments } from '../reading/documents.js';
import type { Locate, Path, Source } from '../reading/source.js';
import { type Assertion, parseSentence, SENTENCE_FORMS } from './assertion.js';

export type AssertionReading = {
  readonly assertions: readonly Assertion[];
  readonly problems: readonly Problem[];
};

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const faulty = (message: string, locate: Locate, path: Path, hint: string): Problem => ({
  code: 'ASSERTION_INVALID',
  severity: Severity.ERROR,
  message,
  path: path.length === 0 ? null : path.join('.'),
  place: locate(path),
  hint,
});

type Item = { readonly sentence: string; readonly name: string | null };

/** A sentence, or `{ name, assert }`. */
function itemOf(value: unknown): Item | null {
  if (typeof value === 'string') return { sentence: value, name: null };
  if (!isMap(value)) return null;
  const { assert: sentence, name = null } = value;
  const isNamed = name === null || typeof name === 'string';
  return typeof sentence === 'string' && isNamed ? { sentence, name } : null;
}

const ITEM_HINT = `write a sentence, or \`{ name, assert }\` with one; ${SENTENCE_FORMS}`;

function assertionAt(value: unknown, locate: Locate, path: Path): Assertion | Problem {
  const item = itemOf(value);
  if (item === null)
    return faulty('an assertion is neither a text nor a name with one', locate, path, ITEM_HINT);
  const said = parseSentence(item.sentence);
  if ('fault' in said) {
    const [message = '', ...hint] = said.fault.split('; ');
    return faulty(message, locate, path, hint.join('; ') || SENTENCE_FORMS);
  }
  const text = item.sentence.trim();
  return { ...said, text, name: item.name ?? text, place: locate(path) };
}

const LIST_HINT = 'write `assertions:` with a list of sentences';

type Entry = { readonly value: unknown; readonly locate: Locate; readonly path: Path };

/** The entries of a document that is a list, or has one under `assertions`; null: neither. */
function entriesOf(value: unknown, locate: Locate): readonly Entry[] | null {
  const list = isMap(value) ? value['assertions'] : value;
  if (!Array.isArray(list)) return null;
  const base: Path = isMap(value) ? ['assertions'] : [];
  return list.map((item, place) => ({ value: item, locate, path: [...base, place] }));
}

/**
 * Reads assertions from YAML: documents with `assertions`, a list of sentences or of `{ name, assert }`. What is none is an
 * ERROR at its line and column; a text without any is one too.
 */
export function readAssertions(sources: readonly Source[]): AssertionReading {
  const { documents, problems: unreadable } = readDocuments(sources);
  const read = documents.flatMap(({ value, locate }): readonly (Assertion | Problem)[] => {
    const entries = entriesOf(value, locate);
    if (entries === null) return [faulty('there is no list of assertions', locate, [], LIST_HINT)];
    return entries.map(entry => assertionAt(entry.value, entry.locate, entry.path));
  });
  const assertions = read.filter(one => 'kind' in one);
  const problems = [...unreadable, ...read.filter(one => 'severity' in one)];
  const isEmpty = assertions.length === 0 && problems.length === 0;
  return { assertions, problems: isEmpty ? [NOTHING_ASSERTED] : problems };
}

const NOTHING_ASSERTED: Problem = {
  code: 'ASSERTION_INVALID',
  severity: Severity.ERROR,
  message: 'nothing is asserted',
  path: null,
  place: null,
  hint: LIST_HINT,
};
