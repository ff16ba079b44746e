import type { Problem } from '../problem.js';
import { type Cursor, hasErrors, wholeDocument } from './cursor.js';
import type { KubernetesObject } from './objects.js';

/** `known`: what is known of objects that stand in other documents as well. */
export function cursorOf(
  { value, locate }: KubernetesObject,
  notes: Problem[],
  known: Cursor['document']['known'] = new Map(),
): Cursor {
  return wholeDocument(value, { locate, notes, known });
}

/** Reads something from each object; an object with an ERROR gives nothing, a reader may give null to pass over. */
export function readEach<T>(
  objects: readonly KubernetesObject[],
  read: (cursor: Cursor, object: KubernetesObject) => T | null,
): { readonly facts: readonly T[]; readonly problems: readonly Problem[] } {
  const facts: T[] = [];
  const problems: Problem[] = [];
  for (const object of objects) {
    const notes: Problem[] = [];
    const fact = read(cursorOf(object, notes), object);
    if (fact !== null && !hasErrors(notes)) facts.push(fact);
    for (const note of notes) problems.push(note);
  }
  return { facts, problems };
}
