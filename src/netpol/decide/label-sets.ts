import { type Compiled, ofFacts, ofState } from '../compile/compiled.js';
import type { PodFact } from '../facts.js';
import { Verdict } from '../verdict.js';
import type { Case } from './case.js';
import { looksOf } from './looks.js';
import type { Party } from './party.js';
import type { Point } from './point.js';

/** A label set of a workload, or several that policies treat alike. */
export type LabelSet = {
  /** Place in the facts of the pod that speaks for it. */
  readonly pod: number;
  /** Places of all that it stands for, itself first. */
  readonly pods: readonly number[];
  /** It is one pod, and no second one is like it. */
  readonly alone: boolean;
};

/** Places in the facts, by the key of the pod that speaks for their workload: that pod first. */
const membersOf = ofFacts(({ index }): ReadonlyMap<string, readonly number[]> => {
  const members = new Map<string, number[]>();
  for (const [place, { memberOf }] of index.facts.pods.entries()) {
    if (memberOf === undefined) continue;
    const known = members.get(memberOf);
    const speaker = index.podOfKey(memberOf);
    if (known !== undefined) known.push(place);
    else if (speaker !== undefined) members.set(memberOf, [speaker, place]);
  }
  return members;
});

/** Policies tell few of a workload's label sets apart: those that they do, by the key of its speaker. */
const setsByKey = ofState((compiled): ReadonlyMap<string, readonly LabelSet[]> => {
  const { classes, classOf, facts } = compiled.engine.index;
  const members = membersOf(compiled.engine);
  if (members.size === 0) return new Map();
  const classAt = (pod: number) => classes[classOf[pod] ?? -1];
  const lookOf = looksOf(
    compiled,
    new Set([...members.values()].flat().flatMap(pod => classAt(pod) ?? [])),
  );
  // Blocks and the exception for a pod's own node tell facts apart that are in different places.
  const lookAt = (pod: number): string =>
    `${lookOf(classAt(pod))} ${facts.pods[pod]?.node} ${classAt(pod)?.addresses.join()}`;
  const apart = (pods: readonly number[]): readonly LabelSet[] =>
    [...Map.groupBy(pods, lookAt).values()].map(([pod = -1, ...alike]) => ({
      pod,
      pods: [pod, ...alike],
      alone: alike.length === 0 && facts.pods[pod]?.alone === true,
    }));
  return new Map([...members].map(([key, pods]) => [key, apart(pods)]));
});

/** The label sets that a key means, as far as policies tell them apart; none where no pod has the key. */
export function labelSetsOf(compiled: Compiled, key: string): readonly LabelSet[] {
  const sets = setsByKey(compiled).get(key);
  if (sets !== undefined) return sets;
  const pod = compiled.engine.index.podOfKey(key);
  return pod === undefined ? [] : [{ pod, pods: [pod], alone: false }];
}

type Kept = Pick<Compiled, 'engine'>;

/** All pods of the facts that stand for sets of the same workload as this one, itself included. */
const siblingsOf = ({ engine }: Kept, pod: PodFact): readonly PodFact[] => {
  const { pods } = engine.index.facts;
  const places = membersOf(engine).get(pod.memberOf ?? pod.key) ?? [];
  return places.flatMap(place => pods[place] ?? []);
};

const MOST_LABELS = 4;

const isShared = (pods: readonly PodFact[], key: string, value: string): boolean =>
  pods.every(({ labels }) => Object.hasOwn(labels, key) && labels[key] === value);

/** What tells sets of a workload from its other sets: `role=primary`. */
function nameOfSets(sets: readonly PodFact[], siblings: readonly PodFact[]): string {
  const own = Object.entries(sets[0]?.labels ?? {})
    .filter(([key, value]) => isShared(sets, key, value) && !isShared(siblings, key, value))
    .map(([key, value]) => `${key}=${value}`)
    .toSorted();
  if (own.length > 0) return own.slice(0, MOST_LABELS).join(',');
  if (sets.length > 1) return `${sets.length} label sets`;
  return sets[0]?.hostNetwork === true ? 'hostNetwork' : 'no further label';
}

/** Names of sets by places in the facts; null where a workload has one set. */
export function setNames(kept: Kept): (pod: number) => string | null {
  const { pods } = kept.engine.index.facts;
  if (membersOf(kept.engine).size === 0) return () => null;
  return place => {
    const pod = pods[place];
    const siblings = pod === undefined ? [] : siblingsOf(kept, pod);
    return pod === undefined || siblings.length < 2 ? null : nameOfSets([pod], siblings);
  };
}

const MOST_NAMES = 3;

/** An end that is one of several sets: `shop/db{role=primary}`; null for any other. */
export function nameOfEnd(compiled: Compiled, party: Party): string | null {
  if (party.kind !== 'pod') return null;
  const { pods } = compiled.facts;
  const pod = pods[party.pod];
  if (pod === undefined) return null;
  const sets = setsByKey(compiled).get(pod.memberOf ?? pod.key) ?? [];
  const set = sets.find(one => one.pods.includes(party.pod));
  if (set === undefined || sets.length < 2) return null;
  const same = set.pods.flatMap(place => pods[place] ?? []);
  const name = nameOfSets(same, siblingsOf(compiled, pod));
  return `${pod.namespace}/${pod.workload.name}{${name}}`;
}

function nameOfCase(compiled: Compiled, { source, destination }: Case): string {
  const [from, to] = [nameOfEnd(compiled, source), nameOfEnd(compiled, destination)];
  if (from === null || to === null) return `\`${from ?? to ?? ''}\``;
  return `\`${from}\` to \`${to}\``;
}

function listed(verdict: Verdict, names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  const more = names.length - MOST_NAMES;
  const shown = names.slice(0, MOST_NAMES).join(', ');
  return [`${verdict.toLowerCase()} for ${shown}${more > 0 ? ` and ${more} more` : ''}`];
}

/** For which label sets each verdict holds, where they differ. */
export function setsApart(
  compiled: Compiled,
  cases: readonly Case[],
  points: readonly Point[],
): string {
  const told = Object.values(Verdict).flatMap(verdict => {
    const of = cases.filter((_, place) => points[place]?.verdict === verdict);
    return listed(verdict, [...new Set(of.map(one => nameOfCase(compiled, one)))]);
  });
  return `which pods take part, since their labels differ: ${told.join('; ')}`;
}
