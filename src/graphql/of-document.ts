import type { DocumentNode } from 'graphql';

/** Asks each document once. Documents that come again are one object, as they are parsed once. */
export function ofDocument<Answer>(
  ask: (document: DocumentNode) => Answer,
): (document: DocumentNode) => Answer {
  const answers = new WeakMap<DocumentNode, { readonly answer: Answer }>();
  return document => {
    const known = answers.get(document);
    if (known !== undefined) return known.answer;
    const answer = ask(document);
    answers.set(document, { answer });
    return answer;
  };
}
