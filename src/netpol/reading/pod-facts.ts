import type { PodFact } from '../facts.js';
import { type Problem, Severity } from '../problem.js';
import { type Candidate, candidatesAmong, isPod, phaseOfEnded } from './candidate.js';
import {
  type Cursor,
  hasErrors,
  isAbsent,
  listAt,
  member,
  note,
  objectAt,
  stringAt,
} from './cursor.js';
import { nameOf } from './metadata.js';
import type { KubernetesObject } from './objects.js';
import { namespaceOf } from './owners.js';
import { type PodShape, podShapeAt, templatePath } from './pod-spec.js';
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
  const name = nameOf(cursor);
  const path = templatePath(candidate.object);
  const shape = path === null ? podAt(cursor) : templateAt(path.reduce(member, cursor));
  if (name === null) return null;
  const namespace = namespaceOf(candidate.object);
  const kind = path === null ? '' : `[${candidate.object.kind}]`;
  const workload = speakers.ownerOf(candidate);
  return { ...shape, key: `${namespace}/${name}${kind}`, namespace, name, workload };
}

function podAt(cursor: Cursor): PodShape & Pick<PodFact, 'addresses' | 'node'> {
  const addresses = addressesAt(member(cursor, 'status'));
  const node = stringAt(member(member(cursor, 'spec'), 'nodeName'));
  return { ...podShapeAt(cursor), addresses, node: node === '' ? null : node };
}

function templateAt(cursor: Cursor): PodShape & Pick<PodFact, 'addresses' | 'node'> {
  if (isAbsent(cursor)) {
    note(cursor, {
      code: 'TEMPLATE_MISSING',
      message: 'the workload has no pod template',
      hint: 'write the template that its pods are made from',
    });
  }
  objectAt(cursor);
  return { ...podShapeAt(cursor), addresses: [], node: null };
}

/** "podIPs … If this field is specified, the 0th entry must match the podIP field." */
function addressesAt(status: Cursor): readonly string[] {
  const listed = listAt(member(status, 'podIPs')) ?? [];
  const written = [member(status, 'podIP'), ...listed.map(item => member(item, 'ip'))];
  const addresses = written.map(stringAt).filter(address => address !== null);
  return [...new Set(addresses)].filter(address => address !== '');
}
