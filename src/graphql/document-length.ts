import { Kind, parse } from 'graphql';
import { ApiError, ErrorCode } from '../query/api-error.js';

/** Characters of a document: the parser lets nobody else work until it has read it. What is long belongs into variables. */
const LONGEST_DOCUMENT = 200_000;

/** Validation holds each fragment against each other: 250 of them took a fifth of a second, in which nobody else was answered. */
const MOST_FRAGMENTS = 100;

const FRAGMENT = /\bfragment\b/g;

/** The word may stand in a text as well: only where it is there too often the document is read. */
function fragmentsIn(document: string): number {
  const words = document.match(FRAGMENT)?.length ?? 0;
  if (words <= MOST_FRAGMENTS) return words;
  try {
    const { definitions } = parse(document, { noLocation: true, maxTokens: LONGEST_DOCUMENT / 10 });
    return definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION).length;
  } catch {
    // Whoever parses it to run it says what is wrong.
    return 0;
  }
}

/**
 * Before a document is read.
 * @throws ApiError COST_EXCEEDED where it is longer than any is, or has more fragments
 */
export function assertShort(document: string): void {
  if (document.length > LONGEST_DOCUMENT)
    throw new ApiError(
      ErrorCode.COST_EXCEEDED,
      `the document is longer than ${LONGEST_DOCUMENT} characters; what is long belongs into variables`,
    );
  if (fragmentsIn(document) > MOST_FRAGMENTS)
    throw new ApiError(
      ErrorCode.COST_EXCEEDED,
      `the document has more than ${MOST_FRAGMENTS} fragments; ask for less at a time`,
    );
}
