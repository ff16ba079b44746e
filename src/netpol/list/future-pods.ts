import { namespacesOf } from '../compile/namespaces.js';
import { selects } from '../compile/select.js';
import type { Facts, NamespaceFact, PodFact } from '../facts.js';
import { EVERYTHING, type Labels, METADATA_NAME, type Selector } from '../labels.js';
import type { Peer, Policy } from '../policy.js';
import { selectorText } from '../selector-text.js';
import { FRESH, leastLabels } from './future-labels.js';
import type { Places, Wanted } from './future-search.js';
import { ENTIRE_CLUSTER } from './row.js';

/** Pods that are not there yet and that one peer of some rule would mean. */
export type Future = {
  /** `entire-cluster`, `shop/[pod with {app=web}]`, `[namespace with {team=a}]/[all pods]`. */
  readonly name: string;
  readonly wanted: Wanted;
  /** Pods with the least labels that the peer asks for: the policies that select these count as theirs. */
  readonly pods: readonly PodFact[];
};

export type Cast = {
  readonly futures: readonly Future[];
  /** Labels of the namespaces that are there, by name. */
  readonly there: Places;
  /** The facts with all these pods and their namespaces in them. */
  readonly facts: Facts;
};

/** No workload of a cluster has this kind. */
export const FUTURE_KIND = 'weirgate:future';

type PodsPeer = Extract<Peer, { kind: 'pods' }>;

/** Pods of the future: one future for the cluster as a whole, and one for each distinct peer of the rules and each of `more`. */
export const castOf = (
  facts: Facts,
  policies: readonly Policy[],
  more: readonly Wanted[] = [],
): Cast => {
  const stage: Stage = { there: namespacesOf(facts).labels, added: [], count: 0 };
  const all = [WHOLE_CLUSTER, ...wantedOf(policies), ...more];
  const wanted = new Map(all.map(each => [nameOf(each), each]));
  const futures = [...wanted].map(([name, each]) => ({
    name,
    wanted: each,
    pods: podsFor(stage, each),
  }));
  return {
    futures: futures.filter(({ pods }) => pods.length > 0),
    there: stage.there,
    facts: {
      ...facts,
      namespaces: [...facts.namespaces, ...stage.added],
      pods: [...facts.pods, ...futures.flatMap(({ pods }) => pods)],
    },
  };
};

/** What is worked with, and the namespaces that were made up so far. */
type Stage = {
  readonly there: Places;
  readonly added: NamespaceFact[];
  count: number;
};

const WHOLE_CLUSTER: Wanted = { own: null, namespaces: EVERYTHING, pods: EVERYTHING };

/** The pods that rules name as peers. */
export const wantedOf = (policies: readonly Policy[]): readonly Wanted[] =>
  policies.flatMap(policy =>
    [...(policy.ingress ?? []), ...(policy.egress ?? [])]
      .flatMap(({ peers }) => peers ?? [])
      .filter(peer => peer.kind === 'pods')
      .map(peer => wantedBy(policy, peer)),
  );

/** The pods that a policy selects. */
export const subjectOf = (policy: Policy): Wanted => wantedBy(policy, policy.subject);

export const wantedBy = (
  { namespace }: Pick<Policy, 'namespace'>,
  { namespaces, pods }: Pick<PodsPeer, 'namespaces' | 'pods'>,
): Wanted => {
  const own = namespaces === null ? namespace : onlyNamespaceOf(namespaces);
  return { own, namespaces: namespaces ?? EVERYTHING, pods };
};

/** The namespace that a selector means by its name, when it means one alone. */
const onlyNamespaceOf = ({ requirements }: Selector): string | null => {
  const [first, ...others] = requirements;
  const [name, ...more] = first?.values ?? [];
  const alone = others.length === 0 && more.length === 0;
  return alone && first?.key === METADATA_NAME && first.operator === 'In' ? (name ?? null) : null;
};

const isEverything = ({ requirements }: Selector): boolean => requirements.length === 0;

export const nameOf = ({ own, namespaces, pods }: Wanted): string => {
  if (own === null && isEverything(namespaces) && isEverything(pods)) return ENTIRE_CLUSTER;
  const which = isEverything(pods) ? '[all pods]' : `[pod with {${selectorText(pods)}}]`;
  if (own !== null) return `${own}/${which}`;
  return isEverything(namespaces)
    ? `[all namespaces]/${which}`
    : `[namespace with {${selectorText(namespaces)}}]/${which}`;
};

const podsFor = (stage: Stage, { own, namespaces, pods }: Wanted): readonly PodFact[] => {
  const labels = leastLabels(pods);
  const names = own === null ? newNamespaces(stage, namespaces) : [own];
  // The labels of pods matter in one namespace, those of namespaces to one pod: not each with each.
  return names.flatMap((name, place) =>
    (place === 0 ? labels : labels.slice(0, 1)).map(each => futurePod(stage, name, each)),
  );
};

const futurePod = (stage: Stage, namespace: string, labels: Labels): PodFact => {
  stage.count += 1;
  const name = `weirgate-future-${stage.count}`;
  return {
    key: `${FUTURE_KIND}:${name}`,
    namespace,
    name,
    labels,
    addresses: [],
    hostNetwork: false,
    ports: [],
    node: null,
    workload: { kind: FUTURE_KIND, name },
  };
};

/** Names of namespaces that meet the selector: made up, or there already where it asks for a name. */
const newNamespaces = (stage: Stage, selector: Selector): readonly string[] =>
  leastLabels(selector).flatMap(labels => namespaceWith(stage, selector, labels));

/** None: a namespace has its name as a label, and so does not meet the selector, or the one that is there does not. */
const namespaceWith = (stage: Stage, selector: Selector, labels: Labels): readonly string[] => {
  const { [METADATA_NAME]: written = FRESH, ...others } = labels;
  const known = stage.there.get(written);
  if (known !== undefined) return selects(selector, known) ? [written] : [];
  stage.count += 1;
  const unused = `weirgate-future-${stage.count}`;
  const name =
    written === FRESH || stage.added.some(one => one.name === written) ? unused : written;
  // A second namespace of one name, with other labels, is another one that bears the name as its label.
  const own = written === FRESH ? name : written;
  const complete = { ...others, [METADATA_NAME]: own };
  if (!selects(selector, complete)) return [];
  stage.added.push({ name, labels: complete });
  return [name];
};
