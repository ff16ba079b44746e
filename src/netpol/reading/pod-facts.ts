import type { PodFact } from '../facts.js';
import { type Problem, Severity } from '../problem.js';
import { type Candidate, candidatesAmong, isPod, phaseOfEnded } from './candidate.js';
import { controllerLabels, replicasOf } from './controller-labels.js';
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
import { type PodShape, podShapeAt } from './pod-spec.js';
import { groupOf, isKnownWorkload } from './pod-templates.js';
import { cursorOf } from './read-each.js';
import { type Speakers, speakersAmong } from './speakers.js';

/** What is known of the cluster beside its pods. */
export type Surroundings = {
  /** The node with this address, or null. */
  readonly nodeAt: (address: string) => string | null;
  /** Keys of labels that some selector asks for. */
  readonly asked: ReadonlySet<string>;
};

export type PodReading = {
  readonly pods: readonly PodFact[];
  readonly problems: readonly Problem[];
  readonly notes: readonly Problem[];
};

/**
 * Reads pods, and templates of workloads that have no pods in the input, in the order of the input. Pods that have
 * ended are left out with a note; what cannot be read is left out with a problem.
 */
export function readPods(
  objects: readonly KubernetesObject[],
  surroundings: Surroundings,
): PodReading {
  const candidates = candidatesAmong(objects);
  const speakers = speakersAmong(candidates);
  const pods = new Map<string, PodFact>();
  const problems: Problem[][] = [];
  const endings: Problem[] = [];
  for (const candidate of candidates) {
    const ending = endingOf(candidate.object);
    if (ending !== null) endings.push(ending);
    if (ending !== null || isRepeated(candidate, speakers)) continue;
    const notes: Problem[] = [];
    const facts = factsAt(cursorOf(candidate.object, notes), candidate, { speakers, surroundings });
    problems.push(notes);
    if (!hasErrors(notes)) for (const fact of facts) pods.set(fact.key, fact);
  }
  return { pods: [...pods.values()], problems: problems.flat(), notes: endings };
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

type Circumstances = { readonly speakers: Speakers; readonly surroundings: Surroundings };

/** One fact for a pod or template; for a StatefulSet one for each pod where selectors can tell them apart. */
function factsAt(
  cursor: Cursor,
  candidate: Candidate,
  { speakers, surroundings }: Circumstances,
): readonly PodFact[] {
  const name = nameOf(cursor);
  const { template, object, place } = candidate;
  const shape =
    template === null
      ? podAt(cursor, surroundings)
      : templateAt(template.reduce(part, cursor), isKnownWorkload(object));
  if (name === null) return [];
  const namespace = namespaceOf(object);
  const whole = `${namespace}/${name}[${object.kind}]`;
  const workload = speakers.ownerOf(candidate);
  const fact: PodFact = { ...shape, key: `${namespace}/${name}`, namespace, name, workload };
  if (template === null) return [fact];
  const owned = { group: groupOf(object.apiVersion), kind: object.kind, name };
  if (place > 0) {
    const labels = { ...controllerLabels(owned, 0, surroundings.asked), ...fact.labels };
    return [{ ...fact, labels, key: `${whole}#${place + 1}`, memberOf: whole }];
  }
  const [first = {}, ...others] = replicasOf(object, surroundings.asked).map(ordinal =>
    controllerLabels(owned, ordinal, surroundings.asked),
  );
  const isAlone = others.length > 0 ? { alone: true } : {};
  const withLabels = { ...fact, key: whole, labels: { ...fact.labels, ...first }, ...isAlone };
  return [
    withLabels,
    ...others.map((labels, index) => ({
      ...withLabels,
      key: `${whole}#${index + 2}`,
      labels: { ...fact.labels, ...labels },
      memberOf: whole,
    })),
  ];
}

/** The member or item at a step of a path. */
const part = (cursor: Cursor, step: string | number): Cursor =>
  typeof step === 'string'
    ? member(cursor, step)
    : (listAt(cursor)?.[step] ?? member(cursor, `${step}`));

/** "The node that its `nodeName` or its host address names." */
function podAt(
  cursor: Cursor,
  { nodeAt }: Surroundings,
): PodShape & Pick<PodFact, 'addresses' | 'node'> {
  const status = member(cursor, 'status');
  const addresses = addressesAt(status, 'podIP');
  const node = stringAt(member(member(cursor, 'spec'), 'nodeName'));
  const shape = podShapeAt(cursor);
  const hosts = [...addressesAt(status, 'hostIP'), ...(shape.hostNetwork ? addresses : [])];
  const named = node === null || node === '' ? null : node;
  const found = hosts.map(nodeAt).find(each => each !== null) ?? null;
  return { ...shape, addresses, node: named ?? found };
}

function templateAt(
  cursor: Cursor,
  isNeeded: boolean,
): PodShape & Pick<PodFact, 'addresses' | 'node'> {
  if (isAbsent(cursor) && isNeeded) {
    note(cursor, {
      code: 'TEMPLATE_MISSING',
      message: 'the workload has no pod template',
      hint: 'write the template that its pods are made from',
    });
  }
  objectAt(cursor);
  return { ...podShapeAt(cursor), addresses: [], node: null };
}

/** "podIPs … If this field is specified, the 0th entry must match the podIP field"; `hostIP` and `hostIPs` likewise. */
function addressesAt(status: Cursor, field: 'podIP' | 'hostIP'): readonly string[] {
  const listed = listAt(member(status, `${field}s`)) ?? [];
  const written = [member(status, field), ...listed.map(item => member(item, 'ip'))];
  const addresses = written.map(stringAt).filter(address => address !== null);
  return [...new Set(addresses)].filter(address => address !== '');
}
