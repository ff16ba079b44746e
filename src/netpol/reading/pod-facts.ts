import type { PodFact } from '../facts.js';
import { type Problem, Severity } from '../problem.js';
import { type Candidate, candidatesAmong, isPod, phaseOfEnded } from './candidate.js';
import { type Cursor, hasErrors, listAt, member, stringAt } from './cursor.js';
import { nameOf } from './metadata.js';
import type { KubernetesObject } from './objects.js';
import { namespaceOf } from './owners.js';
import { podShapeAt, templatePath } from './pod-spec.js';
import { cursorOf } from './read-each.js';
import { type Speakers, speakersAmong } from './speakers.js';

export type PodReading = {
  readonly pods: readonly PodFact[];
  readonly problems: readonly Problem[];
  readonly notes: readonly Problem[];
};

/**
 * Reads pods, and templates of workloads that have no pods in the input, in the order of the input. Pods that have
 * ended are left out with a note; what cannot be read is left out with a problem.
 */
export function readPods(objects: readonly KubernetesObject[]): PodReading {
  const candidates = candidatesAmong(objects);
  const speakers = speakersAmong(candidates);
  const pods = new Map<string, PodFact>();
  const problems: Problem[] = [];
  const endings: Problem[] = [];
  for (const candidate of candidates) {
    const ending = endingOf(candidate.object);
    if (ending !== null) endings.push(ending);
    if (ending !== null || isRepeated(candidate, speakers)) continue;
    const notes: Problem[] = [];
    const fact = factAt(cursorOf(candidate.object, notes), candidate, speakers);
    problems.push(...notes);
    if (fact !== null && !hasErrors(notes)) pods.set(fact.key, fact);
  }
  return { pods: [...pods.values()], problems, notes: endings };
}

function isRepeated(candidate: Candidate, speakers: Speakers): boolean {
  return !isPod(candidate.object) && speakers.isSpokenFor(candidate);
}

function endingOf(object: KubernetesObject): Problem | null {
  const phase = phaseOfEnded(object);
  if (phase === null) return null;
  return {
    code: 'POD_ENDED',
    severity: Severity.INFO,
    message: `pod \`${namespaceOf(object)}/${object.name}\` is left out, since it has ended (${phase})`,
    path: 'status.phase',
    place: object.locate(['status', 'phase']),
    hint: null,
  };
}

function factAt(cursor: Cursor, candidate: Candidate, speakers: Speakers): PodFact | null {
  const { object } = candidate;
  const name = nameOf(cursor);
  const path = templatePath(object);
  if (name === null) return null;
  const namespace = namespaceOf(object);
  const shape = podShapeAt(path === null ? cursor : path.reduce(stepInto, cursor));
  return {
    key: path === null ? `${namespace}/${name}` : `${namespace}/${name}[${object.kind}]`,
    namespace,
    name,
    ...shape,
    addresses: path === null ? addressesAt(member(cursor, 'status')) : [],
    node: path === null ? stringAt(member(member(cursor, 'spec'), 'nodeName')) : null,
    workload: speakers.ownerOf(candidate),
  };
}

function stepInto(cursor: Cursor, step: string | number): Cursor {
  return member(cursor, String(step));
}

/** "podIPs … If this field is specified, the 0th entry must match the podIP field." */
function addressesAt(status: Cursor): readonly string[] {
  const listed = listAt(member(status, 'podIPs')) ?? [];
  const written = [member(status, 'podIP'), ...listed.map(item => member(item, 'ip'))];
  const addresses = written.map(stringAt).filter(address => address !== null);
  return [...new Set(addresses)].filter(address => address !== '');
}
